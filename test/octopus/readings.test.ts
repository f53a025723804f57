import { Buffer } from 'node:buffer'
import { describe, expect, it } from '@jest/globals'
import { HALF_HOUR, HOUR, type Instant } from '../../src/clock.ts'
import type { Octopus } from '../../src/octopus/octopus.ts'
import { toIso } from '../../src/time/london.ts'
import { NOON, queryOf, setUp } from './support/client.ts'
import { API_KEY } from './support/samples.ts'
import { type Seen, startServer } from './support/server.ts'

const DAY = 24 * HOUR
const METER = { fuel: 'electricity', point: '10 00/1', serial: 'S1' } as const
const row = (start: string, consumption: unknown) => ({ interval_start: start, interval_end: '', consumption })
const ask = (client: Octopus) => client.consumption(METER, NOON, NOON + HOUR)

/** Every half hour that was asked for, up to `rows` of them, as Octopus does. */
const answerOf = (request: Seen, rows: number, amount: (start: Instant) => unknown = () => 0.1) => {
  const { period_from: from = '', period_to: to = '' } = queryOf(request)
  const results: object[] = []
  let start = Date.parse(from)
  for (; start < Date.parse(to) && results.length < rows; start += HALF_HOUR)
    results.push(row(toIso(start), amount(start)))
  return { body: { count: 1, next: start < Date.parse(to) ? 'http://elsewhere.test/?page=2' : null, results } }
}

describe('readings', () => {
  it('come from the configured host, oldest first, by the key', async () => {
    const { client, server, store, clock, paths } = await setUp(() => ({
      body: {
        next: null,
        results: [
          row('2026-11-23T12:00:00Z', '0.25'),
          row('2026-11-23T13:00:00Z', 9),
          row('2026-11-23T13:30:00+01:00', 0.063),
          row('2026-11-23T12:10:00Z', 1),
          row('never', 1),
          row('2026-11-23T12:00:00Z', -1),
          null,
        ],
      },
    }))
    expect(await ask(client)).toEqual([
      { start: NOON, amount: 0.25 },
      { start: NOON + HALF_HOUR, amount: 0.063 },
    ])
    expect(paths()).toEqual(['electricity-meter-points/10%2000%2F1/meters/S1/consumption/'])
    expect(queryOf(server.requests[0] as Seen)).toMatchObject({
      period_from: '2026-11-23T12:00:00Z',
      period_to: '2026-11-23T13:00:00Z',
      order_by: 'period',
    })
    expect(server.requests[0]?.headers.authorization).toBe(`Basic ${Buffer.from(`${API_KEY}:`).toString('base64')}`)
    expect(store.ledger.history(clock.now()).map(({ kind, outcome }) => [kind, outcome])).toEqual([
      ['background', 'ok'],
    ])
  })

  it('of gas come in the unit of the meter, unchanged', async () => {
    const { client, paths } = await setUp(request => answerOf(request, 100, () => '0.0620000001'))
    const meter = { fuel: 'gas', point: '7700000001', serial: 'G1' } as const
    expect((await client.consumption(meter, NOON, NOON + HALF_HOUR))[0]?.amount).toBe(0.0620000001)
    expect(paths()).toEqual(['gas-meter-points/7700000001/meters/G1/consumption/'])
  })

  it('of a year are five requests', async () => {
    const { client, server } = await setUp(request => answerOf(request, 25_000))
    const year = { from: NOON - 365 * DAY, to: NOON }
    const readings = await client.consumption(METER, year.from, year.to)
    expect(readings.map(({ start }) => start)).toEqual(
      Array.from({ length: 365 * 48 }, (_, at) => year.from + at * HALF_HOUR),
    )
    expect(server.requests).toHaveLength(5)
    expect(Number(queryOf(server.requests[0] as Seen).page_size)).toBeGreaterThan(90 * 48)
  })

  it('that Octopus cuts into smaller pages are asked for from where it stopped, never by its link', async () => {
    const { client, server } = await setUp(request => answerOf(request, 2))
    expect(await client.consumption(METER, NOON, NOON + 3 * HOUR)).toHaveLength(6)
    expect(server.requests.map(request => queryOf(request).period_from)).toEqual(
      [0, 1, 2].map(hour => toIso(NOON + hour * HOUR)),
    )
  })

  it('of an empty answer are none, and whole', async () => {
    const { client, server } = await setUp(() => ({ body: { count: 0, next: null, results: [] } }))
    expect(await ask(client)).toEqual([])
    expect(server.requests).toHaveLength(1)
  })

  it.each([
    ['has nothing', []],
    ['has the newest first', [row(toIso(NOON + HALF_HOUR), 1), row(toIso(NOON), 1)]],
  ])('of a page that is cut and %s are not believed', async (_, results) => {
    const elsewhere = await startServer(() => ({ body: { results: [] } }))
    const { client } = await setUp(() => ({ body: { next: `${elsewhere.url}/v1/next`, results } }))
    await expect(ask(client)).rejects.toMatchObject({ code: 'OCTOPUS_BAD_ANSWER' })
    expect(elsewhere.requests).toEqual([])
  })

  it('are not had in part where an Octopus gives a row at a time', async () => {
    const { client, server } = await setUp(request => answerOf(request, 1))
    await expect(client.consumption(METER, NOON - 30 * DAY, NOON)).rejects.toMatchObject({ code: 'OCTOPUS_BAD_ANSWER' })
    expect(server.requests).toHaveLength(20)
  })

  it.each([
    [401, { detail: 'no' }, 'OCTOPUS_KEY_REJECTED'],
    [403, '<html>blocked</html>', 'OCTOPUS_BLOCKED'],
    [403, { detail: 'not yours' }, 'OCTOPUS_FORBIDDEN'],
    [404, { detail: 'Not found.' }, 'OCTOPUS_REFUSED'],
    [429, { detail: 'slow' }, 'OCTOPUS_THROTTLED'],
    [500, '<html>', 'OCTOPUS_SERVER_ERROR'],
    [200, '<html>', 'OCTOPUS_BAD_ANSWER'],
    [200, { results: null }, 'OCTOPUS_BAD_ANSWER'],
  ])('fail by their own code: %i %p', async (status, body, code) => {
    const { client } = await setUp(() => ({ status, body }))
    const error = await ask(client).then(
      () => null,
      (thrown: unknown) => thrown,
    )
    expect(error).toMatchObject({ code })
    expect(String((error as Error).stack)).not.toContain('sk_live')
  })
})
