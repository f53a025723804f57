/** The public pages of the products: what there is and what it costs. Prices are given in UTC with `Z`, newest first. */
import type { Instant } from '../../clock.ts'
import { toIso } from '../../time/london.ts'
import type { JsonAnswer } from '../exchange.ts'
import type { Fault } from '../faults.ts'
import { periodOf } from '../local-time.ts'
import { restPage } from '../paging.ts'
import { CATALOGUE } from './catalogue.ts'
import { FAR_AHEAD } from './market.ts'
import type { PriceRow, Series } from './price.ts'
import { LAUNCHED, shownAt } from './steps.ts'
import type { Band, Tariff } from './tariff.ts'

/** A list of prices, and no other page of a product. */
export const RATES_PAGE = /^\/v1\/products\/[^/]+\/(electricity|gas)-tariffs\/[^/]+\/[^/]+\/$/

/** A month of half-hourly prices. */
const MOST_ROWS = 1_500
const MOST_PRODUCTS = 100
const SHORT = 10

/** Which band each page tells. Three-rate meters have none: REST knows no third register. */
const PAGES: Readonly<Record<string, Band>> = {
  'day-unit-rates': 'day',
  'night-unit-rates': 'night',
  'ev-device-peak-unit-rates': 'ev_peak',
  'ev-device-off-peak-unit-rates': 'ev_off_peak',
  'standard-unit-rates': 'standard',
}

/** `null` where there is no such page. */
export function productPages(now: Instant, url: URL, faults: readonly Fault[]): JsonAnswer | null {
  const [, , , code = '', kind, tariffCode, page = ''] = url.pathname.split('/')
  const tariffs = code === '' ? CATALOGUE : CATALOGUE.filter(each => each.product === code)
  const [first] = tariffs
  if (code === '') return products(url)
  if (first === undefined) return null
  if (kind === '') return { status: 200, body: { ...summary(first), ...tariffLists(tariffs, now, url) } }
  const tariff = tariffs.find(each => each.code === tariffCode && kind === `${each.fuel}-tariffs`)
  return tariff === undefined ? null : prices(tariff, page, now, url, faults)
}

function products(url: URL): JsonAnswer {
  const listed = [...new Map(CATALOGUE.map(each => [each.product, each])).values()]
  const body = (each: Tariff) => ({
    ...summary(each),
    links: [{ href: `${url.origin}/v1/products/${each.product}/`, method: 'GET', rel: 'self' }],
  })
  return restPage(listed, url, MOST_PRODUCTS, body)
}

const summary = (tariff: Tariff) => ({
  code: tariff.product,
  direction: tariff.isExport ? 'EXPORT' : 'IMPORT',
  full_name: tariff.name,
  display_name: tariff.name,
  description: `${tariff.name}, simulated.`,
  is_variable: tariff.isVariable,
  is_green: true,
  is_tracker: tariff.isTracker,
  is_prepay: tariff.isPrepay,
  is_business: false,
  is_restricted: false,
  term: tariff.isVariable ? null : 12,
  available_from: toIso(LAUNCHED),
  available_to: null,
  brand: 'OCTOPUS_ENERGY',
})

const registersOf = (tariff: Tariff): string => tariff.code.slice(2, 4)

/** By number of registers, region and way to pay, with links to the prices. */
function tariffLists(tariffs: readonly Tariff[], now: Instant, url: URL) {
  const listOf = (fuel: string, registers: string) => {
    const tariff = tariffs.find(each => each.fuel === fuel && registersOf(each) === registers)
    if (tariff === undefined) return {}
    const charge = tariff.standing(shownAt(now))[0]
    const pages = Object.entries(PAGES).filter(([, band]) => tariff.bands[band] !== undefined)
    const links = [...pages.map(([page]) => page), 'standing-charges'].map(page => ({
      href: `${url.origin}/v1/products/${tariff.product}/${tariff.fuel}-tariffs/${tariff.code}/${page}/`,
      method: 'GET',
      rel: page.replaceAll('-', '_'),
    }))
    const costs = { standing_charge_exc_vat: charge?.exVat, standing_charge_inc_vat: charge?.incVat }
    return { _C: { direct_debit_monthly: { code: tariff.code, ...costs, links } } }
  }
  return {
    tariffs_active_at: toIso(now),
    single_register_electricity_tariffs: listOf('electricity', '1R'),
    dual_register_electricity_tariffs: listOf('electricity', '2R'),
    single_register_gas_tariffs: listOf('gas', '1R'),
  }
}

function prices(tariff: Tariff, page: string, now: Instant, url: URL, faults: readonly Fault[]): JsonAnswer | null {
  if (page === 'standing-charges') return listed(tariff.standing, now, url, faults)
  const band = PAGES[page]
  if (band === undefined) return null
  if (band !== 'standard') {
    const series = registersOf(tariff) === '3R' ? undefined : tariff.bands[band]
    return series === undefined ? null : listed(series, now, url, faults)
  }
  if (registersOf(tariff) !== '1R') {
    return { status: 400, body: { detail: 'This tariff has day and night rates, not standard.' } }
  }
  // Products of the six-hour allowance have the page and nothing on it.
  return listed(tariff.bands.standard ?? (() => []), now, url, faults)
}

function listed(series: Series, now: Instant, url: URL, faults: readonly Fault[]): JsonAnswer {
  const period = periodOf(url.searchParams, { from: LAUNCHED, to: now + FAR_AHEAD })
  if ('status' in period) return period
  const late = faults.some(fault => fault.kind === 'rates_late')
  const short = faults.some(fault => fault.kind === 'rates_short')
  const rows = series({ ...period, now })
    .filter(row => !late || row.from <= now)
    .reverse()
  return restPage(short ? rows.slice(0, SHORT) : rows, url, MOST_ROWS, rateBody)
}

const rateBody = ({ from, to, exVat, incVat, payment }: PriceRow) => ({
  value_exc_vat: exVat,
  value_inc_vat: incVat,
  valid_from: toIso(from),
  valid_to: to === null ? null : toIso(to),
  payment_method: payment,
})
