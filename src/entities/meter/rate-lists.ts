/** Half-hour prices as lists: in an event, as existing cards read them, and on a topic of their own, as evcc reads them. */
import type { DayRates, MeterView, RateSpan } from '../../snapshot.ts'
import { money, time, word } from '../payload.ts'

/** Published with all digits that the price has. */
const DIGITS = 8

const listed = ({ start, end, rate }: RateSpan) => ({
  start: time(start),
  end: time(end),
  value_inc_vat: money(rate, DIGITS),
})

/** The message of `current_day_rates` and `next_day_rates`, never retained. GBP/kWh with VAT. */
export const ratesEventPayload = ({ rates, point, serial }: MeterView, day: DayRates): string =>
  JSON.stringify({
    event_type: 'rates',
    date: day.date,
    tariff_code: word(rates.tariffCode),
    mpan: point,
    serial_number: serial,
    min_rate: money(day.min, DIGITS),
    max_rate: money(day.max, DIGITS),
    average_rate: money(day.average, DIGITS),
    rates: day.rates.map(listed),
  })

// The prices of a day are the same object as long as none of them changed.
const written = new WeakMap<DayRates, { readonly tomorrow: DayRates; readonly text: string }>()

/** Today's and tomorrow's prices in order, `[{"start", "end", "value"}]`, GBP/kWh: what evcc takes for a forecast. */
export function ratesPayload({ rates: { today, tomorrow } }: MeterView): string {
  const known = written.get(today)
  if (known?.tomorrow === tomorrow) return known.text
  const text = JSON.stringify(
    [...today.rates, ...tomorrow.rates].map(({ start, end, rate }) => ({
      start: time(start),
      end: time(end),
      value: money(rate, DIGITS),
    })),
  )
  written.set(today, { tomorrow, text })
  return text
}
