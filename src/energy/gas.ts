/**
 * Gas in the unit that the meter counts, and in the other one. A SMETS2 meter counts m³ and a SMETS1 meter kWh, and the REST
 * answer says neither: the meter's `consumptionUnits` does. What is converted has all its digits until it is shown. Pure.
 */
import { type Decimal, type DecimalSource, decimal } from './decimal.ts'

export type GasUnit = 'm3' | 'kwh'

/** What brings a cubic metre to the pressure and temperature that a bill is made for. The same on every bill in Britain. */
export const VOLUME_CORRECTION = '1.02264'

/**
 * Megajoules in a cubic metre, where none is configured: what Octopus customers' tools assume. The true one differs by place
 * and day, about 38 to 41, and is printed on each bill.
 */
export const DEFAULT_CALORIFIC_VALUE = 40

const MEGAJOULES_IN_A_KWH = '3.6'

/** Which unit the readings are in, and who says so. */
export interface KnownGasUnit {
  /** Null where neither Octopus nor the configuration tells: then nothing is converted, and nothing has a price. */
  readonly unit: GasUnit | null
  readonly from: 'configuration' | 'octopus' | 'nobody'
  /** What Octopus's own word comes to; null where it gave none, or one that is not known. */
  readonly told: GasUnit | null
}

// assumption: `consumptionUnits` of a gas meter is "m³" or "kWh", or another spelling of these.
const SPELLINGS: ReadonlyMap<string, GasUnit> = new Map([
  ['m3', 'm3'],
  ['cubicmetre', 'm3'],
  ['cubicmetres', 'm3'],
  ['cubicmeter', 'm3'],
  ['cubicmeters', 'm3'],
  ['kwh', 'kwh'],
  ['kilowatthour', 'kwh'],
  ['kilowatthours', 'kwh'],
])

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace('³', '3')
    .replace(/[^a-z0-9]/g, '')

/** `consumptionUnits` as Octopus gives it for the meter, and the unit of the configuration, which goes before it. */
export function gasUnit(consumptionUnits: string | null, configured: GasUnit | null): KnownGasUnit {
  const told = SPELLINGS.get(plain(consumptionUnits ?? '')) ?? null
  if (configured !== null) return { unit: configured, from: 'configuration', told }
  return { unit: told, from: told === null ? 'nobody' : 'octopus', told }
}

/** kWh of cubic metres: m³ × 1.02264 × calorific value ÷ 3.6. To 20 decimals, as the quotient may have no end. */
export const kwhOfCubicMetres = (cubicMetres: DecimalSource, calorificValue: DecimalSource): Decimal =>
  decimal(cubicMetres).times(VOLUME_CORRECTION).times(calorificValue).div(MEGAJOULES_IN_A_KWH)

/** The reverse. Throws where the calorific value is zero. */
export const cubicMetresOfKwh = (kwh: DecimalSource, calorificValue: DecimalSource): Decimal =>
  decimal(kwh).times(MEGAJOULES_IN_A_KWH).div(decimal(VOLUME_CORRECTION).times(calorificValue))

/** An amount in both units; the meter's own is the number that came. */
export const gasAmounts = (amount: DecimalSource, unit: GasUnit, calorificValue: DecimalSource) =>
  unit === 'm3'
    ? { m3: decimal(amount), kwh: kwhOfCubicMetres(amount, calorificValue) }
    : { m3: cubicMetresOfKwh(amount, calorificValue), kwh: decimal(amount) }
