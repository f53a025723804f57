/** What a restart keeps, and what it never costs: a call too soon. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { MINUTE } from '../../src/clock.ts'
import { closeEverything, startBroker, type TestBroker } from '../support/broker.ts'
import { build, Daemon, endDaemons } from '../support/daemon.ts'
import { closeHouses, type House, openHouse } from './house.ts'
import { pluggedIn, rowsAfter } from './scenes.ts'

const MONOTONIC = () => Number(process.hrtime.bigint() / 1_000n) / 1_000

let broker: TestBroker

beforeAll(async () => {
  build()
  broker = await startBroker()
})
afterEach(async () => {
  await endDaemons()
  await closeHouses()
})
afterAll(closeEverything)

/** Beginnings of the calls that asked for dispatches, and the least time between two, by the house's clock. */
const gapsOf = (house: House): number[] =>
  house.polls.slice(1).map((poll, index) => poll.at - (house.polls[index]?.at ?? 0))

/** Real milliseconds that a message over HTTP may be late. */
const JITTER = 60

describe('a second start on the same store', () => {
  it('shows the last plan and the started half hour at once, while Octopus is down, and asks no sooner than it may', async () => {
    const house = await openHouse({ broker, scenario: pluggedIn(rowsAfter([1, 25], [500, 560])), speed: 300 })
    const first = await house.startAndSettle()
    await Promise.all([house.shows('car/dispatch_active', 'ON'), house.shows('account/house_cheap', 'ON')])
    const until = house.newest('account/house_cheap_until')
    const plan = house.json('car/plan')
    await first.stop()
    expect(house.newest('bridge/state')).toBe('offline')

    house.simulator.faults.inject({ kind: 'http_503' })
    const asked = house.polls.length
    const shown = {
      online: house.next('bridge/state', 'online'),
      active: house.next('car/dispatch_active'),
      dispatching: house.next('car/intelligent_dispatching'),
      cheap: house.next('account/house_cheap'),
      plugged: house.next('car/plugged_in'),
      count: house.next('car/planned_dispatch_count'),
      due: house.next('account/next_refresh'),
      used: house.next('account/requests_last_hour'),
    }
    await house.start()
    await shown.online
    expect(house.polls.length).toBe(asked)
    expect((await shown.active).payload).toBe('ON')
    expect((await shown.dispatching).payload).toBe('ON')
    expect((await shown.cheap).payload).toBe('ON')
    expect((await shown.plugged).payload).toBe('ON')
    expect((await shown.count).payload).toBe('2')
    expect((await shown.used).payload).toBe(String(asked))
    expect(house.newest('account/house_cheap_until')).toBe(until)
    expect(house.json('account/house_cheap/attributes').reason).toBe('dispatch')
    expect(house.json('car/plan').rows).toEqual(plan.rows)
    expect(house.json('car/plan').fetched_at).toEqual(plan.fetched_at)
    expect(house.json('car/intelligent_dispatching/attributes').started_dispatches).toHaveLength(1)
    const last = house.polls.at(-1)
    expect(Date.parse((await shown.due).payload)).toBeGreaterThan((last?.at ?? 0) + MINUTE - JITTER * 300)

    await house.next('account/api_status', 'unreachable')
    expect(house.newest('car/dispatch_active')).toBe('ON')
    expect(house.newest('account/house_cheap')).toBe('ON')
    // The row ends on time by the clock alone, and the started half hour runs out.
    await house.next('car/dispatch_active', 'OFF')
    const end = Date.parse(house.json('car/plan').rows[0].end)
    expect(house.recorder.messages.at(-1)?.at).toBeGreaterThanOrEqual(end)
    expect(Math.min(...gapsOf(house))).toBeGreaterThan(MINUTE - JITTER * 300)
  })

  it('does not take a retained ON for a plugging in that it has not seen', async () => {
    const house = await openHouse({ broker })
    const first = await house.startAndSettle()
    await first.stop()
    const modes = house.recorder.messages.length
    await house.start()
    await house.next('account/data_last_retrieved')
    await house.next('account/data_last_retrieved')
    const since = house.recorder.messages
      .slice(modes)
      .filter(({ topic }) => topic === house.topic('account/refresh_mode'))
    expect(since.map(({ payload }) => payload)).not.toContain('settling')
  })
})

describe('a process that is killed', () => {
  it('is said to be offline by its will, and its next life counts the calls of the first', async () => {
    const speed = 300
    const house = await openHouse({ broker, speed, scenario: pluggedIn(rowsAfter([1, 25], [500, 560])) })
    const file = join(house.folder, 'config.yaml')
    writeFileSync(file, house.config())
    const live = () =>
      Daemon.start([
        'test/integration/fast-daemon.mjs',
        file,
        String(speed),
        String(house.clock.now()),
        String(MONOTONIC()),
      ])

    const first = live()
    await house.shows('account/house_cheap', 'ON')
    await house.next('account/data_last_retrieved')
    const offline = house.next('bridge/state', 'offline')
    first.kill('SIGKILL')
    await offline
    expect(await first.ended).toEqual({ code: null, signal: 'SIGKILL' })
    const asked = house.polls.length
    expect(asked).toBeGreaterThanOrEqual(2)

    const online = house.next('bridge/state', 'online')
    const active = house.next('car/dispatch_active')
    const used = house.next('account/requests_last_hour')
    const second = live()
    await online
    expect((await active).payload).toBe('ON')
    expect(Number((await used).payload)).toBeGreaterThanOrEqual(asked)
    expect(house.json('account/house_cheap/attributes').reason).toBe('dispatch')
    await house.press()
    await house.next('account/requests_last_hour', String(asked + 1))
    await house.next('account/data_last_retrieved')
    expect(Math.min(...gapsOf(house))).toBeGreaterThan(MINUTE - JITTER * speed)

    second.kill('SIGTERM')
    expect(await second.ended).toEqual({ code: 0, signal: null })
    expect(house.newest('bridge/state')).toBe('offline')
    house.log.push(first.output, second.output)
  })
})
