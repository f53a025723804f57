/** Whatever arrives in whatever order, and however often it breaks off: the same rows stand in Home Assistant at the end. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { Pending, type Task } from '../../src/home-assistant/statistics/pending.ts'
import { HomeAssistant } from './support/home-assistant.ts'
import { Sending } from './support/sending.ts'
import { DAY, HALF_HOUR, HOUR, IMPORT, MemoryValues, NOON, Table } from './support/statistics.ts'

let home: HomeAssistant
let url = ''

beforeAll(async () => {
  home = new HomeAssistant()
  url = await home.start()
})

afterAll(() => home.stop())

type Event =
  | { readonly kind: 'arrive'; readonly day: number; readonly nth: number; readonly values: readonly number[] }
  | { readonly kind: 'round' | 'restart' | 'forget' | 'backup' | 'restore' | 'clear' }
  | { readonly kind: 'drop'; readonly in: number; readonly when: 'before' | 'after' }
  | { readonly kind: 'slow'; readonly by: number }

const amount = (least: number) => fc.integer({ min: least, max: 3_000 }).map(parts => parts / 1_000)

const event = (least: number): fc.Arbitrary<Event> =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('arrive' as const),
        // Over three months, so that several months of UTC are walked.
        day: fc.integer({ min: 0, max: 90 }),
        nth: fc.integer({ min: 0, max: 47 }),
        values: fc.array(amount(least), { minLength: 1, maxLength: 12 }),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('round' as const) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('drop' as const),
        in: fc.integer({ min: 1, max: 9 }),
        when: fc.constantFrom('before' as const, 'after' as const),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constantFrom('restart', 'forget', 'backup', 'restore', 'clear' as const) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('slow' as const), by: fc.integer({ min: 0, max: 8 }) }) },
  ) as fc.Arbitrary<Event>

/** The plain way: what is known of each hour, added up from the first; the newest hour only when it is whole. */
function expected(table: Table): [number, number, number][] {
  const rows: [number, number, number][] = []
  let sum = 0
  const hours = [...new Set([...table.values.keys()].map(at => at - (at % HOUR)))].sort((a, b) => a - b)
  for (const start of hours) {
    const halves = [start, start + HALF_HOUR].map(at => table.values.get(at))
    if (start + HOUR > NOON || (start === hours.at(-1) && halves.includes(undefined))) continue
    const value = Math.round(halves.reduce<number>((all, half) => all + (half ?? 0), 0) * 1_000)
    sum += value
    rows.push([start, value / 1_000, sum / 1_000])
  }
  return rows
}

const fallsAnywhere = (rows: readonly (readonly [number, number | null, number | null])[]) =>
  rows.some(([, , sum], nth) => (sum ?? 0) < (rows[nth - 1]?.[2] ?? Number.NEGATIVE_INFINITY))

/** Plays events; rounds go on until nothing is left to do. */
async function play(events: readonly Event[]): Promise<Table> {
  const table = new Table()
  const sending = new Sending(url)
  Object.assign(home, { slowness: 0, drop: null })
  home.statistics.clear()
  let pending = new Pending()
  let restore = home.backup()
  pending.push(table.series(), 0)
  const round = async (): Promise<readonly Task[]> => {
    const { undone } = await sending.go(pending.take())
    for (const task of undone) pending.giveBack(task)
    return undone
  }
  const restart = () => {
    pending = new Pending()
    pending.push(table.series(), 0)
  }
  for (const one of events) {
    if (one.kind === 'arrive') {
      const start = NOON - one.day * DAY + one.nth * HALF_HOUR
      table.put(start, ...one.values)
      pending.push(table.series(), start)
    } else if (one.kind === 'round') await round()
    else if (one.kind === 'restart') restart()
    else if (one.kind === 'forget') {
      sending.values = new MemoryValues()
      restart()
    } else if (one.kind === 'backup') restore = home.backup()
    else if (one.kind === 'restore') restore()
    else if (one.kind === 'clear') home.statistics.clear()
    else if (one.kind === 'drop') home.drop = { in: one.in, when: one.when }
    else if (one.kind === 'slow') home.slowness = one.by
  }
  Object.assign(home, { slowness: 0, drop: null })
  // Nobody tells of an older backup: it is found by the daily look, in the newest month or at its beginning.
  pending.lookAgain()
  for (let left = 10; (await round()).length > 0; left -= 1) expect(left).toBeGreaterThan(0)
  return table
}

describe('the rows in Home Assistant', () => {
  it('are the same in the end, and never go down', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event(0), { maxLength: 14 }), async events => {
        const table = await play(events)
        const rows = home.rows(IMPORT)
        expect(rows).toEqual(expected(table))
        expect(fallsAnywhere(rows)).toBe(false)
      }),
      { numRuns: 60 },
    )
  }, 60_000)

  it('are the same in the end where half hours may be negative', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event(-3_000), { maxLength: 10 }), async events => {
        const table = await play(events)
        expect(home.rows(IMPORT)).toEqual(expected(table))
      }),
      { numRuns: 25 },
    )
  }, 60_000)

  it('are those that a single round makes of everything at once', async () => {
    const arrivals = fc
      .array(event(0), { minLength: 3, maxLength: 12 })
      .map(list => list.filter(({ kind }) => kind === 'arrive'))
    await fc.assert(
      fc.asyncProperty(arrivals, async list => {
        await play(list.flatMap(one => [one, { kind: 'round' as const }]))
        const bit = home.rows(IMPORT)
        await play(list)
        expect(home.rows(IMPORT)).toEqual(bit)
      }),
      { numRuns: 25 },
    )
  }, 60_000)

  it('would be seen to fall', () => {
    expect(
      fallsAnywhere([
        [0, 1, 1],
        [1, 1, 0.5],
      ]),
    ).toBe(true)
  })
})
