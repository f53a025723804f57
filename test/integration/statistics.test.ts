/**
 * Half hours in Home Assistant's statistics, end to end: the simulated Octopus with three meters, the bridge, and a Home Assistant
 * that refuses what a real one refuses. The truth is the simulator's: its readings, and its bill.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { HOUR, type Instant } from '../../src/clock.ts'
import type { Scenario, SupplyKind } from '../../src/simulator/index.ts'
import { addDays, halfHoursOfDay, type LondonDate, londonDate, startOfDay } from '../../src/time/london.ts'
import { HomeAssistant, TOKEN } from '../home-assistant/support/home-assistant.ts'
import { closeEverything, startBroker, type TestBroker } from '../support/broker.ts'
import { type House, inHouse } from './house.ts'
import { pluggedIn } from './scenes.ts'

/** Before the first look at the readings of a day, in winter, on a Monday. */
const BEGINS = Date.parse('2026-11-23T05:40:00Z')
const YESTERDAY = '2026-11-22'
const CORRECTED = '2026-11-18'
const HISTORY_DAYS = 20
const FIRST = addDays(londonDate(BEGINS), -HISTORY_DAYS)
/** Its bill is known for certain: a bill comes up to two days after its day. */
const BILLED_UNTIL = addDays(londonDate(BEGINS), -3)

/** Three meters with all their readings, but yesterday's; nothing is plugged in. */
const QUIET_HOUSE: Scenario = {
  ...pluggedIn(),
  name: 'three meters',
  supply: {
    import: 'intelligent',
    export: 'outgoing',
    gas: 'gas_flexible',
    historyDays: HISTORY_DAYS + 10,
    payment: 'DIRECT_DEBIT',
  },
  play: ({ household, startedAt }) => {
    for (const meter of Object.values(household.meters)) meter.completeDayAt(YESTERDAY, startedAt + 100 * HOUR)
  },
}

/** Real milliseconds: the bill of a corrected day is asked for again some hours after its readings. */
const PATIENCE = 20_000

const KINDS = [
  ['import', 'elec', 'import', 'import_cost'],
  ['export', 'elec', 'export', 'export_revenue'],
  ['gas', 'gas', 'kwh', 'cost'],
] as const

let broker: TestBroker
let home: HomeAssistant
let url: string

beforeAll(async () => {
  broker = await startBroker()
})
afterAll(closeEverything)
beforeEach(async () => {
  home = new HomeAssistant()
  url = await home.start()
})
afterEach(() => home.stop())

const dates = (until: LondonDate): LondonDate[] => {
  const all: LondonDate[] = []
  for (let date = FIRST; date <= until; date = addDays(date, 1)) all.push(date)
  return all
}

/** What Home Assistant should have of a statistic: the hours with what each came to. */
class Expected {
  readonly hours = new Map<Instant, number>()

  add(start: Instant, value: number): this {
    const hour = start - (start % HOUR)
    this.hours.set(hour, (this.hours.get(hour) ?? 0) + value)
    return this
  }
}

/** kWh of a m³ at a calorific value of 40. */
const KWH_OF_M3 = (1.02264 * 40) / 3.6

function energyOf({ simulator }: House, kind: SupplyKind, until: LondonDate): Expected {
  const expected = new Expected()
  const factor = kind === 'gas' ? KWH_OF_M3 : 1
  for (const date of dates(until))
    for (const start of halfHoursOfDay(date))
      expected.add(start, (simulator.household.meters[kind]?.amount(start) ?? Number.NaN) * factor)
  return expected
}

function costOf({ simulator }: House, kind: SupplyKind, until: LondonDate): Expected {
  const expected = new Expected()
  for (const date of dates(until))
    for (const { start, buckets } of simulator.bill(date, kind)?.halfHours ?? [])
      for (const { pence } of buckets) expected.add(start, Number(pence) / 100)
  return expected
}

const idOf = ({ simulator }: House, kind: SupplyKind, fuel: string, ending: string): string => {
  const supply = simulator.account.supply(kind)
  return `octopus2mqtt:${fuel}_${supply?.point}_${supply?.serial.toLowerCase()}_${ending}`
}

/** What differs from what should be there, in words; none where every hour and every sum is right. */
function differences(id: string, { hours }: Expected, until: LondonDate): string[] {
  const end = startOfDay(addDays(until, 1))
  const rows = new Map(
    home.rows(id).flatMap(([start, state, sum]) => (start < end ? [[start, { state, sum }] as const] : [])),
  )
  let total = 0
  const wrong = [...hours].flatMap(([start, value]) => {
    const row = rows.get(start)
    total += value
    const isRight =
      Math.abs((row?.state ?? Number.NaN) - value) < 0.000_002 && Math.abs((row?.sum ?? Number.NaN) - total) < 0.002
    return isRight ? [] : [`${id} ${new Date(start).toISOString()} is ${JSON.stringify(row)}, not ${value} (${total})`]
  })
  const strange = [...rows.keys()].filter(start => !hours.has(start))
  return [...wrong, ...strange.map(start => `${id} ${new Date(start).toISOString()} is not of any day`)]
}

/** All energy up to that day, and all money up to it or the last day that is billed for certain. */
function allDifferences(house: House, until: LondonDate): string[] {
  const billed = until < BILLED_UNTIL ? until : BILLED_UNTIL
  return KINDS.flatMap(([kind, fuel, energy, cost]) => [
    ...differences(idOf(house, kind, fuel, energy), energyOf(house, kind, until), until),
    ...differences(idOf(house, kind, fuel, cost), costOf(house, kind, billed), billed),
  ])
}

/** Waits until it is all there. What is still wrong when nothing more is written is told. */
async function comesRight(house: House, until: LondonDate): Promise<void> {
  for (let wrong = allDifferences(house, until); wrong.length > 0; wrong = allDifferences(house, until)) {
    await house.logs(/in Home Assistant's statistics/, PATIENCE).catch(error => {
      throw new Error(`${wrong.length} hours are wrong: ${wrong.slice(0, 3).join('; ')}\n${error}`)
    })
  }
}

const imports = (id: string) =>
  home.heard.flatMap(message => {
    if (message.type !== 'recorder/import_statistics') return []
    const { metadata, stats } = message as unknown as {
      metadata: { statistic_id: string }
      stats: { start: string }[]
    }
    return metadata.statistic_id === id ? stats.map(({ start }) => Date.parse(start)) : []
  })

const withStatistics = (token = TOKEN) => ({
  homeassistant: { url, token },
  energy: { history_days: HISTORY_DAYS },
})

describe('statistics in Home Assistant', () => {
  it(
    'are right for the history, a late and a corrected day, over a restart and a restored backup',
    inHouse(
      () => ({ broker, speed: 900, startsAt: BEGINS, scenario: QUIET_HOUSE, secrets: [TOKEN] }),
      async house => {
        const { meters } = house.simulator.household
        const importId = idOf(house, 'import', 'elec', 'import')

        const first = await house.start(withStatistics())
        await comesRight(house, addDays(YESTERDAY, -1))
        await house.stop(first)
        const restore = home.backup()

        // While nobody looks, yesterday arrives and an older day becomes another.
        for (const meter of Object.values(meters)) {
          meter.completeDayAt(YESTERDAY, house.clock.now())
          meter.correct(CORRECTED, house.clock.now(), 1.25)
        }
        const before = imports(importId).length
        const second = await house.start(withStatistics())
        await comesRight(house, YESTERDAY)
        await house.stop(second)
        const written = imports(importId).slice(before)
        // Sums after the corrected day are others; before it nothing is sent again.
        expect(Math.min(...written)).toBeGreaterThanOrEqual(startOfDay(CORRECTED))
        expect(written.length).toBe(new Set(written).size)

        // A start where everything is there looks, and writes nothing.
        const all = home.heard.length
        const looked = new Promise<void>(resolve => {
          home.onConnection = () => resolve()
        })
        const third = await house.start(withStatistics())
        await looked
        await home.empty()
        await house.stop(third)
        const heard = home.heard.slice(all).filter(({ type }) => type === 'recorder/import_statistics')
        expect(heard.map(({ metadata }) => (metadata as { statistic_id: string }).statistic_id)).not.toContain(importId)

        restore()
        expect(allDifferences(house, YESTERDAY)).not.toEqual([])
        const fourth = await house.start(withStatistics())
        await comesRight(house, YESTERDAY)
        await house.stop(fourth)
        expect(home.warnings).toEqual([])
        expect(house.notices()).toEqual([])
      },
    ),
    120_000,
  )

  it(
    'are missed in a notice while the token is wrong, and no longer than that',
    inHouse(
      () => ({ broker, speed: 3_000, startsAt: BEGINS, scenario: QUIET_HOUSE, secrets: [TOKEN] }),
      async house => {
        home.token = 'another one'
        await house.start({ ...withStatistics(), energy: { history_days: 0 } })
        await house.shows('bridge/state', 'online')
        await house.opens('statistics_not_sent')
        const { notices } = house.json('account/problem/attributes') as { notices: { code: string; action: string }[] }
        expect(notices.find(({ code }) => code === 'statistics_not_sent')?.action).toMatch(/homeassistant\.token/)
        const { rejections } = home
        // It asks again after hours, and is heard.
        home.token = TOKEN
        await house.next('account/problem/attributes', /^((?!statistics_not_sent).)*$/, 30_000)
        expect([rejections, home.rejections]).toEqual([1, 1])
        expect(home.rows(idOf(house, 'import', 'elec', 'import')).length).toBeGreaterThan(0)
      },
    ),
    60_000,
  )
})
