/** Prices by REST, in the shapes that Octopus publishes them in. */
import { describe, expect, it } from '@jest/globals'
import { HALF_HOUR, HOUR, type Instant } from '../../src/clock.ts'
import { toIso } from '../../src/time/london.ts'
import { NOON, queryOf, setUp } from './support/client.ts'
import type { Reply, Seen } from './support/server.ts'

const DAY = 24 * HOUR
const from = NOON
const to = NOON + 2 * DAY

const tariff = (tariffCode: string, fuel: 'electricity' | 'gas' = 'electricity') => ({
  ...{ fuel, tariffCode },
  productCode: /^[EG]-\dR-(.+)-C$/.exec(tariffCode)?.[1] ?? '',
})
const GO = tariff('E-1R-GO-VAR-22-10-14-C')
const FOUR = tariff('E-1R-IOG-SMB-VAR-26-01-01-C')
const ECONOMY_7 = tariff('E-2R-VAR-22-11-01-C')
const GAS = tariff('G-1R-VAR-22-11-01-C', 'gas')

const row = (start: string | null, end: string | null, value_inc_vat: unknown, payment_method: unknown = null) => ({
  ...{ value_exc_vat: 1, value_inc_vat, valid_from: start, valid_to: end, payment_method },
})
const results = (...rows: unknown[]): Reply => ({
  body: { count: rows.length, next: null, previous: null, results: rows },
})
const open = (value: number) => results(row('2026-07-01T23:00:00Z', null, value))
const NO_SUCH_REGISTERS: Reply = { status: 400, body: { detail: 'This tariff has day and night rates.' } }

/** Octopus has these endpoints; of any other there are no rows. */
const octopusWith = (endpoints: Readonly<Record<string, Reply>>, otherwise: Reply = results()) =>
  setUp(({ url }) => endpoints[/\/([a-z-]+)\/\?/.exec(url)?.[1] ?? ''] ?? otherwise)

const endpointsOf = (paths: readonly string[]) => paths.map(path => path.split('/').at(-2))

describe('rates', () => {
  it('of one register are one request, without the key', async () => {
    const { client, server, paths, store, clock } = await octopusWith({
      'standard-unit-rates': results(
        row('2026-11-24T05:30:00Z', '2026-11-25T00:30:00Z', 27.5),
        row('2026-11-24T00:30:00Z', '2026-11-24T05:30:00Z', '8.5'),
      ),
    })
    const start = Date.parse('2026-11-24T00:30:00Z')
    expect(await client.rates(GO, from, to)).toEqual({
      bands: ['standard'],
      rates: [
        { band: 'standard', start, end: start + 5 * HOUR, pence: 8.5, paymentMethod: null },
        { band: 'standard', start: start + 5 * HOUR, end: start + DAY, pence: 27.5, paymentMethod: null },
      ],
    })
    expect(paths()).toEqual([
      'products/GO-VAR-22-10-14/electricity-tariffs/E-1R-GO-VAR-22-10-14-C/standard-unit-rates/',
    ])
    expect(queryOf(server.requests[0] as Seen)).toEqual({
      period_from: '2026-11-23T12:00:00Z',
      period_to: '2026-11-25T12:00:00Z',
      page_size: '1500',
    })
    expect(server.requests[0]?.headers.authorization).toBeUndefined()
    expect(server.requests[0]?.headers['user-agent']).toContain('octopus2mqtt')
    expect(store.ledger.history(clock.now()).map(({ kind }) => kind)).toEqual(['background'])
  })

  it('of a month of Agile fit a page; more are turned over by number, on our own host', async () => {
    const rowAt = (start: Instant, pence: number) => row(toIso(start), toIso(start + HALF_HOUR), pence)
    const { client, server, paths } = await setUp(request => {
      const page = Number(queryOf(request).page ?? 1)
      const rows = [0, 1].map(at => rowAt(NOON + (5 - 2 * page + at) * HALF_HOUR, page === 2 ? -1.2345 : 10))
      return { body: { count: 6, next: page < 3 ? 'http://elsewhere.test/steal?page=9' : null, results: rows } }
    })
    const { rates } = await client.rates(tariff('E-1R-AGILE-24-10-01-C'), from, to)
    expect(rates.map(({ start, pence }) => [(start - NOON) / HALF_HOUR, pence])).toEqual([
      ...[[0, 10]],
      ...[
        [1, -1.2345],
        [2, -1.2345],
      ],
      ...[
        [3, 10],
        [4, 10],
      ],
    ])
    expect(server.requests.map(request => queryOf(request).page)).toEqual([undefined, '2', '3'])
    expect(paths()).toHaveLength(3)
  })

  it('of both ways of paying are told apart', async () => {
    const { client } = await octopusWith({
      'standard-unit-rates': results(
        row('2026-07-01T23:00:00Z', null, 25.3575, 'DIRECT_DEBIT'),
        row('2026-07-01T23:00:00Z', null, 26.88, 'NON_DIRECT_DEBIT'),
      ),
    })
    const { rates } = await client.rates(tariff('E-1R-VAR-22-11-01-C'), from, to)
    expect(rates.map(({ pence, paymentMethod, end }) => [pence, paymentMethod, end])).toEqual([
      [25.3575, 'DIRECT_DEBIT', null],
      [26.88, 'NON_DIRECT_DEBIT', null],
    ])
  })

  it('that are refused in the middle go on from there: what came is kept, for a while', async () => {
    let refuses = true
    const { client, clock, server } = await setUp(request => {
      const page = Number(queryOf(request).page ?? 1)
      if (page === 3 && refuses) return { status: 503, body: { detail: 'busy' } }
      const start = NOON + (3 - page) * HALF_HOUR
      const rows = [row(toIso(start), toIso(start + HALF_HOUR), page)]
      return { body: { count: 3, next: page < 3 ? 'there is more' : null, results: rows } }
    })
    const pages = () => server.requests.splice(0).map(request => Number(queryOf(request).page ?? 1))
    const ask = () => client.rates(tariff('E-1R-AGILE-24-10-01-C'), from, to)
    await expect(ask()).rejects.toMatchObject({ code: 'OCTOPUS_SERVER_ERROR' })
    await expect(ask()).rejects.toMatchObject({ code: 'OCTOPUS_SERVER_ERROR' })
    expect(pages()).toEqual([1, 2, 3, 3])
    refuses = false
    clock.advance(3 * HOUR)
    expect((await ask()).rates.map(({ pence }) => pence)).toEqual([3, 2, 1])
    expect(pages()).toEqual([3])
    // Answered as a whole, so the next question is a new one.
    await ask()
    expect(pages()).toEqual([1, 2, 3])
    refuses = true
    await expect(ask()).rejects.toMatchObject({ code: 'OCTOPUS_SERVER_ERROR' })
    clock.advance(5 * HOUR)
    await expect(ask()).rejects.toMatchObject({ code: 'OCTOPUS_SERVER_ERROR' })
    expect(pages()).toEqual([1, 2, 3, 1, 2, 3])
  })

  it('of day and night are two requests, since standard gives HTTP 400', async () => {
    const { client, paths } = await octopusWith({
      'standard-unit-rates': NO_SUCH_REGISTERS,
      'day-unit-rates': open(30),
      'night-unit-rates': open(15),
    })
    const { rates, bands } = await client.rates(ECONOMY_7, from, to)
    expect(rates.map(({ band, pence }) => [band, pence])).toEqual([
      ['day', 30],
      ['night', 15],
    ])
    expect(bands).toEqual(['day', 'night'])
    expect(endpointsOf(paths())).toEqual(['day-unit-rates', 'night-unit-rates'])
  })

  it.each([
    ['has no rows', results()],
    ['is refused', NO_SUCH_REGISTERS],
  ])('of four kinds are found where standard %s, and asked for alone from then on', async (_, standard) => {
    const { client, paths } = await octopusWith({
      'standard-unit-rates': standard,
      'day-unit-rates': open(30),
      'night-unit-rates': open(7),
      'ev-device-peak-unit-rates': open(29),
      'ev-device-off-peak-unit-rates': open(6),
    })
    const { rates, bands } = await client.rates(FOUR, from, to)
    expect(rates.map(({ band, pence }) => [band, pence])).toEqual([
      ['day', 30],
      ['night', 7],
      ['ev_peak', 29],
      ['ev_off_peak', 6],
    ])
    expect(endpointsOf(paths())[0]).toBe('standard-unit-rates')
    expect(paths()).toHaveLength(5)
    expect((await client.rates(FOUR, from, to, bands)).rates).toEqual(rates)
    expect(endpointsOf(paths().slice(5))).toEqual([
      ...['day-unit-rates', 'night-unit-rates', 'ev-device-peak-unit-rates', 'ev-device-off-peak-unit-rates'],
    ])
  })

  it('of a product that lost its registers are looked for anew', async () => {
    const { client, paths } = await octopusWith({
      'standard-unit-rates': open(20),
      'day-unit-rates': NO_SUCH_REGISTERS,
    })
    const { rates, bands } = await client.rates(FOUR, from, to, ['day', 'night'])
    expect([rates.map(({ pence }) => pence), bands]).toEqual([[20], ['standard']])
    expect(endpointsOf(paths())).toEqual(['day-unit-rates', 'standard-unit-rates'])
  })

  it('that are not published yet are none, and do not make anybody look elsewhere', async () => {
    const { client, paths } = await octopusWith({})
    expect(await client.rates(FOUR, from, to, ['day', 'night'])).toEqual({ rates: [], bands: ['day', 'night'] })
    expect(await client.rates(GO, from, to, ['standard'])).toEqual({ rates: [], bands: ['standard'] })
    expect(endpointsOf(paths())).toEqual(['day-unit-rates', 'standard-unit-rates'])
    expect(await client.rates(GO, from, to)).toEqual({ rates: [], bands: [] })
    expect(endpointsOf(paths().slice(2))).toEqual(['standard-unit-rates', 'day-unit-rates'])
  })

  it('of three registers are not had in part', async () => {
    const { client, server } = await octopusWith({ 'day-unit-rates': open(30), 'night-unit-rates': open(15) })
    expect(await client.rates(tariff('E-3R-VAR-22-11-01-C'), from, to)).toEqual({ rates: [], bands: [] })
    expect(server.requests).toEqual([])
  })

  it('of gas are those of gas tariffs', async () => {
    const { client, paths } = await octopusWith({ 'standard-unit-rates': open(6.5) })
    expect((await client.rates(GAS, from, to)).bands).toEqual(['standard'])
    expect(paths()).toEqual(['products/VAR-22-11-01/gas-tariffs/G-1R-VAR-22-11-01-C/standard-unit-rates/'])
  })

  it('that make no sense or lie elsewhere are left out', async () => {
    const { client } = await octopusWith({
      'standard-unit-rates': results(
        row(null, '2026-11-23T13:00:00Z', 1),
        row('2026-11-23T13:00:00Z', 'later', 2),
        row('2026-11-23T14:00:00Z', '2026-11-23T14:00:00Z', 3),
        row('2026-11-23T15:00:00Z', null, 'a lot'),
        row('2026-11-23T15:00:00Z', null, 1e300),
        row('2026-11-20T15:00:00Z', '2026-11-23T12:00:00Z', 4),
        row('2026-11-25T12:00:00Z', null, 5),
        { value_inc_vat: 6 },
        null,
        'row',
      ),
    })
    expect((await client.rates(GO, from, to)).rates).toEqual([
      { band: 'standard', start: NOON, end: NOON + HOUR, pence: 1, paymentMethod: null },
    ])
  })

  it.each([
    [403, '<html>', 'OCTOPUS_BLOCKED'],
    [429, {}, 'OCTOPUS_THROTTLED'],
    [503, '<html>', 'OCTOPUS_SERVER_ERROR'],
    [200, { results: {} }, 'OCTOPUS_BAD_ANSWER'],
    [200, [], 'OCTOPUS_BAD_ANSWER'],
  ])('fail by their own code, after one request: %i %p', async (status, body, code) => {
    const { client, server } = await setUp(() => ({ status, body }))
    await expect(client.rates(GO, from, to)).rejects.toMatchObject({ code })
    expect(server.requests).toHaveLength(1)
  })

  it('of a product that is not published are none, and no error: others may tell of it', async () => {
    const { client, server } = await setUp(() => ({ status: 404, body: { detail: 'Not found.' } }))
    expect(await client.rates(GO, from, to)).toEqual({ rates: [], bands: [] })
    expect(await client.standingCharges(GO, from, to)).toEqual([])
    expect(server.requests).toHaveLength(3)
    // One whose prices are known is published.
    await expect(client.rates(GO, from, to, ['standard'])).rejects.toMatchObject({ code: 'OCTOPUS_REFUSED' })
  })

  it('of which a page is missing are an error', async () => {
    const first = { next: 'more', results: [row('2026-07-01T23:00:00Z', null, 1)] }
    const { client } = await setUp(({ url }) =>
      url.includes('page=2') ? { status: 404, body: { detail: 'Invalid page.' } } : { body: first },
    )
    await expect(client.rates(GO, from, to)).rejects.toMatchObject({ code: 'OCTOPUS_BAD_ANSWER' })
  })

  it('with pages without end are an error, not a part', async () => {
    const { client, server } = await setUp(() => ({
      body: { next: 'more', results: [row('2026-07-01T23:00:00Z', null, 1)] },
    }))
    await expect(client.rates(GO, from, to)).rejects.toMatchObject({ code: 'OCTOPUS_BAD_ANSWER' })
    expect(server.requests).toHaveLength(30)
  })
})

describe('standing charges', () => {
  it('are one request, without the key', async () => {
    const { client, server, paths } = await octopusWith({
      'standing-charges': results(row('2026-10-01T00:00:00+01:00', null, 53.4975, 'DIRECT_DEBIT')),
    })
    expect(await client.standingCharges(GAS, from, to)).toEqual([
      { start: Date.parse('2026-09-30T23:00:00Z'), end: null, pence: 53.4975, paymentMethod: 'DIRECT_DEBIT' },
    ])
    expect(endpointsOf(paths())).toEqual(['standing-charges'])
    expect(server.requests[0]?.headers.authorization).toBeUndefined()
  })
})
