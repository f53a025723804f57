/** What a tariff is. */
import type { Instant } from '../../clock.ts'
import type { Series } from './price.ts'

export type Fuel = 'electricity' | 'gas'

/** Registers and uses that have a price of their own. */
export type Band = 'standard' | 'day' | 'night' | 'off_peak' | 'ev_peak' | 'ev_off_peak'

/** How GraphQL calls it. */
export type TariffTypename =
  | 'StandardTariff'
  | 'DayNightTariff'
  | 'ThreeRateTariff'
  | 'FourRateEvTariff'
  | 'HalfHourlyTariff'
  | 'PrepayTariff'
  | 'GasTariffType'

export interface Tariff {
  /** Our own name of its shape: what a scenario asks for. */
  readonly shape: string
  readonly product: string
  /** `E-1R-GO-VAR-22-10-14-C` */
  readonly code: string
  readonly name: string
  readonly fuel: Fuel
  readonly isExport: boolean
  readonly typename: TariffTypename
  readonly isVariable: boolean
  readonly isTracker: boolean
  readonly isPrepay: boolean
  readonly bands: Readonly<Partial<Record<Band, Series>>>
  /** Which of the house's bands counts at an instant, by the tariff's own hours. */
  readonly bandAt: (at: Instant) => Band
  readonly standing: Series
  /**
   * On an Intelligent product: `whole_slot` makes every smart half hour cheap for all, `charge_cap` those within the allowance, and
   * bills the car apart.
   */
  readonly smart: 'whole_slot' | 'charge_cap' | null
}
