/** `/metrics` of a bridge that runs, while an evening happens to it; and its log, turned up and down meanwhile. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Bridge } from '../../src/bridge.ts'
import { families } from '../status/exposition.ts'
import { closeEverything, startBroker, type TestBroker } from '../support/broker.ts'
import { inHouse } from './house.ts'
import { pluggedIn, rowsAfter } from './scenes.ts'
import { secretsIn } from './secrets.ts'

let broker: TestBroker

beforeAll(async () => {
  broker = await startBroker()
})
afterAll(closeEverything)

async function scrape(bridge: Bridge): Promise<{ text: string; value: (name: string, ...labels: string[]) => number }> {
  const answer = await fetch(`${bridge.statusUrl}/metrics`)
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  const text = await answer.text()
  const found = families(text)
  const value = (name: string, ...labels: string[]) => {
    const [family = ''] = [...found.keys()]
      .filter(each => `octopus2mqtt_${name}`.startsWith(each))
      .sort((a, b) => b.length - a.length)
    const samples = found.get(family)?.samples.filter(each => each.name === `octopus2mqtt_${name}`) ?? []
    const fits = samples.filter(each => labels.every(label => Object.values(each.labels).includes(label)))
    return fits.length === 1 ? (fits[0]?.value ?? Number.NaN) : Number.NaN
  }
  return { text, value }
}

describe('/metrics', () => {
  it.concurrent(
    'tells of calls, edges, the broker and the data, and of nothing that is secret',
    inHouse(
      () => ({ broker, scenario: pluggedIn(rowsAfter([5, 25])) }),
      async house => {
        const bridge = await house.start()
        await house.shows('car/dispatch_active', 'ON')
        await house.shows('car/dispatch_active', 'OFF')
        const before = await scrape(bridge)
        const dispatches = house.dispatchCalls.filter(({ outcome }) => outcome === 'ok').length
        const counted = before.value('octopus_requests_total', 'dispatch', 'ok')
        expect(counted).toBeGreaterThanOrEqual(1)
        expect(counted).toBeLessThanOrEqual(dispatches)
        expect(before.value('octopus_requests_total', 'token', 'ok')).toBe(1)
        expect(before.value('octopus_request_duration_seconds_count', 'dispatch')).toBe(counted)
        expect(before.value('last_hour_requests', 'dispatch') + before.value('dispatch_requests_left')).toBe(20)
        // The window ended; that it began was known beforehand only where the first answer was there by then.
        expect(before.value('edge_lag_seconds_count')).toBeGreaterThanOrEqual(1)
        expect(before.value('edge_lag_seconds_bucket', '10')).toBe(before.value('edge_lag_seconds_count'))
        expect(before.value('data_age_seconds')).toBeGreaterThanOrEqual(0)
        expect(before.value('mqtt_connected')).toBe(1)
        expect(before.value('mqtt_connections_total')).toBe(1)
        expect(before.value('mqtt_published_messages_total')).toBeGreaterThan(50)
        expect(before.value('store_degraded')).toBe(0)
        expect(before.value('healthy')).toBe(1)
        expect(before.value('notices_open', 'key_rejected')).toBe(0)
        const { account } = house.simulator
        expect(secretsIn([before.text], [house.simulator.apiKey])).toEqual([])
        expect(before.text.toLowerCase()).not.toContain(account.number.toLowerCase())
        expect(before.text).not.toMatch(/\d{10,}(?![\d.]*\n)/)
        expect(before.text).not.toContain('family_car')

        house.simulator.faults.inject({ kind: 'http_500', operation: 'Poll' })
        const failed = house.next('account/api_status', 'unreachable')
        await house.press()
        await failed
        const after = await scrape(bridge)
        expect(after.value('octopus_requests_total', 'dispatch', 'octopus_server_error')).toBeGreaterThanOrEqual(1)
        expect(after.value('api_status', 'unreachable')).toBe(1)
        expect(after.value('api_status', 'ok')).toBe(0)
      },
    ),
  )

  it.concurrent(
    'is not there where the status server is off',
    inHouse(
      () => ({ broker }),
      async house => {
        const bridge = await house.startAndSettle({ status: { enabled: false } })
        expect(bridge.statusUrl).toBeNull()
      },
    ),
  )
})

describe('the level of the log', () => {
  it.concurrent(
    'is changed while it runs, by a request, down to the logger itself',
    inHouse(
      () => ({ broker }),
      async house => {
        await house.startAndSettle({ log: { level: 'info' } })
        const asking = () => house.log.filter(line => line.includes('"asking Octopus"')).length
        expect(asking()).toBe(0)
        expect(await house.ask('log_level', { level: 'debug' })).toMatchObject({
          status: 'ok',
          data: { level: 'debug' },
        })
        const heard = house.logs(/"level":20.*"asking Octopus"/)
        await house.press()
        await heard
        expect(await house.ask('log_level', { level: 'silent' })).toMatchObject({
          status: 'ok',
          data: { level: 'silent' },
        })
        const quiet = house.log.length
        house.simulator.faults.inject({ kind: 'http_500', operation: 'Poll' })
        const failed = house.next('account/api_status', 'unreachable')
        await house.press()
        await failed
        expect(house.log.length).toBe(quiet)
        expect(await house.ask('log_level', { level: 'loud' })).toMatchObject({
          status: 'error',
          error: { code: 'REQUEST_INVALID', message: expect.stringContaining('"trace"') },
        })
        expect(await house.ask('log_level', {})).toMatchObject({ status: 'error' })
        expect(house.log.length).toBe(quiet)
        expect(await house.ask('log_level', { level: 'info' })).toMatchObject({ status: 'ok' })
        // Octopus goes on failing, and now it is told of.
        await house.logs(/"level":40.*"code":"OCTOPUS_SERVER_ERROR"/)
      },
    ),
  )
})
