/** A history that is stopped, killed or refused on the way: nothing is lost, nothing asked for twice that was answered. */
import { afterEach, describe, expect, it } from '@jest/globals'
import { HOUR, type Instant, MINUTE, SECOND } from '../../src/clock.ts'
import type { MeterSource } from '../../src/meters/meters.ts'
import type { Interval } from '../../src/time/london.ts'
import { BACKGROUND_PER_HOUR, House, type HouseOptions } from './support/house.ts'

const BEGINS = '2026-11-20T09:00:00Z'
const HISTORY_DAYS = 300

let house: House
afterEach(() => house.stop())

interface Answered extends Interval {
  readonly what: string
}

/** Every answer that came, and what it was for. */
async function build(options: Partial<HouseOptions> = {}): Promise<Answered[]> {
  const answered: Answered[] = []
  const note = async <T>(what: string, { start, end }: Interval, asked: Promise<T>): Promise<T> => {
    const answer = await asked
    answered.push({ what, start, end })
    return answer
  }
  house = await House.build({
    begins: BEGINS,
    historyDays: HISTORY_DAYS,
    scenario: 'tariff-agile',
    seed: 'restarts',
    ...options,
    wrap: (source: MeterSource): MeterSource => ({
      readings: (meter, interval) => note(`readings ${meter.kind}`, interval, source.readings(meter, interval)),
      prices: (tariff, interval) => note(`prices ${tariff.tariffCode}`, interval, source.prices(tariff, interval)),
      bills: (meter, interval) => note('bills', interval, source.bills(meter, interval)),
    }),
  })
  return answered
}

/** Answers for the same time as an earlier one, of which neither is for the last days. */
function twice(answered: readonly Answered[]): string[] {
  const recent: Instant = Date.parse(BEGINS) - 8 * 24 * HOUR
  return answered.flatMap((one, index) =>
    answered
      .slice(0, index)
      .filter(
        other => other.what === one.what && Math.min(other.end, one.end, recent) > Math.max(other.start, one.start),
      )
      .map(() => one.what),
  )
}

const MOST_AN_HOUR = (): number => {
  const at = house.simulator.requests.filter(({ names }) => !names.includes('Token')).map(each => each.at)
  return Math.max(...at.map(start => at.filter(other => other >= start && other < start + HOUR).length))
}

/** What a house comes to that was never disturbed. */
async function undisturbed(options: Partial<HouseOptions> = {}) {
  await build(options)
  await house.begin()
  await house.liveThroughHistory()
  const result = outcome()
  await house.stop()
  return result
}

const outcome = () =>
  house.views().map(view => ({
    kind: view.kind,
    register: view.register?.kwh,
    days: [...house.days(view)].sort(([a], [b]) => (a < b ? -1 : 1)),
  }))

const progress = (): number[] => house.views().map(({ history }) => history)

describe('a history', () => {
  it('goes on where it was stopped, in the middle of an answer too', async () => {
    const whole = await undisturbed()
    const answered = await build()
    let before = [0, 0, 0]
    for (let life = 0; life < 6; life += 1) {
      await house.begin()
      // Into another moment each time: after a timer, and while requests are under way.
      let timers = 0
      await house.live(house.time.now + HOUR, () => {
        timers += 1
        return timers > 3 + 2 * life
      })
      if (life % 2 === 1) house.time.next(house.time.now + MINUTE)
      await house.end()
      const now = progress()
      expect(now.every((percent, index) => percent >= (before[index] ?? 0))).toBe(true)
      before = now
    }
    await house.begin()
    await house.liveThroughHistory()
    expect(progress()).toEqual([100, 100, 100])
    expect(twice(answered)).toEqual([])
    expect(outcome()).toEqual(whole)
    expect(MOST_AN_HOUR()).toBeLessThanOrEqual(BACKGROUND_PER_HOUR)
  }, 60_000)

  it('is all there after a kill between two timers, whenever that was', async () => {
    const whole = await undisturbed()
    await build()
    for (let life = 0; life < 6; life += 1) {
      await house.begin()
      let timers = 0
      await house.live(house.time.now + HOUR, () => {
        timers += 1
        return timers > 5 + 3 * life
      })
      house.kill()
    }
    await house.begin()
    await house.liveThroughHistory()
    expect(outcome()).toEqual(whole)
  }, 60_000)

  it('waits for an Octopus that is ill, and loses nothing', async () => {
    const whole = await undisturbed()
    const answered = await build()
    const { faults } = house.simulator
    faults.inject({ kind: 'http_503', until: house.time.now + 3 * HOUR, probability: 0.5 })
    faults.inject({ kind: 'bad_json', operation: 'consumption', times: 2 })
    faults.inject({ kind: 'http_429', retryAfter: (90 * SECOND) / SECOND, times: 1 })
    await house.begin().catch(() => house.end().then(() => house.begin()))
    await house.liveThroughHistory()
    expect(twice(answered)).toEqual([])
    expect(outcome()).toEqual(whole)
    expect(MOST_AN_HOUR()).toBeLessThanOrEqual(BACKGROUND_PER_HOUR)
  }, 60_000)
})
