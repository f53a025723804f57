/** That the invariants bite: each is shown the lie that it is there for, told to the broker as if the daemon had told it. */
import { afterEach, describe, expect, it } from '@jest/globals'
import { HOUR, type Instant, MINUTE, SECOND } from '../../src/clock.ts'
import { atLocalTime } from '../../src/time/london.ts'
import { INVARIANTS } from './invariants/all.ts'
import { BROKER_PASSWORD, World } from './world/world.ts'

/** A Monday evening on which the car is plugged in at 18:10 and planned for the night. */
const BEGINS = atLocalTime('2026-11-23', '18:00')
const LIMIT = 60 * SECOND

let world: World | null = null

afterEach(async () => {
  await world?.end()
  world = null
})

/** Lives until `until`, lets `lie` be told, and goes on for `after`; gives the names of the invariants that are broken then. */
async function broken(until: Instant, lie: (world: World) => void, after = 5 * SECOND): Promise<string[]> {
  const made = new World({
    seed: 'sabotage',
    begins: BEGINS,
    scenario: 'overnight',
    signals: 'all',
    invariants: INVARIANTS,
  })
  world = made
  await made.begin()
  await made.startBroker(true)
  made.startDaemon()
  await made.run(until)
  expect(made.violations).toEqual([])
  lie(made)
  await made.run(until + after)
  return made.violations.map(({ invariant }) => invariant)
}

const account = (path: string) => `octopus2mqtt/a-0c70b05a/${path}`
const says =
  (path: string, payload: string) =>
  ({ broker }: World): void =>
    broker.publish(account(path), payload, true)

const AT_SEVEN = atLocalTime('2026-11-23', '19:00')
const AT_MIDNIGHT = atLocalTime('2026-11-24', '00:10')
const AT_TWO = atLocalTime('2026-11-24', '02:40')

describe('an invariant finds', () => {
  it.each<[string, Instant, (world: World) => void, number?]>([
    ['known-edge', AT_SEVEN, says('family_car/dispatch_active', 'ON')],
    ['known-edge', AT_MIDNIGHT, says('family_car/dispatch_active', 'OFF')],
    ['night', AT_MIDNIGHT, says('account/off_peak', 'OFF')],
    ['cheap-has-a-cause', AT_SEVEN, says('account/house_cheap', 'ON'), 4 * MINUTE],
    ['cheap-says-until-when', AT_MIDNIGHT, says('account/house_cheap_until', 'None')],
    ['agrees-after-trouble', AT_TWO, says('family_car/intelligent_state', 'SMART_CONTROL_OFF')],
    ['never-fresher-than-it-is', AT_TWO, says('account/data_last_retrieved', '2026-11-24T09:00:00Z'), 2 * MINUTE],
    ['no-secret-told', AT_SEVEN, says('account/api_status', `refused ${encodeURIComponent(BROKER_PASSWORD)}`)],
    ['payloads-well-formed', AT_SEVEN, says('family_car/planned_energy', 'NaN')],
    ['no-topic-left-behind', AT_SEVEN, says('a_car_that_was_sold/charging', 'OFF'), 3 * HOUR],
    ['presence', AT_SEVEN, ({ broker }) => broker.publish('octopus2mqtt/bridge/state', 'offline', true), 0],
    [
      'plan-as-octopus-said',
      AT_SEVEN,
      says(
        'family_car/plan',
        '{"rows":[{"start":"2026-11-23T20:00:00Z","end":"2026-11-23T21:00:00Z","type":"SMART","energy_kwh":-7}],"fetched_at":"2026-11-23T18:55:00Z","state":"SMART_CONTROL_IN_PROGRESS"}',
      ),
    ],
  ])(
    '%s',
    async (name, until, lie, after) => {
      if (name === 'presence') {
        // Nobody corrects it: the daemon is killed, and says that it is there.
        const names = await broken(
          until,
          made => {
            made.killDaemon()
            made.time.clock.after(SECOND, () => made.broker.publish('octopus2mqtt/bridge/state', 'online', true))
          },
          3 * MINUTE,
        )
        expect(names).toContain(name)
        return
      }
      expect(await broken(until, lie, after)).toContain(name)
    },
    LIMIT,
  )

  it(
    'dispatch-gap and dispatch-limit, counted where requests arrive',
    async () => {
      const ask = ({ simulator }: World): void => {
        const body = JSON.stringify({ query: '{ completedDispatches(accountNumber: "A") { start } }' })
        for (let count = 0; count < 21; count += 1) {
          // Whether it is answered is nobody's business here.
          simulator
            .fetch(simulator.graphqlUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
            .catch(() => {})
        }
      }
      expect(await broken(AT_SEVEN, ask)).toContain('dispatch-gap')
    },
    LIMIT,
  )
})
