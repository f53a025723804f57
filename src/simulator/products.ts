/** The public pages of the account's own product: what it costs, as REST shows it. Prices are given in UTC with `Z`. */
import type { Clock, Instant } from '../clock.ts'
import { addDays, londonDate, nightAtOrAfter, startOfDay, toIso } from '../time/london.ts'
import { RATES, type SimulatedAccount } from './account.ts'
import type { JsonAnswer } from './exchange.ts'
import { OFF_PEAK } from './plan.ts'

interface RateRow {
  readonly from: Instant
  readonly to: Instant | null
  readonly value: number
}

/** Products of the six-hour allowance give four rates; older ones one list of the night and the day. */
const FOUR_RATES: Readonly<Record<string, number>> = {
  'day-unit-rates': RATES.day,
  'night-unit-rates': RATES.night,
  'ev-device-peak-unit-rates': RATES.day,
  'ev-device-off-peak-unit-rates': RATES.night,
}

/** `null` where there is no such page. */
export function productPages(clock: Clock, account: SimulatedAccount, url: URL): JsonAnswer | null {
  const [, , , code, kind, tariff, rates] = url.pathname.split('/')
  if (code === '') return { status: 200, body: listed([summary(account)]) }
  if (code !== account.product) return null
  if (kind === '') return { status: 200, body: { ...summary(account), ...tariffs(account, url) } }
  if (kind !== 'electricity-tariffs' || tariff !== account.tariff) return null
  const rows = rowsOf(rates ?? '', clock, account)
  return rows === null ? null : { status: 200, body: listed(rows.map(rateBody)) }
}

const listed = (results: readonly unknown[]) => ({ count: results.length, next: null, previous: null, results })

const summary = (account: SimulatedAccount) => ({
  code: account.product,
  direction: 'IMPORT',
  full_name: 'Intelligent Octopus Go',
  display_name: 'Intelligent Octopus Go',
  is_variable: true,
  is_green: true,
  is_business: false,
  available_from: toIso(account.agreedFrom),
  available_to: null,
  brand: 'OCTOPUS_ENERGY',
})

const isFourRate = (account: SimulatedAccount): boolean => account.product.startsWith('IOG')

function tariffs(account: SimulatedAccount, url: URL) {
  const names = isFourRate(account) ? Object.keys(FOUR_RATES) : ['standard-unit-rates']
  const links = [...names, 'standing-charges'].map(name => ({
    href: `${url.origin}/v1/products/${account.product}/electricity-tariffs/${account.tariff}/${name}/`,
    method: 'GET',
    rel: name.replaceAll('-', '_'),
  }))
  return {
    single_register_electricity_tariffs: {
      _C: {
        direct_debit_monthly: { code: account.tariff, standing_charge_inc_vat: RATES.standing, links },
      },
    },
  }
}

function rowsOf(page: string, clock: Clock, account: SimulatedAccount): readonly RateRow[] | null {
  const always = (value: number): RateRow[] => [{ from: account.agreedFrom, to: null, value }]
  if (page === 'standing-charges') return always(RATES.standing)
  if (page === 'standard-unit-rates') return isFourRate(account) ? [] : nightsAndDays(clock.now())
  const rate = FOUR_RATES[page]
  return isFourRate(account) && rate !== undefined ? always(rate) : null
}

/** From yesterday's midnight to the end of the night after next, newest first. */
function nightsAndDays(now: Instant): RateRow[] {
  const rows: RateRow[] = []
  let from = startOfDay(addDays(londonDate(now), -1))
  for (let nights = 0; nights < 4; nights += 1) {
    const night = nightAtOrAfter(from, OFF_PEAK)
    if (night.start > from) rows.push({ from, to: night.start, value: RATES.day })
    rows.push({ from: Math.max(from, night.start), to: night.end, value: RATES.night })
    from = night.end
  }
  return rows.reverse()
}

const rateBody = ({ from, to, value }: RateRow) => ({
  value_exc_vat: Number((value / 1.05).toFixed(4)),
  value_inc_vat: value,
  valid_from: toIso(from),
  valid_to: to === null ? null : toIso(to),
  payment_method: null,
})
