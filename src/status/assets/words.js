/** How instants, money and Octopus's words are said to a person. Times are London's, wherever the reader is. */

const format = options => new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', ...options })
const TIME = format({ hour: '2-digit', minute: '2-digit' })
const SECONDS = format({ hour: '2-digit', minute: '2-digit', second: '2-digit' })
const ZONE = format({ timeZoneName: 'short', hour: '2-digit', minute: '2-digit' })
const DATE = format({ weekday: 'long', day: 'numeric', month: 'long' })
const DAY = format({ weekday: 'short' })
const DAY_OF_YEAR = format({ day: 'numeric', month: 'short' })
const DATE_KEY = format({ year: 'numeric', month: '2-digit', day: '2-digit' })

export const time = at => TIME.format(at)
export const seconds = at => SECONDS.format(at)
export const zone = at => ZONE.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? ''
export const date = at => DATE.format(at)
export const isSameDay = (a, b) => DATE_KEY.format(a) === DATE_KEY.format(b)

const NEARLY_A_WEEK = 6 * 86_400_000

/** `18:05`, and with its day where that is another than that of `now`: `Wed 18:05`, and further away `3 Nov 18:05`. */
export const when = (at, now) =>
  isSameDay(at, now) ? time(at) : `${(Math.abs(at - now) < NEARLY_A_WEEK ? DAY : DAY_OF_YEAR).format(at)} ${time(at)}`
export const span = ({ start, end }, now) => `${when(start, now)}–${time(end)}`

export function duration(ms) {
  const total = Math.max(0, Math.round(ms / 1000))
  if (total < 90) return `${total} s`
  const minutes = Math.round(total / 60)
  if (minutes < 90) return `${minutes} min`
  const hours = Math.round(minutes / 60)
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`
}

/** Nobody wants to read −0.00. */
const fixed = (amount, places) => {
  const text = Math.abs(amount).toFixed(places)
  return amount < 0 && Number(text) !== 0 ? ['−', text] : ['', text]
}
export const price = rate => `${fixed(rate * 100, 2).join('')} p/kWh`
export const pounds = amount => fixed(amount, 2).join('£')
export const pence = amount => `${fixed(amount * 100, 1).join('')} p`
export const energy = kwh => `${kwh.toFixed(kwh < 10 ? 2 : 1)} kWh`

export const yesNo = value => (value === null ? 'not known' : value ? 'yes' : 'no')

/** Octopus's SMART_CONTROL_IN_PROGRESS → smart control in progress. */
export const plain = word => (word === null ? 'not known' : word.toLowerCase().replaceAll('_', ' '))

const WHY_CHEAP = {
  off_peak: 'the off-peak hours of the tariff',
  dispatch: 'a smart-charging dispatch',
  held: 'the car still draws; the next answer decides',
  awaiting_confirmation: 'a dispatch runs; Octopus has not confirmed it yet',
  awaiting_evidence: 'a dispatch runs; the car does not draw yet',
  no_evidence_source: 'a dispatch runs, but nothing tells whether the car draws',
  cap_reached: 'the six hours of smart charging are used up until noon',
  boosting: 'the car boosts, at the normal price',
  plan_unknown: 'the plan is not known, or too old to be trusted',
  rates_unknown: 'the prices of this time are not known',
  no_dispatch: 'no dispatch runs, and it is not off-peak',
  not_off_peak: 'it is not off-peak',
}
export const whyCheap = reason => WHY_CHEAP[reason] ?? plain(reason)

const WHY_ROW = {
  stands: 'counts',
  boost: 'a boost: never cheap for the house',
  test: 'a test of Octopus',
  other_type: 'of a kind that does not count',
  ended: 'over',
  state: 'does not count in the car’s state',
  suspended: 'smart charging is suspended',
  unplugged: 'does not count: the car is unplugged',
  too_old: 'too old to be trusted',
}
export const whyRow = why => WHY_ROW[why] ?? plain(why)

/** Why Octopus is asked, with its times of the clock in UTC (`18:28Z`) said in London's, as they are around `at`. */
export const whyAsked = (reason, at) =>
  (reason ?? 'asked by another command').replace(/\b(\d\d):(\d\d)Z/g, (_, hour, minute) =>
    time(new Date(at).setUTCHours(Number(hour), Number(minute), 0, 0)),
  )

export const outcome = word =>
  word === null ? 'no answer yet' : word === 'ok' ? 'answered' : word === 'partial' ? 'answered in part' : plain(word)
