/** Accounts of a key; meter points and agreements of an account. */
import type { Instant } from '../clock.ts'
import { isIntelligentProduct } from '../intelligent/dispatching.ts'
import { octopusError } from './errors.ts'
import { asArray, asBoolean, asId, asInstant, asName, asObject, asText, type JsonObject } from './json.ts'
import type { GasPoint } from './parse-gas.ts'

export interface Agreement {
  /** `INTELLI-VAR-24-10-29` */
  readonly productCode: string | null
  /** `E-1R-INTELLI-VAR-24-10-29-C` */
  readonly tariffCode: string | null
  readonly validFrom: Instant | null
  /** Null while open. */
  readonly validTo: Instant | null
}

export interface MeterPoint {
  readonly mpan: string
  readonly direction: 'import' | 'export'
  /** Of the meters in use. */
  readonly serials: readonly string[]
  /** The oldest first; they may overlap while a tariff changes. */
  readonly agreements: readonly Agreement[]
}

export interface AccountFacts {
  readonly number: string
  /** In Octopus's order; the export one may come first. */
  readonly meterPoints: readonly MeterPoint[]
  /** Null where Octopus has not told of gas. */
  readonly gasPoints: readonly GasPoint[] | null
  /** The product of the import agreement in force; of several meter points an Intelligent one. Null where none is. */
  readonly productCode: string | null
}

/** The agreement in force: of those that overlap the one that began last. */
export const activeAgreement = (point: MeterPoint, now: Instant): Agreement | null =>
  point.agreements
    .filter(each => (each.validFrom ?? 0) <= now && (each.validTo ?? Number.POSITIVE_INFINITY) > now)
    .reduce<Agreement | null>(
      (latest, each) => ((each.validFrom ?? 0) >= (latest?.validFrom ?? 0) ? each : latest),
      null,
    )

/** Nobody's key sees more, and each costs a request until the right one is found. */
const MOST_ACCOUNTS = 10
const MOST_METER_POINTS = 10
const MOST_METERS = 5

/** It is a level of every topic, so nothing else is taken for one. */
export const isAccountNumber = (value: unknown): value is string =>
  typeof value === 'string' && /^[A-Z0-9-]{1,40}$/i.test(value)

const asAccountNumber = (value: unknown): string | null => (isAccountNumber(value) ? value : null)

/** Account numbers, in Octopus's order. */
export function parseViewer(data: JsonObject): string[] {
  const accounts = asArray(asObject(data.viewer)?.accounts)
  if (accounts === null) throw octopusError('OCTOPUS_BAD_ANSWER', { problem: 'no accounts' })
  return accounts
    .slice(0, MOST_ACCOUNTS)
    .map(account => asAccountNumber(asObject(account)?.number))
    .filter(number => number !== null)
}

/** Throws ACCOUNT_NOT_FOUND where Octopus gives no account. A closed one has no agreements. */
export function parseAccount(data: JsonObject, number: string, now: Instant): Omit<AccountFacts, 'gasPoints'> {
  const account = asObject(data.account)
  if (account === null) throw octopusError('ACCOUNT_NOT_FOUND')
  const points = new Map<string, MeterPoint>()
  for (const agreement of asArray(account.electricityAgreements) ?? []) {
    const point = parseMeterPoint(asObject(asObject(agreement)?.meterPoint) ?? {})
    if (point !== null) points.set(point.mpan, point)
  }
  const meterPoints = [...points.values()].slice(0, MOST_METER_POINTS)
  return { number: asAccountNumber(account.number) ?? number, meterPoints, productCode: productOf(meterPoints, now) }
}

function productOf(points: readonly MeterPoint[], now: Instant): string | null {
  const products = points
    .filter(point => point.direction === 'import')
    .map(point => activeAgreement(point, now)?.productCode ?? null)
    .filter(code => code !== null)
  return products.find(isIntelligentProduct) ?? products[0] ?? null
}

function parseMeterPoint(point: JsonObject): MeterPoint | null {
  const mpan = asId(point.mpan)
  if (mpan === null) return null
  const meters = (asArray(point.meters) ?? []).map(meter => asObject(meter) ?? {})
  return {
    mpan,
    direction: directionOf(point, meters, agreementRows(point)),
    serials: [...new Set(meters.map(meter => asId(meter.serialNumber)).filter(serial => serial !== null))].slice(
      0,
      MOST_METERS,
    ),
    agreements: agreementsOf(point),
  }
}

const agreementRows = (point: JsonObject): JsonObject[] =>
  (asArray(point.agreements) ?? []).map(agreement => asObject(agreement) ?? {})

/** Of a meter point of whatever fuel, the oldest first. */
export const agreementsOf = (point: JsonObject): Agreement[] =>
  agreementRows(point)
    .map(parseAgreement)
    .sort((a, b) => (a.validFrom ?? 0) - (b.validFrom ?? 0))

function parseAgreement(agreement: JsonObject): Agreement {
  const tariff = asObject(agreement.tariff) ?? {}
  return {
    productCode: asName(tariff.productCode),
    tariffCode: asName(tariff.tariffCode),
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
