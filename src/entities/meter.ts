/** Entities of an electricity import meter. */
import { HALF_HOUR } from '../clock.ts'
import type { MeterView } from '../snapshot.ts'
import { withLists } from './attributes.ts'
import type { Attributes, Entity } from './entity.ts'
import { rounded, time } from './payload.ts'

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

export const importMeterEntities: readonly Entity<MeterView>[] = [
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
]
