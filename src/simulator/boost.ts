/** A boost: what speaks against it, and the row that it is. Pure. */
import { HOUR, type Instant, SECOND } from '../clock.ts'
import type { DispatchRow } from '../intelligent/types.ts'
import type { ChargerSpec } from './charger.ts'

/** In Octopus's words; none where it is taken. */
export function refusals(
  car: Readonly<{ suspended: boolean; plugged: boolean; boosting: boolean; percent: number }>,
): string[] {
  const reasons: string[] = []
  if (car.suspended) reasons.push('BC_DEVICE_SUSPENDED')
  if (!car.plugged) reasons.push('BC_DEVICE_DISCONNECTED')
  if (car.boosting) reasons.push('BC_BOOST_CHARGE_IN_PROGRESS')
  if (car.percent >= 100) reasons.push('BC_DEVICE_FULLY_CHARGED')
  return reasons
}

/** From now until the battery is full. */
export function boostRow(now: Instant, percent: number, { batteryKwh, chargerKw }: ChargerSpec): DispatchRow {
  const start = Math.floor(now / SECOND) * SECOND
  const kwh = ((100 - percent) / 100) * batteryKwh
  const end = start + Math.ceil((kwh / chargerKw) * HOUR)
  return { start, end, type: 'BOOST', energyKwh: -Number(kwh.toFixed(3)) }
}
