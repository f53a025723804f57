/** What days cost, or earned. */
import { HALF_HOUR } from '../../clock.ts'
import type { MeterView } from '../../snapshot.ts'
import { withLists } from '../attributes.ts'
import type { Attributes, Entity } from '../entity.ts'
import { money, rounded, time } from '../payload.ts'

function costAttributes({ cost, rates }: MeterView): Attributes {
  const charges = (cost?.halfHours ?? []).map(half => ({
    start: time(half.start),
    end: time(half.start + HALF_HOUR),
    rate: money(half.rate, 6),
    consumption: rounded(half.kwh),
    cost: money(half.cost, 2),
    raw_cost: money(half.cost, 6),
  }))
  const bands = Object.fromEntries(
    Object.entries(cost?.bands ?? {}).map(([band, { kwh, cost: gbp }]) => [
      band,
      { consumption: rounded(kwh), cost: money(gbp, 2) },
    ]),
  )
  return withLists(
    {
      date: cost?.date ?? null,
      total_without_standing_charge: money(cost?.withoutStanding ?? null, 2),
      standing_charge: money(cost?.standing ?? null, 4),
      is_provisional: cost?.provisional ?? null,
      bands,
      tariff_code: rates.tariffCode,
    },
    { charges },
  )
}

const cost = {
  platform: 'sensor',
  availability: 'bridge',
  deviceClass: 'monetary',
  stateClass: 'total',
  unit: 'GBP',
  precision: 2,
  resets: true,
} as const

const PERIODS = [
  ['week', 'Cost this week', 'this week, which begins on Monday'],
  ['month', 'Cost this month', 'this month'],
  ['year', 'Cost this year', 'this year'],
] as const

const hasEvRates = (meter: MeterView): boolean => meter.rates.evRate !== undefined
const EV_RATES = 'a tariff with prices of its own for the car'

export const costEntities: readonly Entity<MeterView>[] = [
  {
    ...cost,
    key: 'previous_accumulative_cost',
    name: 'Cost of the last complete day',
    meaning:
      'What the newest complete day came to with VAT and standing charge; of an export meter, what it earned. Each half hour ' +
      'at the price it was really charged; provisional until the bill of an Intelligent tariff says how that was.',
    value: meter => ({ value: meter.cost?.total ?? null, lastReset: meter.cost?.start ?? null }),
    attributes: costAttributes,
    attributeMeanings: {
      date: 'the day, in London',
      total_without_standing_charge: 'the same without the standing charge',
      standing_charge: 'the standing charge of the day',
      is_provisional: 'true while the bill may still say otherwise',
      bands: 'by the kind of price: `consumption` in kWh, `cost`',
      tariff_code: 'the tariff in force now',
      charges:
        'its half hours, each `start`, `end`, `rate` in GBP/kWh, `consumption` in kWh, `cost` in whole pence, `raw_cost`',
    },
  },
  ...PERIODS.map(
    ([key, name, meaning]): Entity<MeterView> => ({
      ...cost,
      key: `${key}_cost`,
      name,
      meaning: `The complete days of ${meaning} together, each in whole pence.`,
      value: meter => ({ value: meter[key].cost, lastReset: meter[key].start }),
    }),
  ),
  {
    key: 'previous_ev_consumption',
    platform: 'sensor',
    name: 'Car’s share of the last complete day',
    meaning: 'What of the newest complete day Octopus billed as the car’s: its own allocation, not a measurement.',
    availability: 'bridge',
    deviceClass: 'energy',
    stateClass: 'total',
    unit: 'kWh',
    precision: 2,
    resets: true,
    exists: hasEvRates,
    existsWhen: EV_RATES,
    value: meter => ({
      value: meter.cost?.ev?.kwh ?? null,
      lastReset: meter.cost?.ev ? meter.cost.start : null,
    }),
  },
  {
    ...cost,
    key: 'previous_ev_cost',
    name: 'Car’s cost of the last complete day',
    meaning: 'What the car’s share of the newest complete day came to.',
    exists: hasEvRates,
    existsWhen: EV_RATES,
    value: meter => ({
      value: meter.cost?.ev?.cost ?? null,
      lastReset: meter.cost?.ev ? meter.cost.start : null,
    }),
  },
]
