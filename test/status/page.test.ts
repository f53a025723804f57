import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { HALF_HOUR, HOUR, MINUTE, SECOND } from '../../src/clock.ts'
import type { PageInput } from '../../src/status/page/input.ts'
import { pageOf } from '../../src/status/page/page-of.ts'
import { londonDate } from '../../src/time/london.ts'
import { knownMeter } from '../entities/meters.ts'
import {
  anySnapshot,
  everythingKnown,
  knownAccount,
  knownCar,
  listedRow,
  NOW,
  nothingKnown,
  twoCars,
  unknownCheap,
} from '../entities/snapshots.ts'
import { dispatchCall, inputOf, well } from './page-input.ts'

const page = (more: Partial<PageInput> = {}) => pageOf(inputOf(more))
const at = (text: string) => Date.parse(text)
const iso = ({ start, end }: { start: number; end: number }) => [start, end].map(time => new Date(time).toISOString())

const noDispatch = { ...unknownCheap, value: false, reason: 'no_dispatch' as const }

/** No row is planned or running: whatever the timeline shows of cheap time comes from elsewhere. */
const quiet = {
  ...everythingKnown,
  account: knownAccount({ houseCheap: noDispatch }),
  cars: [knownCar({ plan: { rows: [], fetchedAt: NOW, state: null }, started: [], completed: [] })],
}

describe('the timeline', () => {
  it('goes from London’s midnight today to the end of tomorrow, also where clocks change', () => {
    const { start, midnight, end } = page().timeline
    expect([start, midnight, end].map(time => new Date(time).toISOString())).toEqual([
      '2026-11-23T00:00:00.000Z',
      '2026-11-24T00:00:00.000Z',
      '2026-11-25T00:00:00.000Z',
    ])
    const spring = page({ at: at('2026-03-28T12:00:00Z'), snapshot: null }).timeline
    expect([spring.midnight - spring.start, spring.end - spring.midnight]).toEqual([24 * HOUR, 23 * HOUR])
    const summer = page({ at: at('2026-06-30T23:30:00Z'), snapshot: null }).timeline
    expect(new Date(summer.start).toISOString()).toBe('2026-06-30T23:00:00.000Z')
  })

  it('has the rows of each car with whether they count and why not, cut off at its ends', () => {
    const rows = [
      listedRow(at('2026-11-22T23:00:00Z'), at('2026-11-23T01:00:00Z'), { stands: false, why: 'ended' }),
      listedRow(NOW + HOUR, NOW + 2 * HOUR, { energyKwh: -7, type: null }),
    ]
    const snapshot = { ...quiet, cars: [knownCar({ plan: { rows, fetchedAt: NOW, state: null } })] }
    const [lane] = page({ snapshot }).timeline.cars
    expect(lane?.planned.map(({ stands, why, type, kwh }) => [stands, why, type, kwh])).toEqual([
      [false, 'ended', 'SMART', 3.5],
      [true, 'stands', 'SMART', 7],
    ])
    expect(iso(lane?.planned[0] ?? { start: 0, end: 0 })[0]).toBe('2026-11-23T00:00:00.000Z')
  })

  it('has what was cheap as it was said then, what is certain, and what to expect, none of it twice', () => {
    const believed = [
      { start: at('2026-11-23T05:00:00Z'), cheap: true, reason: 'off_peak' },
      { start: at('2026-11-23T20:30:00Z'), cheap: true, reason: 'dispatch' },
      { start: at('2026-11-23T21:00:00Z'), cheap: true, reason: 'dispatch' },
      { start: at('2026-11-23T21:30:00Z'), cheap: false, reason: 'no_dispatch' },
      { start: at('2026-11-23T22:00:00Z'), cheap: true, reason: 'dispatch' },
    ]
    const rows = [listedRow(at('2026-11-23T22:00:00Z'), at('2026-11-23T22:50:00Z'))]
    const houseCheap = {
      ...unknownCheap,
      value: true,
      reason: 'dispatch' as const,
      until: at('2026-11-23T22:30:00Z'),
      expectedUntil: at('2026-11-23T23:00:00Z'),
    }
    const snapshot = {
      ...quiet,
      account: knownAccount({ houseCheap }),
      cars: [knownCar({ plan: { rows, fetchedAt: NOW, state: null } })],
    }
    const offPeak = [{ start: at('2026-11-23T23:30:00Z'), end: at('2026-11-24T05:30:00Z') }]
    const { cheap } = page({ believed, snapshot, offPeak }).timeline
    expect(cheap.map(({ kind, why, ...span }) => [kind, why, ...iso(span).map(text => text.slice(8, 16))])).toEqual([
      ['was', 'off_peak', '23T05:00', '23T05:30'],
      ['was', 'dispatch', '23T20:30', '23T21:30'],
      ['was', 'dispatch', '23T22:00', '23T22:10'],
      ['is', 'dispatch', '23T22:10', '23T22:30'],
      ['expected', 'dispatch', '23T22:30', '23T23:00'],
      ['is', 'off_peak', '23T23:30', '24T05:30'],
    ])
  })

  it('expects nothing cheap of a plan where smart charging is billed like everything else', () => {
    const rows = [listedRow(at('2026-11-24T09:00:00Z'), at('2026-11-24T10:00:00Z'))]
    const cars = [knownCar({ plan: { rows, fetchedAt: NOW, state: null } })]
    const stretches = (dispatchIsCheap: boolean) =>
      page({ snapshot: { ...quiet, cars, account: knownAccount({ houseCheap: unknownCheap, dispatchIsCheap }) } })
        .timeline.cheap
    expect(stretches(true)).toHaveLength(1)
    expect(stretches(false)).toEqual([])
  })

  it('gives no dispatch as a reason, and counts no smart half hours, where the contract knows of neither', () => {
    const account = (more: object, houseCheap: object = noDispatch) =>
      page({ snapshot: { ...quiet, account: knownAccount({ houseCheap: { ...noDispatch, ...houseCheap }, ...more }) } })
        .account
    expect(account({}, { policy: 'charge_cap' })).toMatchObject({ cheap: { reason: 'no_dispatch' }, smartHalfHours: 3 })
    expect(account({}, { policy: 'whole_slot' })).toMatchObject({ smartHalfHours: null })
    expect(account({ dispatchIsCheap: false }, { policy: 'charge_cap' })).toMatchObject({
      cheap: { reason: 'not_off_peak' },
      smartHalfHours: null,
    })
  })

  it('says that a car dispatches where a dispatch is active, and not by night alone', () => {
    const cars = [knownCar({ dispatchActive: false, intelligentDispatching: true })]
    expect(page({ snapshot: { ...quiet, cars } }).cars).toMatchObject([{ dispatching: false }])
  })

  it('has each call with the reason that was written down for it, and none for those of other commands', () => {
    const calls = [dispatchCall(20), dispatchCall(10, 'OCTOPUS_TIMEOUT'), dispatchCall(2, null)]
    const reasons = [
      { at: NOW - 20 * MINUTE - 3 * SECOND, mode: 'steady', reason: 'every 5 min' },
      { at: NOW - 2 * MINUTE, mode: 'event', reason: 'charging began or ended' },
      'nonsense',
      { at: 'x' },
      null,
    ]
    const background = { start: NOW - 5 * MINUTE, kind: 'background', outcome: 'ok' }
    expect(page({ calls: [...calls, background], reasons }).timeline.calls).toEqual([
      { at: NOW - 20 * MINUTE, mode: 'steady', reason: 'every 5 min', outcome: 'ok' },
      { at: NOW - 10 * MINUTE, mode: null, reason: null, outcome: 'OCTOPUS_TIMEOUT' },
      { at: NOW - 2 * MINUTE, mode: 'event', reason: 'charging began or ended', outcome: null },
    ])
  })

  it('says when Octopus is asked next, and why', () => {
    const due = { at: NOW + 4 * MINUTE, mode: 'steady', reason: 'plugged_in' }
    expect([page().timeline.due, page().refresh]).toEqual([due, due])
    expect(page({ snapshot: nothingKnown }).refresh).toBe(null)
  })
})

describe('the budget', () => {
  const calls = [
    { start: NOW - 70 * MINUTE, kind: 'dispatch', outcome: 'ok' },
    dispatchCall(50),
    { start: NOW - 40 * MINUTE, kind: 'token', outcome: 'ok' },
    dispatchCall(3),
  ]

  it('counts the last hour, and says when a place is free again', () => {
    expect(page({ calls }).budget).toEqual({
      dispatch: { used: 2, limit: 20 },
      all: { used: 3, limit: 60 },
      freesAt: NOW + 10 * MINUTE,
    })
  })

  it('is there before the account is', () => {
    expect(page({ snapshot: null }).budget).toEqual({
      dispatch: { used: 0, limit: 20 },
      all: { used: 0, limit: 60 },
      freesAt: null,
    })
  })
})

describe('the day', () => {
  const dayWith = (rates: readonly number[]) => {
    const meter = knownMeter()
    const { cost } = meter
    if (cost === null) throw new Error('this meter has a cost')
    const halfHours = rates.map((rate, index) => ({
      start: cost.start + index * HALF_HOUR,
      rate,
      kwh: 0.5,
      cost: rate / 2,
    }))
    return page({ snapshot: { ...everythingKnown, meters: [{ ...meter, cost: { ...cost, halfHours } }] } }).day
  }

  it('is the import meter’s newest complete one, with sums', () => {
    const { day } = page()
    expect(day).toMatchObject({ date: '2026-11-22', isYesterday: true, total: 2.93, standing: 0.4893 })
    expect(day?.halfHours).toHaveLength(48)
    expect(day?.kwh).toBe(12.3456)
    expect(page({ at: NOW + 24 * HOUR }).day?.isYesterday).toBe(false)
    expect(page({ snapshot: nothingKnown }).day).toBe(null)
    expect(page({ snapshot: { ...everythingKnown, meters: [] } }).day).toBe(null)
  })

  it('has two prices as cheap and normal, many by thirds, one as normal, and what one is paid for as such', () => {
    const levels = (rates: readonly number[]) => dayWith(rates)?.halfHours.map(({ level }) => level)
    expect(levels([0.07, 0.28, 0.28])).toEqual(['cheap', 'normal', 'normal'])
    expect(levels([0.1, 0.19, 0.3, 0.4])).toEqual(['cheap', 'cheap', 'normal', 'dear'])
    expect(levels([0.25, 0.25])).toEqual(['normal', 'normal'])
    expect(levels([-0.02, 0, 0.2])).toEqual(['paid', 'paid', 'dear'])
  })
})

describe('the rest', () => {
  it('has cars, notices with their section of the docs, and plan changes', () => {
    const changes = [
      {
        at: NOW,
        data: { car: 'ioniq', kind: 'moved', row: { start: 1, end: 2 }, previous: { start: 3, end: 4 } },
      },
      { at: NOW, data: null },
      { at: NOW, data: { car: 'ioniq', kind: 'added', row: 'damaged' } },
    ]
    const made = page({ changes })
    expect(made.cars[0]).toMatchObject({ slug: 'ioniq', pluggedIn: true, charging: true, battery: { value: 54.4 } })
    expect(made.notices[0]).toMatchObject({
      code: 'plug_silent',
      car: 'ioniq',
      link: 'https://docs.example/notices.md#plug_silent',
    })
    expect(made.changes).toEqual([
      { at: NOW, car: 'ioniq', kind: 'moved', start: 1, end: 2, previous: { start: 3, end: 4 } },
    ])
  })

  it('has the topics with what they hold, named by the catalogue, long ones cut, discovery left out', () => {
    const long = JSON.stringify({ list: 'x'.repeat(500) })
    const topics = [
      { topic: 'homeassistant/device/x/config', payload: '{}' },
      { topic: 'base/bridge/state', payload: 'online' },
      { topic: 'base/a-1234abcd/availability', payload: 'online' },
      { topic: 'base/a-1234abcd/ioniq/state_of_charge', payload: '54' },
      { topic: 'base/a-1234abcd/ioniq/plan', payload: long },
      { topic: 'base/a-1234abcd/account/house_cheap/attributes', payload: '{}' },
    ]
    const lines = page({ topics }).topics
    expect(lines.map(({ device, name, unit, isCut }) => [device, name, unit, isCut])).toEqual([
      ['bridge', null, null, false],
      ['account', null, null, false],
      ['ioniq', expect.any(String), '%', false],
      ['ioniq', null, null, true],
      ['account', expect.stringMatching(/: attributes$/), null, false],
    ])
    expect(lines[3]?.payload).toBe(long.slice(0, 160))
  })

  it('says of each value how old it is, and which is too old to be trusted', () => {
    expect(page().ages.map(({ what, isStale }) => [what, isStale])).toEqual([
      ['Answer of Octopus', false],
      ['Plan', false],
      ['Battery', false],
      ['Readings of electricity import', false],
    ])
    const old = {
      ...everythingKnown,
      account: knownAccount({ available: false }),
      cars: [knownCar({ plannedCount: null })],
    }
    expect(page({ snapshot: old, at: NOW + 72 * HOUR }).ages.every(({ isStale }) => isStale)).toBe(true)
    expect(page({ snapshot: twoCars }).ages.map(({ what }) => what)).toContain('Plan of Zappi')
  })

  it('is there before the account is known', () => {
    const made = page({ snapshot: null, health: { ...well, api_status: 'rejected' } })
    expect(made).toMatchObject({ account: null, cars: [], notices: [], day: null, health: { api_status: 'rejected' } })
  })

  it('can be made of anything, and sent', () => {
    fc.assert(
      fc.property(anySnapshot, snapshot => {
        const made = page({ snapshot, at: snapshot.at })
        expect(JSON.parse(JSON.stringify(made)).timeline.start).toBeLessThanOrEqual(snapshot.at)
        expect(londonDate(made.timeline.start)).toBe(londonDate(snapshot.at))
        for (const { start, end } of made.timeline.cheap) expect(end).toBeGreaterThan(start)
      }),
      { numRuns: 50 },
    )
  })
})
