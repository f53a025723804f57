/** What a meter counted: the newest complete day, today so far, all there is, and sums of days. */
import { HALF_HOUR } from '../../clock.ts'
import type { MeterView, PeriodView } from '../../snapshot.ts'
import { withLists } from '../attributes.ts'
import type { Attributes, Entity } from '../entity.ts'
import { rounded, time } from '../payload.ts'

const COUNTS_M3 = 'a gas meter that counts m³'
const countsM3 = (meter: MeterView): boolean => meter.unit === 'm3'

function lastDayAttributes(meter: MeterView): Attributes {
  const charges = (meter.lastDay?.halfHours ?? []).map(reading => ({
    start: time(reading.start),
    end: time(reading.start + HALF_HOUR),
    consumption: rounded(reading.kwh),
  }))
  return withLists(
    { date: meter.lastDay?.date ?? null, latest_reading: time(meter.latestReading), is_late: meter.isLate },
    { charges },
  )
}

const PERIODS = [
  ['week', 'Week', 'this week, which begins on Monday'],
  ['month', 'Month', 'this month'],
  ['year', 'Year', 'this year'],
] as const

const missing = (period: PeriodView): Attributes => ({ missing_days: period.missingDays })
const MISSING = { missing_days: 'days of it that have ended and of which not every half hour has arrived yet' }

const periods: readonly Entity<MeterView>[] = PERIODS.map(([key, name, meaning]) => ({
  key: `${key}_consumption`,
  platform: 'sensor',
  name: `${name} so far`,
  meaning: `The complete days of ${meaning} together, in London.`,
  availability: 'bridge',
  deviceClass: 'energy',
  stateClass: 'total',
  unit: 'kWh',
  precision: 1,
  resets: true,
  value: meter => ({ value: meter[key].kwh, lastReset: meter[key].start }),
  attributes: meter => missing(meter[key]),
  attributeMeanings: MISSING,
}))

export const consumptionEntities: readonly Entity<MeterView>[] = [
  {
    key: 'previous_accumulative_consumption',
    platform: 'sensor',
    name: 'Last complete day',
    meaning:
      'What the meter counted on the newest day of which every half hour has arrived (46 or 50 of them where the clocks ' +
      'change). It arrives a day late and Home Assistant books it in the hour it arrives.',
    availability: 'bridge',
    deviceClass: 'energy',
    stateClass: 'total',
    unit: 'kWh',
    precision: 2,
    resets: true,
    value: meter => ({ value: meter.lastDay?.kwh ?? null, lastReset: meter.lastDay?.start ?? null }),
    attributes: lastDayAttributes,
    attributeMeanings: {
      date: 'the day, in London',
      charges: 'its half hours, each `start`, `end`, `consumption` in kWh',
      latest_reading: 'the newest half hour known, of whatever day',
      is_late: 'true when yesterday is still incomplete at 18:00 in London',
    },
  },
  {
    key: 'previous_accumulative_consumption_m3',
    platform: 'sensor',
    name: 'Last complete day, volume',
    meaning: 'The same in the meter’s own unit.',
    availability: 'bridge',
    deviceClass: 'gas',
    stateClass: 'total',
    unit: 'm³',
    precision: 2,
    resets: true,
    exists: countsM3,
    existsWhen: COUNTS_M3,
    value: meter => ({ value: meter.lastDay?.volume ?? null, lastReset: meter.lastDay?.start ?? null }),
  },
  {
    key: 'accumulative_consumption',
    platform: 'sensor',
    name: 'Register',
    meaning:
      'Everything the meter counted since the history that was fetched at the first start began. It never resets and never ' +
      'goes down: a reading that Octopus corrects downwards holds it until the meter has caught up. Unknown until that ' +
      'history is whole.',
    availability: 'bridge',
    deviceClass: 'energy',
    stateClass: 'total_increasing',
    unit: 'kWh',
    precision: 1,
    value: meter => meter.register?.kwh ?? null,
    attributes: meter => ({ until: time(meter.register?.until ?? null) }),
    attributeMeanings: { until: 'the end of the newest half hour in it' },
  },
  {
    key: 'accumulative_consumption_m3',
    platform: 'sensor',
    name: 'Register, volume',
    meaning: 'The same in the meter’s own unit.',
    availability: 'bridge',
    deviceClass: 'gas',
    stateClass: 'total_increasing',
    unit: 'm³',
    precision: 1,
    exists: countsM3,
    existsWhen: COUNTS_M3,
    value: meter => meter.register?.volume ?? null,
  },
  {
    key: 'today_accumulative_consumption',
    platform: 'sensor',
    name: 'Today so far',
    meaning: 'The half hours of today that Octopus already tells of; unknown where it tells of none.',
    availability: 'bridge',
    deviceClass: 'energy',
    stateClass: 'total',
    unit: 'kWh',
    precision: 2,
    resets: true,
    value: meter => ({ value: meter.today?.kwh ?? null, lastReset: meter.today?.start ?? null }),
    attributes: meter => ({ until: time(meter.today?.until ?? null) }),
    attributeMeanings: { until: 'the end of the newest half hour in it' },
  },
  ...periods,
  {
    key: 'history',
    platform: 'sensor',
    name: 'History',
    meaning: 'How much of the readings that a first start fetches is there.',
    availability: 'bridge',
    icon: 'mdi:history',
    unit: '%',
    precision: 0,
    category: 'diagnostic',
    value: meter => meter.history,
  },
]
