/** What a restart keeps, and what it never costs: a call too soon. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { MINUTE } from '../../src/clock.ts'
import { closeEverything, retained, startBroker, type TestBroker } from '../support/broker.ts'
import { build, Daemon, endDaemons } from '../support/daemon.ts'
import { inHouse } from './house.ts'
import type { Recorded } from './recorder.ts'
import { pluggedIn, rowsAfter } from './scenes.ts'

const SPEED = 300

let broker: TestBroker

beforeAll(async () => {
  build()
  broker = await startBroker()
})
afterAll(async () => {
  await endDaemons()
  await closeEverything()
})

/** The first row begins at once and is short; the other is hours away. */
const running = () => ({ broker, speed: SPEED, scenario: pluggedIn(rowsAfter([1, 11], [500, 560])) })

describe('a second start on the same store', () => {
  it.concurrent(
    'shows the last plan and the started half hour at once, while Octopus is down, and asks no sooner than it may',
    inHouse(running, async house => {
      const first = await house.startAndSettle()
      await Promise.all([house.shows('car/dispatch_active', 'ON'), house.shows('account/house_cheap', 'ON')])
      await house.stop(first)
      const stoppedAt = house.clock.now()
      const until = house.newest('account/house_cheap_until')
      const plan = house.json('car/plan')

      house.simulator.faults.inject({ kind: 'http_503' })
      const asked = house.polls.length
      // Of the first life: the second may have asked again before it is looked at.
      const last = house.dispatchCalls.at(-1)?.at ?? 0
      const before = house.recorder.messages.length
      const online = house.next('bridge/state', 'online')
      const shown = ['dispatch_active', 'intelligent_dispatching', 'plugged_in', 'planned_dispatch_count'].map(key =>
        house.next(`car/${key}`),
      )
      const over = house.next('car/dispatch_active', 'OFF')
      const cheap = house.next('account/house_cheap')
      const due = house.next('account/next_refresh')
      const used = house.next('account/requests_last_hour')
      await house.start()
      await Promise.all(shown)
      // At this speed the first question of the second life is due within half a second.
      expect([asked, asked + 1]).toContain(house.polls.length)
      expect((await Promise.all(shown)).map(({ payload }) => payload)).toEqual(['ON', 'ON', 'ON', '2'])
      expect((await cheap).payload).toBe('ON')
      expect((await used).payload).toBe(String(asked))
      expect(house.newest('account/house_cheap_until')).toBe(until)
      expect(house.json('account/house_cheap/attributes').reason).toBe('dispatch')
      expect(house.json('car/plan').rows).toEqual(plan.rows)
      // An answer that came while it stopped was kept, though nobody was shown it.
      const fetchedAt = Date.parse(house.json('car/plan').fetched_at)
      expect(fetchedAt).toBeGreaterThanOrEqual(Date.parse(plan.fetched_at))
      expect(fetchedAt).toBeLessThanOrEqual(stoppedAt)
      expect(house.json('car/intelligent_dispatching/attributes').started_dispatches).toHaveLength(1)
      expect(Date.parse((await due).payload)).toBeGreaterThanOrEqual(last + MINUTE - 1_000)

      await house.shows('account/api_status', 'unreachable')
      // The row ends on time by the clock alone, and the started half hour runs out.
      expect((await over).at).toBeGreaterThanOrEqual(Date.parse(plan.rows[0].end))
      expect(house.newest('account/house_cheap')).toBe('ON')

      // The broker holds no register of this short first life, and is listened to for two seconds.
      await online
      // Documents, then states, and online last of all.
      const topics = house.recorder.messages.slice(before).map(({ topic }) => topic)
      const place = (topic: string) => topics.indexOf(topic)
      const firstState = place(house.topic('car/plugged_in'))
      const documents = topics.slice(0, firstState).filter(topic => topic.startsWith(`${house.base}-ha/`))
      expect(documents.length).toBeGreaterThanOrEqual(4)
      expect(place(house.topic('bridge/state'))).toBeGreaterThan(place(house.topic('availability')))
    }),
  )

  it.concurrent(
    'takes nothing away where the number of the account is written down meanwhile, while Octopus is down',
    inHouse(
      () => ({ broker, speed: SPEED }),
      async house => {
        const first = await house.startAndSettle()
        await house.shows('electricity_import/accumulative_consumption', /^\d/)
        await house.stop(first)
        const { account, faults } = house.simulator
        const kept = async () =>
          [
            ...(await retained(broker.url, `${house.base}/#`)),
            ...(await retained(broker.url, `${house.base}-ha/#`)),
          ].map(([topic]) => topic)
        const before = await kept()
        faults.inject({ kind: 'http_503' })
        const online = house.next('bridge/state', 'online')
        await house.start({ octopus: { account: account.number } })
        await house.next('account/api_status', 'unreachable')
        await online
        expect((await kept()).sort()).toEqual(before.sort())
      },
    ),
  )

  it.concurrent(
    'does not take a retained ON for a plugging in that it has not seen',
    inHouse(
      () => ({ broker, speed: SPEED }),
      async house => {
        const first = await house.startAndSettle()
        await house.stop(first)
        const before = house.recorder.messages.length
        await house.start()
        await house.next('bridge/state', 'online')
        await house.press()
        await house.next('account/data_last_retrieved')
        const isMode = ({ topic }: Recorded) => topic === house.topic('account/refresh_mode')
        const modes = house.recorder.messages.slice(before).filter(isMode)
        expect(modes.map(({ payload }) => payload)).toContain('steady')
        expect(modes.map(({ payload }) => payload)).not.toContain('settling')
      },
    ),
  )
})

describe('a start without the store', () => {
  it.concurrent(
    'goes on with the register where the broker says that it stood, however little history there is now',
    inHouse(
      () => ({ broker, speed: SPEED }),
      async house => {
        const register = 'electricity_import/accumulative_consumption'
        const first = await house.start({ energy: { history_days: 20 } })
        const { payload: stood } = await house.next(register, /^[\d.]+$/)
        await house.next('account/data_last_retrieved')
        expect(house.newest(register)).toBe(stood)
        const { until } = house.json(`${register}/attributes`)
        await house.stop(first)
        const before = house.recorder.messages.length
        const online = house.next('bridge/state', 'online')
        const again = house.next(register)
        await house.start({ energy: { history_days: 0 }, storage: { path: join(house.folder, 'another.db') } })
        // Not before it was heard how high it stood: from the first message on.
        await again
        await online
        expect(house.json(`${register}/attributes`).until).toBe(until)
        const shown = house.recorder.messages.slice(before).filter(({ topic }) => topic === house.topic(register))
        expect(shown.map(({ payload }) => payload)).toEqual([stood])
      },
    ),
  )
})

describe('a process that is killed', () => {
  it.concurrent(
    'is said to be offline by its will, and its next life counts the calls of the first',
    inHouse(
      () => ({ ...running(), scenario: pluggedIn(rowsAfter([1, 90], [500, 560])) }),
      async house => {
        const file = join(house.folder, 'config.yaml')
        writeFileSync(file, house.config())
        const live = (): Daemon => {
          const monotonic = Number(process.hrtime.bigint() / 1_000n) / 1_000
          const anchor = [SPEED, house.clock.now(), monotonic].map(String)
          return Daemon.start(['test/integration/fast-daemon.mjs', file, ...anchor])
        }

        const first = live()
        await house.shows('account/house_cheap', 'ON')
        const used = Number(house.newest('account/requests_last_hour'))
        const offline = house.next('bridge/state', 'offline')
        first.kill('SIGKILL')
        await offline
        expect(await first.ended).toEqual({ code: null, signal: 'SIGKILL' })
        const asked = house.polls.length
        expect(used).toBeGreaterThanOrEqual(1)

        const online = house.next('bridge/state', 'online')
        const active = house.next('car/dispatch_active')
        const count = house.next('account/requests_last_hour')
        const second = live()
        await online
        expect((await active).payload).toBe('ON')
        expect(Number((await count).payload)).toBeGreaterThanOrEqual(asked)
        expect(house.json('account/house_cheap/attributes').reason).toBe('dispatch')
        for (let times = 0; times < 2; times += 1) {
          await house.press()
          await house.next('account/data_last_retrieved')
        }
        expect(house.dispatchCalls.length).toBe(house.polls.length)
        expect(house.polls.length).toBeGreaterThanOrEqual(asked + 2)

        second.kill('SIGTERM')
        expect(await second.ended).toEqual({ code: 0, signal: null })
        expect(house.newest('bridge/state')).toBe('offline')
        house.log.push(first.output, second.output)
      },
    ),
  )
})
