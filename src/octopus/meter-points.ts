/** Meter points, meters and agreements as an account lists them. Anything may be missing but what names a thing. */
import type { Instant } from '../clock.ts'
import type { Direction, Fuel } from '../energy/types.ts'
import { asArray, asBoolean, asId, asInstant, asName, asObject, asText, type JsonObject } from './json.ts'

export interface Agreement {
  /** `INTELLI-VAR-24-10-29` */
  readonly productCode: string | null
  /** `E-1R-INTELLI-VAR-24-10-29-C` */
  readonly tariffCode: string | null
  /** What GraphQL calls its kind: `HalfHourlyTariff`, `FourRateEvTariff`, … Null where it was not told. */
  readonly tariffType: string | null
  readonly validFrom: Instant | null
  /** Null while open. */
  readonly validTo: Instant | null
}

export interface Meter {
  readonly serial: string
  /** Octopus's word: `S1`, `S2ADE`, `H`; of a gas meter its mechanism. */
  readonly type: string | null
  /** Whether it sends half hours by itself; null where its type is not known. */
  readonly isSmart: boolean | null
  readonly manufacturer: string | null
  readonly model: string | null
  /** What a gas meter counts in, where Octopus says so; electricity is kWh. */
  readonly unit: 'kWh' | 'm3' | null
}

export interface MeterPoint {
  readonly mpan: string
  readonly direction: Direction
  /** Of the meters in use. */
  readonly serials: readonly string[]
  /** The same meters. */
  readonly meters: readonly Meter[]
  /** The oldest first; they may overlap while a tariff changes. */
  readonly agreements: readonly Agreement[]
}

export interface GasMeterPoint {
  readonly mprn: string
  readonly meters: readonly Meter[]
  /** The oldest first. */
  readonly agreements: readonly Agreement[]
}

/** Names a meter to Octopus. */
export interface MeterRef {
  readonly fuel: Fuel
  /** MPAN, or MPRN of gas. */
  readonly point: string
  readonly serial: string
}

const MOST_METERS = 5
/** One for each year and change of tariff; an account of twenty years has fewer. */
const MOST_AGREEMENTS = 200

export function parseMeterPoint(point: JsonObject): MeterPoint | null {
  const mpan = asId(point.mpan)
  if (mpan === null) return null
  const listed = objectsOf(point.meters)
  const meters = metersOf(listed, electricityMeter)
  return {
    mpan,
    direction: directionOf(point, listed, objectsOf(point.agreements)),
    serials: meters.map(({ serial }) => serial),
    meters,
    agreements: agreementsOf(point),
  }
}

export function parseGasMeterPoint(point: JsonObject): GasMeterPoint | null {
  const mprn = asId(point.mprn)
  if (mprn === null) return null
  return { mprn, meters: metersOf(objectsOf(point.meters), gasMeter), agreements: agreementsOf(point) }
}

const objectsOf = (value: unknown): JsonObject[] => (asArray(value) ?? []).map(each => asObject(each) ?? {})

function metersOf(listed: readonly JsonObject[], rest: (meter: JsonObject) => Omit<Meter, 'serial'>): Meter[] {
  const meters = new Map<string, Meter>()
  for (const meter of listed) {
    const serial = asId(meter.serialNumber)
    if (serial !== null && !meters.has(serial)) meters.set(serial, { serial, ...rest(meter) })
    if (meters.size === MOST_METERS) break
  }
  return [...meters.values()]
}

function electricityMeter(meter: JsonObject): Omit<Meter, 'serial'> {
  const device = asObject(meter.smartImportElectricityMeter) ?? asObject(meter.smartExportElectricityMeter)
  return { ...kindOf(meter.meterType, device), unit: 'kWh' }
}

function gasMeter(meter: JsonObject): Omit<Meter, 'serial'> {
  return { ...kindOf(meter.mechanism, asObject(meter.smartGasMeter)), unit: unitOf(meter.consumptionUnits) }
}

/** SMETS1, SMETS2, and those of SMETS2 with a variant of their own, which the schema spells `A_2…`. */
const SMART = /^(S1|S2|A_2)/

function kindOf(type: unknown, device: JsonObject | null): Omit<Meter, 'serial' | 'unit'> {
  const word = asName(type, 40)
  return {
    type: word,
    isSmart: word === null ? (device === null ? null : true) : SMART.test(word) || device !== null,
    manufacturer: asName(device?.manufacturer),
    model: asName(device?.model),
  }
}

// assumption: `consumptionUnits` of a gas meter is "m³", "m3" or "kWh", in small letters or capitals.
function unitOf(units: unknown): Meter['unit'] {
  const word = asName(units, 20)?.toLowerCase()
  if (word === 'kwh') return 'kWh'
  return word === 'm³' || word === 'm3' ? 'm3' : null
}

const agreementsOf = (point: JsonObject): Agreement[] =>
  objectsOf(point.agreements)
    .slice(0, MOST_AGREEMENTS)
    .map(parseAgreement)
    .sort((a, b) => (a.validFrom ?? 0) - (b.validFrom ?? 0))

function parseAgreement(agreement: JsonObject): Agreement {
  const tariff = asObject(agreement.tariff) ?? {}
  return {
    productCode: asName(tariff.productCode),
    tariffCode: asName(tariff.tariffCode),
    tariffType: asName(tariff.__typename),
    validFrom: asInstant(agreement.validFrom),
    validTo: asInstant(agreement.validTo),
  }
}

/** `direction` may be null: then the kind of meter tells, then the tariff. */
function directionOf(
  point: JsonObject,
  meters: readonly JsonObject[],
  agreements: readonly JsonObject[],
): MeterPoint['direction'] {
  const direction = asText(point.direction)?.toUpperCase()
  if (direction === 'IMPORT') return 'import'
  if (direction === 'EXPORT') return 'export'
  if (meters.some(meter => asObject(meter.smartImportElectricityMeter) !== null)) return 'import'
  if (meters.some(meter => asObject(meter.smartExportElectricityMeter) !== null)) return 'export'
  const sells = agreements.some(agreement => {
    const tariff = asObject(agreement.tariff) ?? {}
    return asBoolean(tariff.isExport) === true || /OUTGOING|EXPORT/.test(asText(tariff.productCode) ?? '')
  })
  return sells ? 'export' : 'import'
}
