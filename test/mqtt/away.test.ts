/** For how long the broker is away is no matter of the clock on the wall. */
import { expect, it } from '@jest/globals'
import { HOUR, MINUTE, SECOND, systemClock } from '../../src/clock.ts'
import { MqttConnection } from '../../src/mqtt/connection.ts'

it.each([
  [3 * HOUR, SECOND],
  [-3 * HOUR, 11 * MINUTE],
])('a clock that is set by %d ms changes nothing', async (jump, away) => {
  let [wall, mono] = [Date.parse('2026-11-23T12:00:00Z'), 5 * HOUR]
  const clock = { ...systemClock, now: () => wall, monotonic: () => mono }
  const will = { topic: 'a', payload: '' }
  const settings = { url: 'mqtt://127.0.0.1:1', protocolVersion: 4 as const, clientId: 'x', will }
  const broker = new MqttConnection(settings, clock)
  expect(broker.disconnectedSince).toBeNull()
  broker.connect()
  mono += away
  wall += away + jump
  expect(wall - (broker.disconnectedSince ?? Number.NaN)).toBe(away)
  await broker.close()
})
