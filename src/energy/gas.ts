/**
 * Gas in kWh, of a meter that counts m³: a SMETS2 meter does, a SMETS1 meter counts kWh. What is converted has all its digits
 * until it is shown. Pure.
 */
import { type Decimal, type DecimalSource, decimal } from './decimal.ts'

/** What brings a cubic metre to the pressure and temperature that a bill is made for. The same on every bill in Britain. */
export const VOLUME_CORRECTION = '1.02264'

const MEGAJOULES_IN_A_KWH = '3.6'

/** kWh of cubic metres: m³ × 1.02264 × calorific value (MJ/m³) ÷ 3.6. To 20 decimals, as the quotient may have no end. */
export const kwhOfCubicMetres = (cubicMetres: DecimalSource, calorificValue: DecimalSource): Decimal =>
  decimal(cubicMetres).times(VOLUME_CORRECTION).times(calorificValue).div(MEGAJOULES_IN_A_KWH)
