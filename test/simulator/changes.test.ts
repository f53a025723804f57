/** What changes about an account and its cars while the simulator runs, as a client sees it. */
import { afterEach, describe, expect, it } from '@jest/globals'
import { HOUR, MINUTE, SECOND } from '../../src/clock.ts'
import { LivingAccount } from '../../src/simulator/account.ts'
import { type Scenario, type Simulator, scenarioNamed, startSimulator } from '../../src/simulator/index.ts'
import { atLocalTime, halfHoursOfDay } from '../../src/time/london.ts'
import { clientOf } from './client.ts'
import { virtualClock } from './virtual-clock.ts'

const running: Simulator[] = []
afterEach(async () => {
  for (const simulator of running.splice(0)) await simulator.stop()
})

async function started(scenario: string, start: string) {
  const clock = virtualClock(Date.parse(start))
  const simulator = await startSimulator({ clock, scenario })
  running.push(simulator)
  return { clock, simulator, client: clientOf(simulator), car: simulator.household.cars[0] }
}

describe('a registration', () => {
  it('that is renewed gives the car another id, and retires the one before', async () => {
    const { clock, client, car } = await started('overnight', '2026-11-23T18:00:00Z')
    clock.advance(30 * MINUTE)
    const token = await client.token()
    const before = car.deviceId

    car.registration.vanish()
    const { json: gone } = await client.poll(token)
    expect(gone.data.devices.map((each: { id: string }) => each.id)).not.toContain(before)
    expect(gone.data.flexPlannedDispatches).toBeNull()

    car.registration.renew()
    expect(car.deviceId).not.toBe(before)
    const { json: again } = await client.poll(token, car.deviceId)
    const states = again.data.devices.map((each: { id: string; status: { current: string } }) => [
      each.id,
      each.status.current,
    ])
    expect(states).toContainEqual([car.deviceId, 'LIVE'])
    expect(states).toContainEqual([before, 'RETIRED'])
    expect(again.data.flexPlannedDispatches).toHaveLength(2)
    expect((await client.poll(token, before)).json.data.flexPlannedDispatches).toBeNull()
  })

  it('that is only missing for a while comes back as it was', async () => {
    const { client, car } = await started('overnight', '2026-11-23T18:00:00Z')
    const token = await client.token()
    const { json: first } = await client.poll(token)
    car.registration.vanish()
    expect((await client.poll(token)).json.data.devices).toHaveLength(first.data.devices.length - 1)
    car.registration.reappear()
    expect((await client.poll(token)).json.data.devices).toEqual(first.data.devices)
  })
})

describe('the tariff', () => {
  it('changes at midnight: one agreement ends and the other begins, by both ways to ask', async () => {
    const { simulator, client, clock } = await started('overnight', '2026-11-23T18:00:00Z')
    const { account } = simulator
    expect(account).toBeInstanceOf(LivingAccount)
    const midnight = atLocalTime('2026-11-24', '00:00')
    clock.advanceTo(midnight)
    if (account instanceof LivingAccount) account.changeProduct('IOG-SMB-VAR-26-07-06', midnight)
    expect(account.tariff).toBe('E-1R-IOG-SMB-VAR-26-07-06-C')

    const query = `query ($acc: String!) { account(accountNumber: $acc) { electricityAgreements(active: true) {
      validFrom meterPoint { agreements(includeInactive: true) { id validFrom validTo tariff { ... on TariffType { productCode } } } } } } }`
    const { json } = await client.graphql(query, { acc: account.number }, await client.token())
    const [active] = json.data.account.electricityAgreements
    expect(active.validFrom).toBe('2026-11-24T00:00:00+00:00')
    const agreements = active.meterPoint.agreements
    expect(agreements.map((each: { tariff: { productCode: string } }) => each.tariff.productCode)).toEqual([
      'IOG-SMB-VAR-26-07-06',
      'INTELLI-VAR-24-10-29',
      'VAR-22-11-01',
    ])
    expect([agreements[0].validTo, agreements[1].validTo]).toEqual([null, agreements[0].validFrom])
    expect(agreements[2].validTo).toBe(agreements[1].validFrom)

    const rest = await client.rest(`accounts/${account.number}/`)
    const listed = rest.json.properties[0].electricity_meter_points[0].agreements
    expect(listed.map((each: { tariff_code: string }) => each.tariff_code).at(-1)).toBe(account.tariff)
    expect(listed.map((each: { valid_to: string | null }) => each.valid_to).slice(-2)).toEqual([
      '2026-11-24T00:00:00Z',
      null,
    ])
  })

  it('is listed before it begins where it was announced, and the present one with its end', async () => {
    const { simulator, client } = await started('overnight', '2026-11-23T18:00:00Z')
    const { account } = simulator
    const midnight = atLocalTime('2026-11-24', '00:00')
    if (account instanceof LivingAccount) account.announceProduct('IOG-SMB-VAR-26-07-06', midnight)
    expect(account.product).toBe('INTELLI-VAR-24-10-29')
    const query = `query ($acc: String!) { account(accountNumber: $acc) { electricityAgreements(active: true) {
      meterPoint { agreements(includeInactive: true) { validFrom validTo tariff { ... on TariffType { productCode } } } } } } }`
    const { json } = await client.graphql(query, { acc: account.number }, await client.token())
    const [present, next] = json.data.account.electricityAgreements[0].meterPoint.agreements
    expect([present.tariff.productCode, next.tariff.productCode]).toEqual([
      'INTELLI-VAR-24-10-29',
      'IOG-SMB-VAR-26-07-06',
    ])
    expect([present.validTo, next.validFrom, next.validTo]).toEqual([
      '2026-11-24T00:00:00+00:00',
      '2026-11-24T00:00:00+00:00',
      null,
    ])
    if (account instanceof LivingAccount) account.changeProduct('IOG-SMB-VAR-26-07-06', midnight)
    expect(account.agreements.map(({ product }) => product).slice(0, 2)).toEqual([
      'IOG-SMB-VAR-26-07-06',
      'INTELLI-VAR-24-10-29',
    ])
  })

  it('is the same as before where the product is', async () => {
    const account = new LivingAccount(virtualClock(0), 'A-0C70B05A', 'INTELLI-VAR-24-10-29')
    account.changeProduct('INTELLI-VAR-24-10-29', HOUR)
    expect(account.agreements).toHaveLength(1)
  })
})

describe('readings', () => {
  it('may come later than the others of their day, and be others afterwards, until all of it is forgotten', async () => {
    const { clock, simulator } = await started('overnight', '2026-11-23T18:00:00Z')
    const { meter } = simulator.household
    const [first = 0] = halfHoursOfDay('2026-11-22')
    const seen = () => meter.visible(first, first + HOUR).map(reading => reading.kwh)
    clock.advance(HOUR)
    const [one = 0, two = 0] = seen()
    meter.leaveGap(first, first + HOUR / 2, clock.now() + HOUR)
    expect(seen()).toEqual([two])
    clock.advance(HOUR)
    expect(seen()).toEqual([one, two])
    meter.correct('2026-11-22', clock.now() + HOUR, 2)
    expect(seen()).toEqual([one, two])
    clock.advance(HOUR)
    const corrected = seen()
    expect(corrected[0]).toBeCloseTo(2 * one, 2)
    expect(corrected[1]).toBeCloseTo(2 * two, 2)
    clock.advance(402 * 24 * HOUR)
    meter.forget()
    expect(seen()).toEqual([one, two])
  })
})

describe('a test spike', () => {
  it('is a minute of little and six seconds of more, and in no list', async () => {
    const { clock, simulator, car } = await started('overnight', '2026-11-23T18:00:00Z')
    clock.advance(30 * MINUTE)
    const watts: [number, number][] = []
    const from = clock.now()
    simulator.household.on(event => {
      if (event.type === 'charging') watts.push([(event.at - from) / SECOND, event.watts])
    })
    car.charger.test()
    clock.advance(2 * HOUR)
    expect(watts).toEqual([
      [0, 160],
      [30, 1610],
      [36, 160],
      [60, 0],
    ])
    expect(simulator.household.completed()).toEqual([])
  })
})

describe('a lost connection', () => {
  it('ends with the state that the cable and the plan make', async () => {
    const { clock, car } = await started('overnight', '2026-11-23T18:00:00Z')
    car.say('LOST_CONNECTION')
    car.regain()
    expect(car.state).toBe('SMART_CONTROL_NOT_AVAILABLE')
    clock.advance(30 * MINUTE)
    car.say('LOST_CONNECTION')
    expect(car.state).toBe('LOST_CONNECTION')
    car.regain()
    expect(car.state).toBe('SMART_CONTROL_IN_PROGRESS')
    car.suspend()
    car.regain()
    expect(car.state).toBe('SMART_CONTROL_OFF')
  })
})

describe('day N', () => {
  it('charges through the night and again from 11:40 to 12:10', async () => {
    const scenario = scenarioNamed('day-n') as Scenario
    const clock = virtualClock(scenario.startInstant(Date.parse('2026-11-23T12:00:00Z')))
    const simulator = await startSimulator({ clock, scenario })
    running.push(simulator)
    clock.advanceTo(Date.parse('2026-11-24T12:30:00Z'))
    const used = simulator.household.completed().map(row => new Date(row.start).toISOString().slice(11, 16))
    expect(used).toContain('11:30')
    expect(used.filter(start => start < '05:30' || start === '23:30')).toHaveLength(12)
  })
})
