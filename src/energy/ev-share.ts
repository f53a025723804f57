/** What of a day was billed as the car's. Pure. */
import { sumOf } from './decimal.ts'
import type { DayCost } from './types.ts'

export interface EvShare {
  /** What Octopus allots to the car: no meter has measured it. */
  readonly kwh: number
  readonly pence: number
  /** Of the day's kWh, 0–1; null where nothing was used. */
  readonly share: number | null
}

const EV_BANDS = ['ev_peak', 'ev_off_peak'] as const

/** Null until every half hour was billed. Only tariffs with rates of their own for a car have a share to speak of: ask for no other. */
export function evShare(day: DayCost): EvShare | null {
  if (day.halfHours.some(({ why }) => why !== 'billed')) return null
  const parts = EV_BANDS.map(band => day.byBand[band] ?? { kwh: 0, pence: 0 })
  const kwh = sumOf(parts.map(part => part.kwh)).toNumber()
  const pence = parts.reduce((sum, part) => sum + part.pence, 0)
  return { kwh, pence, share: day.kwh === 0 ? null : kwh / day.kwh }
}
