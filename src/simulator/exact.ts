/** Fractions for money: what is kWh is exact in decimals, a cubic metre of gas is not, so both are kept as fractions. Pure. */
export interface Exact {
  readonly top: bigint
  readonly bottom: bigint
}

export const ZERO: Exact = { top: 0n, bottom: 1n }

/** Prices have at most six decimals, amounts three, calorific values two. */
const MILLIONTHS = 1_000_000

/** 1,000 for the amount, 100,000 for 1.02264, 360 for the value over 3.6: every energy has this below its line. */
const ENERGY_BOTTOM = 36_000_000_000n

/** kWh of so many thousandths of a kWh, or of a cubic metre at a calorific value: m³ × 1.02264 × value ÷ 3.6. */
export const energyOf = (thousandths: number, calorificValue: number | null): Exact =>
  calorificValue === null
    ? { top: BigInt(thousandths) * (ENERGY_BOTTOM / 1_000n), bottom: ENERGY_BOTTOM }
    : { top: BigInt(thousandths) * 102_264n * BigInt(Math.round(calorificValue * 100)), bottom: ENERGY_BOTTOM }

/** Pence of an energy at a price per kWh. */
export const costOf = ({ top, bottom }: Exact, pence: number): Exact => ({
  top: top * BigInt(Math.round(pence * MILLIONTHS)),
  bottom: bottom * BigInt(MILLIONTHS),
})

export const plus = (a: Exact, b: Exact): Exact =>
  a.bottom === b.bottom
    ? { top: a.top + b.top, bottom: a.bottom }
    : { top: a.top * b.bottom + b.top * a.bottom, bottom: a.bottom * b.bottom }

/** To a whole number; a half goes away from zero. */
export function rounded({ top, bottom }: Exact): number {
  const size = top < 0n ? -top : top
  const whole = (2n * size + bottom) / (2n * bottom)
  return Number(top < 0n ? -whole : whole)
}

/** `0.441`, rounded to so many decimals, without zeros at the end. */
export function decimalText({ top, bottom }: Exact, decimals: number): string {
  const scale = 10n ** BigInt(decimals)
  const size = top < 0n ? -top : top
  const units = (2n * size * scale + bottom) / (2n * bottom)
  const text = units.toString().padStart(decimals + 1, '0')
  const fraction = text.slice(-decimals).replace(/0+$/, '')
  const sign = top < 0n && units > 0n ? '-' : ''
  return `${sign}${text.slice(0, -decimals)}${fraction === '' ? '' : `.${fraction}`}`
}
