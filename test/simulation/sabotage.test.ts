/** That the invariants bite: each is shown the lie that it is there for, told to the broker as if the daemon had told it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { HOUR, type Instant, MINUTE, SECOND } from '../../src/clock.ts'
import { atLocalTime } from '../../src/time/london.ts'
import { INVARIANTS } from './invariants/all.ts'
import { BROKER_PASSWORD, World } from './world/world.ts'

/** A Monday evening on which the car is plugged in at 18:10 and planned for the night. */
const BEGINS = atLocalTime('2026-11-23', '18:00')
const at = (time: string): Instant => {
  const today = atLocalTime('2026-11-23', time)
  return today > BEGINS ? today : atLocalTime('2026-11-24', time)
}

const account = (path: string) => `octopus2mqtt/a-0c70b05a/${path}`
const says =
  (path: string, payload: string) =>
  ({ broker }: World): void =>
    broker.publish(account(path), payload, true)

const PHANTOM_PLAN = JSON.stringify({
  rows: [{ start: '2026-11-23T20:00:00Z', end: '2026-11-23T21:00:00Z', type: 'SMART', energy_kwh: -7 }],
  fetched_at: '2026-11-23T19:09:30Z',
  state: 'SMART_CONTROL_IN_PROGRESS',
})

function asksTooOften({ simulator }: World): void {
  const body = JSON.stringify({ query: '{ completedDispatches(accountNumber: "A") { start } }' })
  const headers = { 'content-type': 'application/json' }
  // Whether it is answered is nobody's business here.
  for (let count = 0; count < 21; count += 1)
    simulator.fetch(simulator.graphqlUrl, { method: 'POST', headers, body }).catch(() => {})
}

function overcharges(world: World): void {
  const path = 'electricity_import/previous_accumulative_cost'
  says(path, JSON.stringify({ value: 99, last_reset: '2026-11-22T00:00:00Z' }))(world)
  says(`${path}/attributes`, JSON.stringify({ date: '2026-11-22', is_provisional: false }))(world)
}

/** What is told, when, and what it is to break within the next minutes. */
const LIES: readonly (readonly [time: string, invariant: string, lie: (world: World) => void])[] = [
  ['19:00', 'known-edge', says('family_car/dispatch_active', 'ON')],
  ['19:05', 'cheap-has-a-cause', says('account/house_cheap', 'ON')],
  ['19:10', 'plan-as-octopus-said', says('family_car/plan', PHANTOM_PLAN)],
  ['19:15', 'no-secret-told', says('account/api_status', `refused ${encodeURIComponent(BROKER_PASSWORD)}`)],
  ['19:20', 'payloads-well-formed', says('family_car/planned_energy', 'NaN')],
  ['19:25', 'never-fresher-than-it-is', says('account/data_last_retrieved', '2026-11-24T09:00:00Z')],
  ['19:30', 'no-topic-left-behind', says('a_car_that_was_sold/charging', 'OFF')],
  ['19:35', 'rate-as-the-tariff', says('electricity_import/current_rate', '0.5')],
  ['19:37', 'policy-as-agreed', says('account/house_cheap/attributes', '{"policy":"charge_cap"}')],
  ['19:40', 'register-never-falls', says('electricity_import/accumulative_consumption', '0.1')],
  ['19:45', 'cost-as-billed', overcharges],
  ['00:10', 'night', says('account/off_peak', 'OFF')],
  ['00:15', 'cheap-says-until-when', says('account/house_cheap_until', 'None')],
  ['02:40', 'agrees-after-trouble', says('family_car/intelligent_state', 'SMART_CONTROL_OFF')],
  ['02:50', 'dispatch-limit', asksTooOften],
  [
    '03:00',
    'presence',
    world => {
      world.killDaemon()
      world.time.clock.after(SECOND, () => world.broker.publish('octopus2mqtt/bridge/state', 'online', true))
    },
  ],
]

const world = new World({
  seed: 'sabotage',
  begins: BEGINS,
  scenario: 'overnight',
  signals: 'all',
  invariants: INVARIANTS,
  enough: 100_000,
})

describe('an invariant finds', () => {
  let before = 0

  beforeAll(async () => {
    await world.begin()
    await world.startBroker(true)
    world.startDaemon()
    await world.run(at(LIES[0]?.[0] ?? '19:00'))
    before = world.violations.length
    for (const [time, , lie] of LIES) {
      await world.run(at(time))
      lie(world)
      await world.run(at(time) + 4 * MINUTE)
    }
    await world.run(at('03:00') + HOUR)
  }, 3 * MINUTE)

  afterAll(() => world.end())

  it('nothing while nobody lies', () => {
    expect(before).toBe(0)
  })

  it.each(LIES.map(([time, invariant]) => [invariant, at(time)] as const))('%s', (invariant, told) => {
    const found = world.violations.filter(violation => violation.invariant === invariant && violation.at >= told)
    expect(found.length).toBeGreaterThan(0)
  })
})
