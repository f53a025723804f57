/** The public pages of the products: a tariff of every shape, as strict and as strange as the real ones. */
import { describe, expect, it } from '@jest/globals'
import { HALF_HOUR, HOUR } from '../../src/clock.ts'
import { CATALOGUE, GAS_TARIFFS, IMPORT_TARIFFS } from '../../src/simulator/tariffs/catalogue.ts'
import { agilePrice, halfHourly, toldAt, toldUntil } from '../../src/simulator/tariffs/market.ts'
import { EVER } from '../../src/simulator/tariffs/price.ts'
import { addDays, startOfDay } from '../../src/time/london.ts'
import { simulators } from './started.ts'

const start = simulators()

interface Row {
  readonly value_exc_vat: number
  readonly value_inc_vat: number
  readonly valid_from: string
  readonly valid_to: string | null
  readonly payment_method: string | null
}

async function shop(at = '2026-07-20T12:00:00Z') {
  const { client, clock } = await start(at)
  const page = (code: string, name: string, query = '') => {
    const product = /^[EG]-\dR-(.*)-C$/.exec(code)?.[1]
    const fuel = code.startsWith('G') ? 'gas' : 'electricity'
    return client.rest(`products/${product}/${fuel}-tariffs/${code}/${name}/?${query}`, null)
  }
  const rows = async (code: string, name: string, query = ''): Promise<Row[]> =>
    (await page(code, name, query)).json.results
  return { client, clock, page, rows }
}

const JULY_20 = 'period_from=2026-07-20T00:00:00%2B01:00&period_to=2026-07-21T00:00:00%2B01:00&page_size=1500'
const times = (rows: readonly Row[]) => rows.map(row => `${row.valid_from} ${row.valid_to}`)

describe('products', () => {
  it('are listed once each, and have a page with links to every price there is', async () => {
    const { client } = await shop()
    const { json } = await client.rest('products/', null)
    const codes = json.results.map((each: { code: string }) => each.code)
    expect(codes.sort()).toEqual([...new Set(CATALOGUE.map(({ product }) => product))].sort())
    const flexible = (await client.rest('products/VAR-22-11-01/', null)).json
    const links = (list: string) =>
      flexible[list]._C.direct_debit_monthly.links.map((each: { rel: string }) => each.rel)
    expect(links('single_register_electricity_tariffs')).toEqual(['standard_unit_rates', 'standing_charges'])
    expect(links('dual_register_electricity_tariffs')).toEqual([
      'day_unit_rates',
      'night_unit_rates',
      'standing_charges',
    ])
    expect(links('single_register_gas_tariffs')).toEqual(['standard_unit_rates', 'standing_charges'])
    const four = (await client.rest('products/IOG-SMB-VAR-26-07-06/', null)).json.single_register_electricity_tariffs._C
    for (const link of four.direct_debit_monthly.links) {
      expect((await client.rest(link.href, null)).json.count).toBe(1)
    }
    expect(four.direct_debit_monthly.links).toHaveLength(5)
  })

  it.each([
    ['products/OTHER/'],
    ['products/GO-VAR-22-10-14/electricity-tariffs/E-1R-GO-VAR-22-10-14-D/standard-unit-rates/'],
    ['products/GO-VAR-22-10-14/gas-tariffs/E-1R-GO-VAR-22-10-14-C/standard-unit-rates/'],
    ['products/GO-VAR-22-10-14/electricity-tariffs/E-1R-GO-VAR-22-10-14-C/other-rates/'],
    ['products/COSY-3R-24-04-01/electricity-tariffs/E-3R-COSY-3R-24-04-01-C/day-unit-rates/'],
  ])('%s is not there', async path => {
    const { client } = await shop()
    expect((await client.rest(path, null)).status).toBe(404)
  })
})

describe('prices', () => {
  it('of a variable product come twice, for each way to pay, and change with the quarter', async () => {
    const { rows } = await shop()
    const across = 'period_from=2026-06-30T00:00Z&period_to=2026-07-02T00:00Z'
    for (const code of ['E-1R-VAR-22-11-01-C', 'G-1R-VAR-22-11-01-C']) {
      const found = await rows(code, 'standard-unit-rates', across)
      // Newest first: the quarter that began at London's midnight, open, and the one before it.
      expect(found.map(row => [row.valid_from, row.valid_to, row.payment_method])).toEqual([
        ['2026-06-30T23:00:00Z', null, 'NON_DIRECT_DEBIT'],
        ['2026-06-30T23:00:00Z', null, 'DIRECT_DEBIT'],
        ['2026-03-31T23:00:00Z', '2026-06-30T23:00:00Z', 'NON_DIRECT_DEBIT'],
        ['2026-03-31T23:00:00Z', '2026-06-30T23:00:00Z', 'DIRECT_DEBIT'],
      ])
      expect(found[0]?.value_inc_vat).toBeGreaterThan(found[1]?.value_inc_vat ?? 0)
      expect(found[1]?.value_inc_vat).not.toBe(found[3]?.value_inc_vat)
      for (const row of found) expect(row.value_inc_vat).toBeCloseTo(row.value_exc_vat * 1.05, 9)
      expect(await rows(code, 'standing-charges', across)).toHaveLength(4)
    }
  })

  it('of the next quarter are told three weeks and a half ahead, and close the open row', async () => {
    const { rows } = await shop('2026-09-10T12:00:00Z')
    const found = await rows('E-1R-PREPAY-VAR-22-11-01-C', 'standard-unit-rates')
    expect(times(found).slice(0, 2)).toEqual(['2026-09-30T23:00:00Z null', '2026-06-30T23:00:00Z 2026-09-30T23:00:00Z'])
  })

  it('of Economy 7 come by register, and the standard page is refused', async () => {
    const { page, rows } = await shop()
    const code = 'E-2R-VAR-22-11-01-C'
    expect(await page(code, 'standard-unit-rates')).toMatchObject({ status: 400, json: { detail: expect.any(String) } })
    const [day, night] = [await rows(code, 'day-unit-rates', JULY_20), await rows(code, 'night-unit-rates', JULY_20)]
    expect([day.length, night.length]).toEqual([2, 2])
    expect(day[0]?.value_inc_vat).toBeGreaterThan(night[0]?.value_inc_vat ?? 99)
  })

  it('of the four-rate product have a page each, and the standard page is empty', async () => {
    const { page, rows } = await shop()
    const code = 'E-1R-IOG-SMB-VAR-26-07-06-C'
    expect(await page(code, 'standard-unit-rates')).toMatchObject({
      status: 200,
      json: { count: 0, next: null, previous: null, results: [] },
    })
    const value = async (name: string) => (await rows(code, name, JULY_20)).map(row => row.value_inc_vat)
    const pages = ['day-unit-rates', 'night-unit-rates', 'ev-device-peak-unit-rates', 'ev-device-off-peak-unit-rates']
    expect(await Promise.all(pages.map(value))).toEqual([[27.69], [7], [27.69], [7]])
  })

  it('of Go are rows by the clock on the wall that overlap the window', async () => {
    const { rows } = await shop()
    expect(times(await rows('E-1R-GO-VAR-22-10-14-C', 'standard-unit-rates', JULY_20))).toEqual([
      '2026-07-20T04:30:00Z 2026-07-20T23:30:00Z',
      '2026-07-19T23:30:00Z 2026-07-20T04:30:00Z',
      '2026-07-19T04:30:00Z 2026-07-19T23:30:00Z',
    ])
    const winter = await rows(
      'E-1R-GO-VAR-22-10-14-C',
      'standard-unit-rates',
      'period_from=2026-01-20T00:30:00Z&period_to=2026-01-20T05:30:00Z',
    )
    expect(times(winter)).toEqual(['2026-01-20T00:30:00Z 2026-01-20T05:30:00Z'])
  })

  it('of Go last four hours of the night in spring and six in autumn, and never overlap', async () => {
    const { rows } = await shop('2026-11-20T12:00:00Z')
    const code = 'E-1R-GO-VAR-22-10-14-C'
    const night = async (date: string) => {
      const window = `period_from=${date}T00:30&period_to=${date}T05:30`
      const [row] = await rows(code, 'standard-unit-rates', window)
      return (Date.parse(row?.valid_to ?? '') - Date.parse(row?.valid_from ?? '')) / HOUR
    }
    expect([await night('2026-03-29'), await night('2026-10-25')]).toEqual([4, 6])
    const year = (await rows(code, 'standard-unit-rates', 'period_from=2025-11-01T00:00Z&page_size=1500')).reverse()
    for (const [index, row] of year.entries()) {
      if (index > 0) expect(row.valid_from).toBe(year[index - 1]?.valid_to)
    }
  })

  it('of Cosy have three cheap windows and a peak', async () => {
    const { rows } = await shop()
    const found = await rows('E-1R-COSY-22-12-08-C', 'standard-unit-rates', JULY_20)
    expect(times(found).reverse()).toEqual([
      '2026-07-19T23:00:00Z 2026-07-20T03:00:00Z',
      '2026-07-20T03:00:00Z 2026-07-20T06:00:00Z',
      '2026-07-20T06:00:00Z 2026-07-20T12:00:00Z',
      '2026-07-20T12:00:00Z 2026-07-20T15:00:00Z',
      '2026-07-20T15:00:00Z 2026-07-20T18:00:00Z',
      '2026-07-20T18:00:00Z 2026-07-20T21:00:00Z',
      '2026-07-20T21:00:00Z 2026-07-20T23:00:00Z',
    ])
    expect(new Set(found.map(row => row.value_inc_vat)).size).toBe(3)
  })

  it('of export carry no VAT and no standing charge', async () => {
    const { rows } = await shop()
    const [row] = await rows('E-1R-OUTGOING-VAR-24-10-26-C', 'standard-unit-rates')
    expect([row?.value_exc_vat, row?.value_inc_vat, row?.valid_to]).toEqual([15, 15, null])
    expect((await rows('E-1R-OUTGOING-VAR-24-10-26-C', 'standing-charges'))[0]?.value_inc_vat).toBe(0)
    for (const each of await rows('E-1R-AGILE-OUTGOING-19-05-13-C', 'standard-unit-rates', JULY_20)) {
      expect(each.value_inc_vat).toBe(each.value_exc_vat)
      expect(each.value_inc_vat).toBeGreaterThanOrEqual(0)
    }
  })
})

describe('prices of the market', () => {
  const AGILE = 'E-1R-AGILE-24-10-01-C'

  it('are told between 16:00 and 20:00 for the day from 23:00 to 23:00, half hour by half hour', async () => {
    const { clock, rows } = await shop('2026-01-20T15:59:00Z')
    const newest = async () => (await rows(AGILE, 'standard-unit-rates', 'period_from=2026-01-19T00:00Z'))[0]
    expect((await newest())?.valid_to).toBe('2026-01-20T23:00:00Z')
    const told = toldAt('2026-01-20')
    expect(told).toBeGreaterThanOrEqual(Date.parse('2026-01-20T16:00:00Z'))
    expect(told).toBeLessThan(Date.parse('2026-01-20T20:00:00Z'))
    clock.advanceTo(told - 1)
    expect((await newest())?.valid_to).toBe('2026-01-20T23:00:00Z')
    clock.advance(1)
    expect(await newest()).toMatchObject({ valid_from: '2026-01-21T22:30:00Z', valid_to: '2026-01-21T23:00:00Z' })
    const day = await rows(AGILE, 'standard-unit-rates', 'period_from=2026-01-20T23:00Z&period_to=2026-01-21T23:00Z')
    expect(day).toHaveLength(48)
  })

  it('follow the auction by the wall: a day of 46 and one of 50 half hours', () => {
    const told = (date: string) => toldUntil(startOfDay(date) + 12 * HOUR)
    expect((told('2026-03-29') - told('2026-03-28')) / HALF_HOUR).toBe(46)
    expect((told('2026-10-25') - told('2026-10-24')) / HALF_HOUR).toBe(50)
  })

  it('are negative now and then, dearest in the evening, and at most a pound', () => {
    const year = halfHourly(agilePrice)({ from: startOfDay('2025-11-01'), to: startOfDay('2026-11-01'), now: EVER })
    expect(year).toHaveLength(365 * 48)
    const below = year.filter(row => row.incVat < 0).length
    expect(below).toBeGreaterThan(100)
    expect(below).toBeLessThan(2000)
    expect(Math.max(...year.map(row => row.incVat))).toBeLessThanOrEqual(100)
    const mean = (hour: number) => {
      const then = year.filter(row => new Date(row.from).getUTCHours() === hour)
      return then.reduce((total, row) => total + row.incVat, 0) / then.length
    }
    expect(mean(17)).toBeGreaterThan(2 * mean(3))
  })

  it('of Tracker are one a day, electricity and gas, the next one told the afternoon before', async () => {
    const { clock, rows } = await shop('2026-07-20T14:00:00Z')
    for (const tariff of [IMPORT_TARIFFS.tracker, GAS_TARIFFS.gas_tracker]) {
      const found = await rows(tariff.code, 'standard-unit-rates', 'period_from=2026-07-19T00:00')
      expect(times(found)).toEqual([
        '2026-07-19T23:00:00Z 2026-07-20T23:00:00Z',
        '2026-07-18T23:00:00Z 2026-07-19T23:00:00Z',
      ])
      expect(found[0]?.value_inc_vat).not.toBe(found[1]?.value_inc_vat)
    }
    clock.advanceTo(toldAt('2026-07-20'))
    const [newest] = await rows(IMPORT_TARIFFS.tracker.code, 'standard-unit-rates', 'period_from=2026-07-19T00:00')
    expect(newest?.valid_to).toBe(new Date(startOfDay(addDays('2026-07-21', 1))).toISOString().replace('.000', ''))
  })

  it('come in pages of a hundred, or of at most fifteen hundred', async () => {
    const { client, page } = await shop()
    const window = 'period_from=2026-05-01T00:00Z&period_to=2026-07-01T00:00Z'
    const first = (await page(AGILE, 'standard-unit-rates', window)).json
    expect([first.count, first.results.length, first.previous]).toEqual([61 * 48, 100, null])
    const second = (await client.rest(first.next, null)).json
    expect(second.results[0].valid_to).toBe(first.results.at(-1).valid_from)
    expect((await page(AGILE, 'standard-unit-rates', `${window}&page_size=9999`)).json.results).toHaveLength(1500)
    expect((await page(AGILE, 'standard-unit-rates', `${window}&page=99`)).status).toBe(404)
    expect((await page(AGILE, 'standard-unit-rates', 'period_to=2026-07-01T00:00Z')).status).toBe(400)
    expect((await page(AGILE, 'standard-unit-rates', 'period_from=soon')).status).toBe(400)
  })
})
