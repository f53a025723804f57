/** What can be sent to Home Assistant's statistics, and what each is called there. */
import type { Instant } from '../../clock.ts'
import type { HalfHourValue } from './hours.ts'

/** Home Assistant's word for units that can be turned into each other; null for money. */
type UnitClass = 'energy' | 'volume' | null

interface Kind {
  readonly fuel: 'elec' | 'gas'
  readonly ending: string
  readonly unit: 'kWh' | 'm³' | 'GBP'
  readonly unitClass: UnitClass
}

/** The Energy dashboard takes gas as m³ or as kWh, and money in the currency of the instance only. */
const KINDS = {
  import: { fuel: 'elec', ending: 'import', unit: 'kWh', unitClass: 'energy' },
  import_cost: { fuel: 'elec', ending: 'import_cost', unit: 'GBP', unitClass: null },
  export: { fuel: 'elec', ending: 'export', unit: 'kWh', unitClass: 'energy' },
  export_revenue: { fuel: 'elec', ending: 'export_revenue', unit: 'GBP', unitClass: null },
  gas_volume: { fuel: 'gas', ending: 'm3', unit: 'm³', unitClass: 'volume' },
  gas_energy: { fuel: 'gas', ending: 'kwh', unit: 'kWh', unitClass: 'energy' },
  gas_cost: { fuel: 'gas', ending: 'cost', unit: 'GBP', unitClass: null },
} as const satisfies Readonly<Record<string, Kind>>

export type StatisticKind = keyof typeof KINDS

/** The part before the colon of each id; Home Assistant wants it as the source as well. */
export const SOURCE = 'octopus2mqtt'

/** One statistic: one kind of thing that one meter counts. */
export interface StatisticsSeries {
  readonly kind: StatisticKind
  /** MPAN or MPRN. */
  readonly meterPoint: string
  /** Serial number of the meter; null where the readings of all meters of the point are one series. */
  readonly serial: string | null
  /** What people see in the list of statistics. It may change. */
  readonly name: string
  /**
   * Every half hour known that starts at `from` or later, in the unit of the kind (GBP, not pence), VAT inside. Called when a
   * push is worked on, not when it is made.
   */
  readonly halfHours: (from: Instant) => readonly HalfHourValue[]
}

type Named = Pick<StatisticsSeries, 'kind' | 'meterPoint' | 'serial'>

/**
 * `octopus2mqtt:elec_1200012345678_21l1234567_import`. Home Assistant refuses anything but lower-case letters, digits and `_`,
 * and a `_` at an end or two in a row.
 */
export function statisticId({ kind, meterPoint, serial }: Named): string {
  const { fuel, ending } = KINDS[kind]
  const parts = [fuel, meterPoint, serial ?? '', ending].map(part =>
    part
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^_|_$/g, ''),
  )
  return `${SOURCE}:${parts.filter(part => part !== '').join('_')}`
}

export const unitOf = ({ kind }: Pick<StatisticsSeries, 'kind'>): string => KINDS[kind].unit

/** Home Assistant 2025.11 brought `mean_type` and `unit_class`; 2026.11 insists on them, and before 2025.11 they are refused. */
function knowsUnitClass(version: string): boolean {
  const [, year, month] = /^(\d{4})\.(\d{1,2})/.exec(version) ?? []
  if (year === undefined || month === undefined) return true
  return Number(year) * 12 + Number(month) >= 2025 * 12 + 11
}

/** The metadata of `recorder/import_statistics` in the form of that version of Home Assistant (`2026.11.2`). */
export function metadataOf(series: Omit<StatisticsSeries, 'halfHours'>, version: string): Record<string, unknown> {
  const { unit, unitClass } = KINDS[series.kind]
  return {
    statistic_id: statisticId(series),
    source: SOURCE,
    name: series.name,
    unit_of_measurement: unit,
    has_sum: true,
    ...(knowsUnitClass(version) ? { unit_class: unitClass, mean_type: 0 } : { has_mean: false }),
  }
}
