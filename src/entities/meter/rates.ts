/** What a kWh costs now and next, and what the day is like. */
import type { MeterView, RateSpan } from '../../snapshot.ts'
import type { Attributes, Entity, EntityRow } from '../entity.ts'
import { money, time } from '../payload.ts'

const span = (rate: RateSpan | null): Attributes => ({
  start: time(rate?.start ?? null),
  end: time(rate?.end ?? null),
})
const SPAN = { start: 'when it begins', end: 'when it ends' }

/** Of a price Home Assistant wants no device class; with one there would be no statistics. */
const price = {
  platform: 'sensor',
  availability: 'bridge',
  icon: 'mdi:currency-gbp',
  stateClass: 'measurement',
  unit: 'GBP/kWh',
  precision: 4,
  decimals: 6,
} as const

const IS_ELECTRICITY = 'an electricity meter'
const isElectricity = (meter: MeterView): boolean => meter.kind !== 'gas'
const hasEvRates = (meter: MeterView): boolean => meter.rates.evRate !== undefined

const ratesEvent = (key: string, name: string, day: string): EntityRow => ({
  key,
  platform: 'event',
  name,
  meaning: `The half-hour prices of ${day}, as an event whenever they change, for cards that read them from there.`,
  availability: 'bridge',
  icon: 'mdi:chart-timeline-variant',
  eventTypes: ['rates'],
})

export const rateEntities: readonly Entity<MeterView>[] = [
  {
    ...price,
    key: 'current_rate',
    name: 'Current rate',
    meaning:
      'What a kWh costs (or, of an export meter, earns) now, with VAT; in a half hour that a smart charge has made cheap, the cheap price.',
    value: meter => meter.rates.current?.rate ?? null,
    attributes: meter => ({ ...span(meter.rates.current), tariff_code: meter.rates.tariffCode }),
    attributeMeanings: { ...SPAN, tariff_code: 'the tariff in force' },
  },
  {
    ...price,
    key: 'previous_rate',
    name: 'Previous rate',
    meaning: 'The price before it that was another.',
    value: meter => meter.rates.previous?.rate ?? null,
    attributes: meter => span(meter.rates.previous),
    attributeMeanings: SPAN,
  },
  {
    ...price,
    key: 'next_rate',
    name: 'Next rate',
    meaning: 'The next price that is another. What is only planned counts for nothing here.',
    value: meter => meter.rates.next?.rate ?? null,
    attributes: meter => span(meter.rates.next),
    attributeMeanings: SPAN,
  },
  {
    key: 'current_standing_charge',
    platform: 'sensor',
    name: 'Standing charge',
    meaning: 'What a day costs before anything is used, with VAT.',
    availability: 'bridge',
    deviceClass: 'monetary',
    unit: 'GBP',
    precision: 4,
    decimals: 6,
    value: meter => meter.rates.standing,
  },
  {
    ...price,
    key: 'today_min_rate',
    name: 'Lowest rate today',
    meaning: 'The lowest price of today’s half hours.',
    value: meter => meter.rates.today.min,
  },
  {
    ...price,
    key: 'today_max_rate',
    name: 'Highest rate today',
    meaning: 'The highest price of today’s half hours.',
    value: meter => meter.rates.today.max,
  },
  {
    ...price,
    key: 'today_average_rate',
    name: 'Average rate today',
    meaning: 'The mean of the prices of today’s half hours, whatever was used in them.',
    value: meter => meter.rates.today.average,
  },
  {
    key: 'next_cheapest',
    platform: 'sensor',
    name: 'Next cheapest window',
    meaning:
      'When the cheapest stretch of `energy.cheapest_window` begins that lies ahead, as far as prices are known; of an ' +
      'export meter the dearest.',
    availability: 'bridge',
    deviceClass: 'timestamp',
    exists: isElectricity,
    existsWhen: IS_ELECTRICITY,
    value: meter => meter.rates.nextCheapest?.start ?? null,
    attributes: meter => ({
      ...span(meter.rates.nextCheapest),
      rate: money(meter.rates.nextCheapest?.rate ?? null, 6),
    }),
    attributeMeanings: { ...SPAN, rate: 'its average price, GBP/kWh' },
  },
  {
    ...price,
    key: 'ev_rate_now',
    name: 'EV rate now',
    meaning: 'What the car pays now, on a tariff with prices of its own for it.',
    exists: hasEvRates,
    existsWhen: 'a tariff with prices of its own for the car',
    value: meter => meter.rates.evRate ?? null,
  },
  ratesEvent('current_day_rates', 'Rates today', 'today'),
  ratesEvent('next_day_rates', 'Rates tomorrow', 'tomorrow'),
]
