import { describe, expect, it } from '@jest/globals'
import { HOUR, type Instant, MINUTE } from '../../src/clock.ts'
import { PriceHoles } from '../../src/meters/price-holes.ts'
import { openStore } from '../../src/store/open.ts'
import { addDays, type Interval, startOfDay } from '../../src/time/london.ts'
import { ManualClock } from '../octopus/support/manual-clock.ts'

const START = Date.parse('2026-11-20T09:00:00Z')
const DAY = 24 * HOUR
const day = (back: number): Instant => startOfDay(addDays('2026-11-20', -back))
const UNTIL = day(2)

function tariff() {
  const { values } = openStore({ path: ':memory:', clock: new ManualClock(START) })
  const life = () => new PriceHoles(values, 'E-1R-AGILE-24-10-01-C')
  let holes = life()
  let at: Instant | null = null
  return {
    /** Asks, as often as it is due, of holes that nothing fills: when, and for what. */
    ask: (left: readonly Interval[], from: Instant, until: Instant = UNTIL) => {
      const asked: { at: Instant; page: Interval }[] = []
      for (;;) {
        const due = holes.dueAt(left, { at, failures: 0 }, at ?? from)
        const page = holes.page(left)
        if (due === null || page === null) return asked
        asked.push({ at: due, page })
        holes.asked(page, left, until)
        at = due
        // A restart between any two changes nothing.
        holes = life()
      }
    },
    dueAfter: (left: readonly Interval[], failures: number) =>
      (holes.dueAt(left, { at: START, failures }, START) ?? 0) - START,
    begin: () => holes.begin(),
    page: (left: readonly Interval[]) => holes.page(left),
  }
}

describe('holes in prices', () => {
  it('that nothing fills are asked about with growing waits, and then no more', () => {
    const hole = { start: day(40), end: day(30) }
    const { ask } = tariff()
    const asked = ask([hole], START)
    expect(asked.map(({ page }) => page)).toEqual(Array.from({ length: 6 }, () => hole))
    expect(asked.map(({ at }, nth) => at - (asked[nth - 1]?.at ?? START))).toEqual([
      ...[0, 10 * MINUTE, HOUR, 6 * HOUR, DAY, 3 * DAY],
    ])
    expect(ask([hole], START + 30 * DAY)).toEqual([])
  })

  it('are asked about a page at a time, the newest first, each page once in a round', () => {
    const left = [
      { start: day(300), end: day(120) },
      { start: day(60), end: day(50) },
      { start: day(20), end: day(10) },
    ]
    const round = tariff().ask(left, START).slice(0, 4)
    expect(round.map(({ page }) => page)).toEqual([
      { start: day(60), end: day(10) },
      { start: day(210), end: day(120) },
      { start: day(300), end: day(210) },
      { start: day(60), end: day(10) },
    ])
    expect(round.map(({ at }, nth) => at - (round[nth - 1]?.at ?? START))).toEqual([0, 30_000, 30_000, 10 * MINUTE])
  })

  it('that came later are asked about though older ones were given up; of these only when more of the past comes', () => {
    const never = { start: day(40), end: day(30) }
    const { ask, begin } = tariff()
    ask([never], START)
    const late = { start: day(2), end: day(1) }
    expect(ask([never, late], START + 2 * DAY, day(1)).map(({ page }) => page)).toEqual(
      Array.from({ length: 6 }, () => late),
    )
    begin()
    expect(ask([never], START, day(1))[0]?.page).toEqual(never)
  })

  it('wait longer after each failed request, in the end a day', () => {
    const { dueAfter } = tariff()
    const left = [{ start: day(40), end: day(30) }]
    expect([1, 2, 5, 6, 500].map(failures => dueAfter(left, failures))).toEqual([
      ...[10 * MINUTE, 20 * MINUTE, 160 * MINUTE, DAY, DAY],
    ])
  })

  it('are none where every price is known', () => {
    const { ask, page } = tariff()
    expect([ask([], START), page([])]).toEqual([[], null])
  })
})
