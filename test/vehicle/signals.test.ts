import { describe, expect, it } from '@jest/globals'
import { HOUR, MINUTE, SECOND } from '../../src/clock.ts'
import type { EvConfig, SourceConfig } from '../../src/vehicle/config.ts'
import { carSpec } from '../../src/vehicle/mapping.ts'
import {
  advance,
  initialState,
  nextEdge,
  onMessage,
  type StoredSignals,
  toStore,
  view,
} from '../../src/vehicle/signals.ts'
import { NO_SIGNALS } from '../../src/vehicle/types.ts'

const T0 = Date.parse('2026-11-23T18:00:00Z')

/** A car on a clock of its own. Times are milliseconds after T0. The first message of a signal's topic is a kept one. */
function car(config: EvConfig, restored?: StoredSignals, startsAt = 0) {
  const spec = carSpec(config)
  let state = initialState(spec, restored, T0 + startsAt)
  const schedule = (config.scheduleChanged?.sources ?? []).map(source => source.topic)
  const heard = new Set(schedule)
  const hear = (at: number, topic: string, payload: string, retained = !heard.has(topic)) => {
    heard.add(topic)
    state = onMessage(spec, state, topic, Buffer.from(payload), retained, T0 + at)
  }
  return {
    hear,
    kept: (at: number, topic: string, payload: string) => hear(at, topic, payload, true),
    at: (at: number) => view(spec, state, T0 + at),
    plug: (at: number) => view(spec, state, T0 + at).plugged,
    edge: (at: number) => {
      const edge = nextEdge(spec, state, T0 + at)
      return edge === null ? null : edge - T0
    },
    store: (at: number): StoredSignals =>
      JSON.parse(JSON.stringify(toStore(spec, advance(spec, state, T0 + at)))) as StoredSignals,
    remarks: () => state.remarks,
  }
}

const plugged = (sources: readonly SourceConfig[], staleAfter: number | null = null): EvConfig => ({
  plugged: { sources, debounceOn: 5 * SECOND, debounceOff: MINUTE, staleAfter },
})
const ONE = plugged([{ topic: 'p', availability: 's' }])

describe('plugged', () => {
  it('is none until its topic is heard for the first time, and then adopted at once', () => {
    const ev = car(ONE)
    ev.hear(0, 'elsewhere', 'on')
    ev.hear(1, 's', 'online')
    expect(ev.plug(2)).toEqual({ source: 'none', value: null, since: null, repeated: false, staleSince: null })
    ev.hear(3, 'p', 'on')
    expect(ev.plug(3)).toEqual({ source: 'live', value: true, since: T0 + 3, repeated: false, staleSince: null })
    expect(car({ plugged: 'none' }).plug(0).source).toBe('none')
  })

  it('turns after its debounce, since the first message of the run', () => {
    const ev = car(ONE)
    ev.hear(0, 'p', 'off')
    ev.hear(10_000, 'p', 'on')
    ev.hear(12_000, 'p', 'on')
    expect([ev.edge(12_000), ev.plug(14_999).value, ev.plug(15_000).value]).toEqual([15_000, false, true])
    expect([ev.plug(15_000).since, ev.edge(15_000)]).toEqual([T0 + 10_000, null])
    ev.hear(100_000, 'p', 'off')
    expect([ev.plug(159_999).value, ev.plug(160_000).value, ev.plug(170_000).since]).toEqual([
      true,
      false,
      T0 + 100_000,
    ])
  })

  it('does not see a plug that flaps for six seconds, four times', () => {
    const ev = car(ONE)
    ev.hear(0, 'p', 'on')
    for (const at of [60_000, 90_000, 120_000, 150_000]) {
      ev.hear(at, 'p', 'off')
      ev.hear(at + 6_000, 'p', 'on')
    }
    expect(ev.edge(156_000)).toBeNull()
    expect(ev.plug(HOUR)).toMatchObject({ value: true, since: T0, source: 'live' })
  })

  it('waits no longer than its debounce when the clock is set back', () => {
    const ev = car(ONE)
    ev.hear(0, 'p', 'on')
    ev.hear(2 * HOUR, 'p', 'off')
    ev.hear(HOUR, 's', 'online')
    expect(ev.edge(HOUR)).toBe(HOUR + MINUTE)
    expect(ev.plug(HOUR + MINUTE)).toMatchObject({ value: false, since: T0 + HOUR })
  })

  it.each(['', 'unavailable', 'banana'])('keeps its value and is stale after %j, until a good message', payload => {
    const ev = car(ONE)
    ev.hear(0, 'p', 'on')
    ev.hear(1_000, 'p', payload)
    ev.hear(2_000, 'p', payload)
    expect(ev.plug(HOUR)).toMatchObject({ source: 'stale', value: true, since: T0, staleSince: T0 + 1_000 })
    ev.hear(3_000, 's', 'online')
    expect(ev.plug(3_000).source).toBe('stale')
    ev.hear(4_000, 'p', 'on')
    expect(ev.plug(4_000)).toMatchObject({ source: 'live', staleSince: null, since: T0 })
    expect(ev.remarks()).toHaveLength(1)
    expect(ev.remarks()[0]).toMatchObject({ signal: 'plugged', topic: 'p', sample: payload, at: T0 + 1_000 })
  })

  it('keeps the last stable value where a run ends in a payload without an answer', () => {
    const ev = car(ONE)
    ev.hear(0, 'p', 'on')
    ev.hear(1_000, 'p', 'off')
    ev.hear(11_000, 'p', 'unknown')
    expect(ev.plug(HOUR)).toMatchObject({ source: 'stale', value: true })
    ev.hear(HOUR, 'p', 'off')
    expect(ev.plug(HOUR + MINUTE)).toMatchObject({ source: 'live', value: false, since: T0 + HOUR })
  })

  it('follows its availability: back online the kept value is live again', () => {
    const ev = car(ONE)
    ev.kept(0, 's', 'online')
    ev.kept(1, 'p', 'on')
    ev.hear(5_000, 's', 'offline')
    expect(ev.plug(5_000)).toMatchObject({ source: 'stale', value: true, staleSince: T0 + 5_000 })
    ev.hear(9_000, 's', 'online')
    expect(ev.plug(9_000)).toMatchObject({ source: 'live', staleSince: null })
  })

  it('is stale in either order of retained messages when its availability is offline', () => {
    const orders = [
      ['p', 's'],
      ['s', 'p'],
    ] as const
    for (const order of orders) {
      const ev = car(ONE)
      for (const topic of order) ev.kept(0, topic, topic === 'p' ? 'on' : 'offline')
      expect(ev.plug(1)).toMatchObject({ source: 'stale', value: true })
      ev.hear(2, 'p', 'on')
      expect(ev.plug(2).source).toBe('live')
    }
  })

  it('is not stale for ever where it came back, and that was said, while the broker was away', () => {
    const ev = car(ONE)
    ev.kept(0, 'p', 'off')
    ev.hear(1_000, 's', 'offline', false)
    ev.kept(HOUR, 'p', 'off')
    expect(ev.plug(HOUR + MINUTE).source).toBe('stale')
    ev.kept(2 * HOUR, 'p', 'on')
    expect(ev.plug(2 * HOUR + MINUTE)).toMatchObject({ source: 'live', value: true })
  })

  it.each([[['p', 's']], [['s', 'p']]])('is stale where its availability is kept at the broker: %j', order => {
    const ev = car(ONE)
    ev.kept(0, 'p', 'off')
    ev.hear(1_000, 's', 'offline', false)
    for (const topic of order) ev.kept(HOUR, topic, topic === 'p' ? 'on' : 'offline')
    expect(ev.plug(HOUR + MINUTE).source).toBe('stale')
  })

  it('is stale past stale_after, at that very instant, until it speaks or comes back', () => {
    const ev = car(plugged([{ topic: 'p', availability: 's' }], HOUR))
    ev.hear(0, 'p', 'on')
    ev.hear(MINUTE, 's', 'online')
    ev.hear(2 * MINUTE, 'p', 'on')
    expect([ev.edge(2 * MINUTE), ev.plug(HOUR + 2 * MINUTE - 1).source]).toEqual([HOUR + 2 * MINUTE, 'live'])
    expect(ev.plug(9 * HOUR)).toMatchObject({ source: 'stale', value: true, staleSince: T0 + HOUR + 2 * MINUTE })
    ev.hear(9 * HOUR, 's', 'online')
    expect(ev.plug(9 * HOUR).source).toBe('stale')
    ev.hear(10 * HOUR, 's', 'offline')
    ev.hear(11 * HOUR, 's', 'online')
    expect([ev.plug(11 * HOUR).source, ev.edge(11 * HOUR)]).toEqual(['live', 12 * HOUR])
  })
})

describe('several plug sources', () => {
  const TWO = plugged([{ topic: 'a', availability: 'sa' }, { topic: 'b' }])

  it('are plugged in where one says so, unplugged where all that are known do', () => {
    const ev = car(TWO)
    ev.hear(0, 'a', 'off')
    expect(ev.plug(0)).toMatchObject({ source: 'live', value: false })
    ev.hear(10_000, 'b', 'on')
    expect(ev.plug(15_000)).toMatchObject({ value: true, since: T0 + 10_000 })
    ev.hear(20_000, 'b', 'off')
    ev.hear(30_000, 'a', 'on')
    ev.hear(35_000, 'a', 'off')
    expect(ev.plug(35_000 + MINUTE)).toMatchObject({ value: false, since: T0 + 35_000 })
  })

  it('stay plugged in, and stale, where the one that said so is lost and the other disagrees', () => {
    const ev = car(TWO)
    ev.hear(0, 'a', 'on')
    ev.hear(0, 'b', 'off')
    ev.hear(1_000, 'a', '')
    expect(ev.plug(HOUR)).toMatchObject({ source: 'stale', value: true, staleSince: T0 + 1_000 })
  })

  it('are live while one that can be believed says the same', () => {
    const ev = car(TWO)
    for (const topic of ['a', 'b']) ev.hear(0, topic, 'on')
    ev.hear(1_000, 'sa', 'offline')
    expect(ev.plug(1_000).source).toBe('live')
    ev.hear(2_000, 'b', 'unavailable')
    expect(ev.plug(2_000)).toMatchObject({ source: 'stale', staleSince: T0 + 2_000 })
  })
})

describe('at_home', () => {
  const HOME = { ...ONE, atHome: { sources: [{ topic: 'h', availability: 'hs' }] } }

  it('makes plugged OFF while it says away, and the change is dated by whichever made it', () => {
    const ev = car(HOME)
    ev.hear(0, 'h', 'home')
    ev.hear(0, 'p', 'on')
    ev.hear(10_000, 'h', 'not_home')
    expect([ev.plug(69_999).value, ev.plug(70_000)]).toMatchObject([true, { value: false, since: T0 + 10_000 }])
    ev.hear(100_000, 'h', 'home')
    expect(ev.plug(105_000)).toMatchObject({ value: true, since: T0 + 100_000, source: 'live' })
  })

  it('counts as home while nothing is known, and its first word ever is adopted at once', () => {
    const ev = car(HOME)
    ev.kept(0, 'p', 'on')
    expect(ev.plug(0).value).toBe(true)
    ev.kept(20, 'h', 'away')
    expect(ev.plug(20)).toMatchObject({ value: false, since: T0 + 20, source: 'live' })
  })

  it('leaves the signal stale where it alone decides and cannot be believed', () => {
    const ev = car(HOME)
    ev.hear(0, 'h', 'away')
    ev.hear(0, 'p', 'on')
    ev.hear(1_000, 'hs', 'offline')
    expect(ev.plug(1_000)).toMatchObject({ source: 'stale', value: false })
    ev.hear(2_000, 'p', 'off')
    expect(ev.plug(2_000)).toMatchObject({ source: 'live', value: false, since: T0 })
  })
})

describe('after a restart', () => {
  const before = car(ONE)
  before.hear(0, 'p', 'on')
  const stored = before.store(HOUR)

  it('the stored value stands, stale, until the topic is heard', () => {
    const ev = car(ONE, stored, HOUR)
    expect(ev.plug(HOUR)).toEqual({ source: 'stale', value: true, since: T0, repeated: true, staleSince: T0 + HOUR })
    expect(car(plugged([{ topic: 'other' }]), stored, HOUR).plug(HOUR)).toMatchObject({ source: 'none', value: null })
  })

  it('a retained message that repeats it is no plug-in', () => {
    const ev = car(ONE, stored, HOUR)
    ev.kept(HOUR + 20, 'p', 'on')
    expect(ev.plug(HOUR + 20)).toEqual({ source: 'live', value: true, since: T0, repeated: true, staleSince: null })
    ev.hear(2 * HOUR, 'p', 'off')
    ev.hear(3 * HOUR, 'p', 'on')
    expect(ev.plug(4 * HOUR)).toMatchObject({ value: true, since: T0 + 3 * HOUR, repeated: false })
  })

  it('a retained message that differs is a change like any other', () => {
    const ev = car(ONE, stored, HOUR)
    ev.kept(HOUR, 'p', 'off')
    expect(ev.plug(HOUR)).toMatchObject({ source: 'live', value: true, repeated: true })
    expect(ev.plug(HOUR + MINUTE)).toMatchObject({ value: false, since: T0 + HOUR, repeated: false })
  })

  it('what was heard is remembered, also where it said nothing', () => {
    const silent = car(ONE)
    silent.hear(0, 'p', 'unknown')
    expect(silent.plug(0)).toMatchObject({ source: 'stale', value: null, staleSince: T0 })
    expect(car(ONE, silent.store(0), HOUR).plug(HOUR)).toMatchObject({ source: 'stale', value: null, repeated: false })
  })
})

describe('charging', () => {
  const DRAW: EvConfig = {
    charging: { sources: [{ topic: 'c', availability: 's' }], debounce: 20_000, explicit: false },
  }

  it('exists once heard, or where it was asked for', () => {
    const ev = car(DRAW)
    expect(ev.at(0).charging).toEqual(NO_SIGNALS.charging)
    ev.hear(1, 'c', 'on')
    const heard = { exists: true, lastHeardAt: T0 + 1, value: true, since: T0 + 1, watchedSince: T0 + 1 }
    expect(ev.at(1).charging).toEqual({ ...NO_SIGNALS.charging, ...heard })
    expect(car({ preset: 'evcc' }).at(0).charging.exists).toBe(true)
    expect(car(DRAW, ev.store(1), HOUR).at(HOUR).charging).toMatchObject({ exists: true, value: null, lastHeardAt: T0 })
  })

  it('is debounced alike both ways, and goes on from the stored run after a restart', () => {
    const ev = car(DRAW)
    ev.hear(0, 'c', 'off')
    ev.hear(MINUTE, 'c', 'charging')
    expect([ev.edge(MINUTE), ev.at(MINUTE + 20_000).charging.since]).toEqual([MINUTE + 20_000, T0 + MINUTE])
    ev.hear(2 * MINUTE, 'c', 'paused')
    expect(ev.at(2 * MINUTE + 19_999).charging).toMatchObject({ value: true, turningSince: T0 + 2 * MINUTE })
    expect(ev.at(2 * MINUTE + 20_000).charging).toMatchObject({ value: false, turningSince: null })
    const again = car(DRAW, ev.store(2 * MINUTE), 3 * MINUTE)
    again.kept(3 * MINUTE, 'c', 'on')
    expect(again.at(3 * MINUTE).charging).toMatchObject({ value: true, since: T0 + MINUTE })
  })

  it('is offline by its availability or by a payload without an answer', () => {
    const ev = car(DRAW)
    ev.hear(0, 'c', 'on')
    ev.hear(1, 's', 'offline')
    expect(ev.at(1).charging).toMatchObject({ offline: true, value: true })
    ev.hear(2, 's', 'online')
    expect(ev.at(2).charging.offline).toBe(false)
    ev.hear(3, 'c', '')
    expect(ev.at(3).charging).toMatchObject({ offline: true, lastHeardAt: T0 + 3 })
  })
})

describe('power', () => {
  const source = { topic: 'w', json: 'act.0', unit: 'kW' } as const
  const POWER: EvConfig = { power: { sources: [source], debounce: 20_000, explicit: true } }
  const json = (value: unknown) => JSON.stringify({ act: [value] })

  it('is watts, and yes or no with hysteresis and a debounce', () => {
    const ev = car(POWER)
    ev.hear(0, 'w', json(0.5))
    expect(ev.at(0).power).toMatchObject({ exists: true, watts: 500, wattsAt: T0, value: null })
    ev.hear(1_000, 'w', json(0.1))
    expect(ev.at(1_000).power).toMatchObject({ watts: 100, value: false, since: T0 + 1_000 })
    ev.hear(10_000, 'w', json('7.36'))
    ev.hear(20_000, 'w', json(0.5))
    expect(ev.at(30_000).power).toMatchObject({ watts: 500, value: true, since: T0 + 10_000 })
    ev.hear(40_000, 'w', json(0.19))
    ev.hear(50_000, 'w', json(null))
    expect(ev.at(HOUR).power).toMatchObject({ watts: null, wattsAt: null, offline: true, value: true })
  })

  it('of several sources is the largest that can be believed', () => {
    const ev = car({ power: { sources: [{ topic: 'x' }, { topic: 'y' }], debounce: 0, explicit: true } })
    ev.hear(0, 'x', '3000')
    ev.hear(5, 'y', '7000')
    expect(ev.at(5).power).toMatchObject({ watts: 7_000, wattsAt: T0 + 5, value: true })
    ev.hear(6, 'y', 'unavailable')
    expect(ev.at(6).power).toMatchObject({ watts: 3_000, wattsAt: T0, value: true, offline: false })
  })

  it('that speaks each second changes what is stored only every ten minutes', () => {
    const ev = car({ power: { sources: [{ topic: 'x' }], debounce: 0, explicit: true } })
    const seen = new Set<string>()
    for (let second = 0; second < 1_200; second += 1) {
      ev.hear(second * SECOND, 'x', String(7_000 + (second % 7)))
      seen.add(JSON.stringify(ev.store(second * SECOND)))
    }
    expect(seen.size).toBe(2)
  })
})

describe('schedule_changed', () => {
  it('fires for JSON that is nested too deeply to be written down again', () => {
    const ev = car({ scheduleChanged: { sources: [{ topic: 'x', json: 'slots' }] } })
    ev.hear(0, 'x', `{"slots":${'['.repeat(30_000)}${']'.repeat(30_000)}}`, false)
    expect(ev.at(0).scheduleChangedAt).toBe(T0)
  })

  const CHANGED: EvConfig = { scheduleChanged: { sources: [{ topic: 'x', json: 'slots' }, { topic: 'y' }] } }
  const fired = (ev: ReturnType<typeof car>, at: number) => ev.at(at).scheduleChangedAt

  it('fires on a change, not on what was retained or on the same news within a minute', () => {
    const ev = car(CHANGED)
    ev.kept(0, 'x', '{"slots":[1]}')
    expect(fired(ev, 0)).toBeNull()
    ev.hear(1_000, 'x', '{"slots":[1],"seq":2}')
    expect(fired(ev, 1_000)).toBeNull()
    ev.hear(2_000, 'x', '{"slots":[2]}')
    expect(fired(ev, 2_000)).toBe(T0 + 2_000)
    ev.hear(HOUR, 'x', 'unavailable')
    ev.hear(HOUR, 'x', '{}')
    expect(fired(ev, HOUR)).toBe(T0 + 2_000)
  })

  it('fires on a bare trigger, but once a minute', () => {
    const ev = car(CHANGED)
    const seen = [0, 59_000, 119_000, 400_000].map(at => {
      ev.hear(at, 'y', '')
      return fired(ev, at)
    })
    expect(seen).toEqual([T0, T0, T0 + 119_000, T0 + 400_000])
    expect(car(CHANGED, ev.store(HOUR), HOUR).at(HOUR).scheduleChangedAt).toBe(T0 + 400_000)
  })
})

describe('one topic', () => {
  it('may feed several signals', () => {
    const ev = car({ preset: 'warp', params: { prefix: 'w' } })
    ev.hear(0, 'w/evse/state', '{"iec61851_state":2,"charger_state":3}')
    expect(ev.at(0)).toMatchObject({ plugged: { value: true }, charging: { value: true } })
  })

  it('is remarked upon once for each kind and signal', () => {
    const ev = car(ONE)
    for (const payload of ['x\u0000', 'y', 'unknown', 'none', 'on', 'z']) ev.hear(0, 'p', payload)
    ev.hear(0, 's', '{')
    ev.hear(0, 's', '[')
    expect(ev.remarks().map(({ signal, kind, sample }) => [signal, kind, sample])).toEqual([
      ['plugged', 'not_understood', 'x?'],
      ['plugged', 'unknown', 'unknown'],
      ['availability', 'not_understood', '{'],
    ])
  })
})
