/** What the page lives on, of a daemon that lives: it says what the broker holds and what Octopus was asked, and why. */
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { HOUR } from '../../src/clock.ts'
import type { PageModel } from '../../src/status/page/model.ts'
import { closeEverything, startBroker, type TestBroker } from '../support/broker.ts'
import { inHouse } from './house.ts'
import { secretsIn } from './secrets.ts'

let broker: TestBroker
beforeAll(async () => {
  broker = await startBroker()
})
afterAll(closeEverything)

it(
  'the page says what is so elsewhere, asks when the limits allow, and tells no secret',
  inHouse(
    () => ({ broker }),
    async house => {
      const bridge = await house.startAndSettle()
      await house.shows('bridge/state', 'online')
      const get = async (path: string) => (await fetch(`${bridge.statusUrl}/${path}`)).text()
      const text = await get('api/page')
      const page = JSON.parse(text) as PageModel
      expect(page.account?.slug).toBe(house.simulator.account.number.toLowerCase())
      expect(page.cars[0]).toMatchObject({ slug: 'family_car', pluggedIn: true })
      expect(page.timeline.cars[0]?.planned.length).toBeGreaterThan(0)
      expect(page.changes).toEqual([])
      // Both nights, and the one before: today began in it.
      expect(page.timeline.offPeak).toHaveLength(3)

      const [first] = page.timeline.calls
      expect(first).toEqual({
        at: house.dispatchCalls[0]?.at,
        mode: 'event',
        reason: 'started with no fresh answer',
        outcome: 'ok',
      })

      const held = page.topics.find(({ topic }) => topic === house.topic('car/plugged_in'))
      expect(held).toMatchObject({ payload: 'ON', name: 'Plugged in', device: 'family_car' })
      expect(page.topics[0]).toMatchObject({ topic: house.topic('bridge/state'), payload: 'online' })
      const plan = house.topic('car/plan')
      expect(JSON.parse(await get(`api/topic?name=${plan}`))).toEqual(house.json('car/plan'))

      const row = { start: page.at + 3 * HOUR, end: page.at + 4 * HOUR }
      const rows = [{ start: new Date(row.start), end: new Date(row.end), energyAddedKwh: -7 }]
      await fetch(`${house.simulator.url}/simulator/plan`, { method: 'POST', body: JSON.stringify({ rows }) })
      const changed = house.next('car/plan_changed', /"added"/)
      const answer = await fetch(`${bridge.statusUrl}/api/refresh`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      })
      const { next_refresh: next } = (await answer.json()) as { next_refresh: string }
      expect(Date.parse(next)).toBeGreaterThan(page.at - 1_000)
      await changed
      const after = JSON.parse(await get('api/page')) as PageModel
      const kinds = after.changes.map(({ car, kind }) => [car, kind])
      expect(kinds).toContainEqual(['family_car', 'added'])
      expect(kinds).toContainEqual(['family_car', 'removed'])
      expect(secretsIn([text, await get('')], [house.simulator.apiKey])).toEqual([])
    },
  ),
)
