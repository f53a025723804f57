/** When the house is cheap: what the contract of the account asks for, seen from outside. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { MINUTE } from '../../src/clock.ts'
import { closeEverything, startBroker, type TestBroker } from '../support/broker.ts'
import { inHouse } from './house.ts'
import { pluggedIn, rowsAfter } from './scenes.ts'

const SPEED = 240

let broker: TestBroker

beforeAll(async () => {
  broker = await startBroker()
})
afterAll(closeEverything)

const withCap = () => ({
  broker,
  speed: SPEED,
  product: 'IOG-SMB-VAR-26-07-06' as const,
  scenario: pluggedIn(rowsAfter([6, 10])),
})

describe('with the six hours of smart charging', () => {
  it.concurrent(
    'a half hour is cheap once the car has drawn in it, and until it ends',
    inHouse(withCap, async house => {
      const drawing = house.recorder.first(
        ({ topic, payload }) => topic === house.ev('car', 'power') && payload === '7200',
      )
      await house.startAndSettle()
      await house.shows('car/dispatch_active', 'ON')
      expect(house.newest('account/house_cheap')).toBe('OFF')
      expect(house.json('account/house_cheap/attributes')).toMatchObject({
        policy: 'charge_cap',
        reason: 'awaiting_evidence',
      })
      const cheap = await house.next('account/house_cheap', 'ON')
      // Ten watt hours at 7.2 kW are five seconds.
      expect(cheap.at - (await drawing).at).toBeGreaterThanOrEqual(0)
      expect(cheap.at - (await drawing).at).toBeLessThan(2 * MINUTE)
      await house.shows('account/smart_half_hours_used', '1')
      await house.next('car/dispatch_active', 'OFF')
      expect(house.newest('account/house_cheap')).toBe('ON')
      expect(house.newest('account/house_cheap_until')).toBe('2026-11-23T12:30:00Z')
    }),
  )

  it.concurrent(
    'nobody can say whether it is cheap where nothing tells whether the car draws',
    inHouse(withCap, async house => {
      await house.start({ ev: { charging: undefined, power: undefined } })
      await house.shows('car/dispatch_active', 'ON')
      await house.shows('account/house_cheap/attributes', /"no_evidence_source"/)
      expect(house.newest('account/house_cheap')).toBe('None')
      expect(house.newest('car/intelligent_dispatching')).toBe('ON')
    }),
  )

  it.concurrent(
    'a boost is neither a dispatch nor cheap',
    inHouse(
      () => ({ ...withCap(), scenario: pluggedIn(rowsAfter([300, 400]), { commandTaken: () => 0 }) }),
      async house => {
        await house.startAndSettle()
        expect(house.simulator.household.car()?.boost()).toEqual([])
        await house.next('car/boosting', 'ON')
        await house.shows('car/charging', 'ON')
        expect(house.newest('car/intelligent_state')).toBe('BOOSTING')
        expect(house.newest('car/dispatch_active')).toBe('OFF')
        expect(house.newest('account/house_cheap')).toBe('OFF')
        await house.shows('car/plan', /BOOST/)
        const { rows } = house.json('car/plan')
        expect(rows.find(({ type }: { type: string }) => type === 'BOOST')).toMatchObject({
          stands: false,
          why: 'boost',
        })
      },
    ),
  )
})
