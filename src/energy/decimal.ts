/**
 * Exact decimals, and the only file that knows the library. A price times an energy has more digits than a binary number
 * holds, and a day is 48 of them: money is multiplied and added here and rounded once, where it is shown. Pure.
 */
import Big from 'big.js'

/** An exact decimal. Made by `decimal`, never by hand; immutable. */
export type Decimal = Big

/** What can be read as one: a finite number as it is written, or decimal text such as `0.441`. */
export type DecimalSource = number | string | Decimal

export const ZERO: Decimal = new Big(0)

/** Throws where `value` is no finite decimal: what comes from outside is checked before it gets here. */
export const decimal = (value: DecimalSource): Decimal => (value instanceof Big ? value : new Big(value))

/** What an energy costs, exact pence: pence per kWh times kWh. Negative where the price is. */
export const costOf = (pence: DecimalSource, kwh: DecimalSource): Decimal => decimal(pence).times(kwh)

export const sumOf = (values: readonly DecimalSource[]): Decimal =>
  values.reduce<Decimal>((sum, value) => sum.plus(value), ZERO)

/** The plain average, to 20 decimals; null of nothing. */
export const averageOf = (values: readonly DecimalSource[]): Decimal | null =>
  values.length === 0 ? null : sumOf(values).div(values.length)

/** To so many decimals; a half goes away from zero, as a bill's last step does: 0.125 → 0.13, -0.125 → -0.13. */
export const roundHalfUp = (value: DecimalSource, places: number): number =>
  number(decimal(value).round(places, Big.roundHalfUp))

/** To so many decimals; a half goes to the even neighbour: 0.125 → 0.12, 0.135 → 0.14. Octopus rounds kWh so. */
export const roundHalfEven = (value: DecimalSource, places: number): number =>
  number(decimal(value).round(places, Big.roundHalfEven))

/** -1, 0 or 1. */
export const compare = (a: DecimalSource, b: DecimalSource): number => decimal(a).cmp(b)

/** All digits, never an exponent: `0.0000441`. */
export const toText = (value: DecimalSource): string => decimal(value).toFixed()

/** Pounds of pence, with every digit that the price has: 25.3575 → 0.253575. */
export const pounds = (pence: DecimalSource): number => number(decimal(pence).times('0.01'))

/** The nearest number. Zero has no sign: nobody wants to read -0. */
const number = (value: Decimal): number => value.toNumber() || 0
