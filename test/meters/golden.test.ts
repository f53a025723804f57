/**
 * The bridge's money against the simulated Octopus's bill, to the penny: every tariff shape, import, export and gas, a year of
 * history fetched at a first start and days lived through after it, with readings that come late, in part and corrected. The year has
 * both days on which the clocks change, the last of them lived through.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from '@jest/globals'
import { roundHalfUp, sumOf } from '../../src/energy/decimal.ts'
import { kwhOfCubicMetres } from '../../src/energy/gas.ts'
import { IMPORT_SHAPES } from '../../src/simulator/index.ts'
import { addDays, halfHoursOfDay, londonDate, startOfDay } from '../../src/time/london.ts'
import type { MeterView } from '../../src/snapshot.ts'
import { CALORIFIC_VALUE, House, KIND_OF } from './support/house.ts'

const BEGINS = '2026-10-18T09:00:00Z'
const LIVED_DAYS = 10

/** What a shape comes to over all its whole days. */
interface Total {
  readonly days: number
  readonly kwh: number
  readonly pence: number
}
type Golden = Record<string, Record<string, Total>>

const FILE = join(import.meta.dirname, 'golden.json')
const golden: Golden = JSON.parse(readFileSync(FILE, 'utf8'))
const made: Golden = {}
afterAll(() => {
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(FILE, `${JSON.stringify({ ...golden, ...made }, null, 2)}\n`)
})

let house: House
afterEach(() => house.stop())

interface Line {
  readonly date: string
  readonly kwh: number
  readonly pence: number | null
  readonly penceWithoutStanding: number | null
}

const kwhOf = (view: MeterView, amount: string): number =>
  roundHalfUp(view.unit === 'm3' ? kwhOfCubicMetres(amount, CALORIFIC_VALUE) : amount, 6)

/** The days that Octopus shows whole by now, as they were billed. */
function billed(view: MeterView): Line[] {
  const kind = KIND_OF[view.kind]
  const meter = house.simulator.household.meters[kind]
  const lines: Line[] = []
  const today = londonDate(house.time.now)
  for (let date = addDays(londonDate(Date.parse(BEGINS)), -365); date < today; date = addDays(date, 1)) {
    const shown = meter?.visible(startOfDay(date), startOfDay(addDays(date, 1))) ?? []
    if (shown.length < halfHoursOfDay(date).length) continue
    const bill = house.simulator.bill(date, kind, CALORIFIC_VALUE)
    if (bill === undefined) throw new Error(`There is no bill of ${date}`)
    const { kwh, pence, penceWithoutStanding } = bill
    lines.push({ date, kwh: roundHalfUp(kwh, 6), pence, penceWithoutStanding })
  }
  return lines
}

/** The same days as the bridge has them. */
const told = (view: MeterView): Line[] =>
  [...house.days(view)]
    .filter(([, { isWhole }]) => isWhole)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([date, { amount, pence, penceWithoutStanding }]) => ({
      date,
      kwh: kwhOf(view, amount),
      pence,
      penceWithoutStanding,
    }))

const since = (lines: readonly Line[], from: string): Line[] => lines.filter(({ date }) => date >= from)

describe.each([...IMPORT_SHAPES])('%s', shape => {
  it('costs what Octopus bills, each day, month and year', async () => {
    house = await House.build({ begins: BEGINS, scenario: `tariff-${shape.replaceAll('_', '-')}`, seed: shape })
    await house.begin()
    await house.liveThroughHistory()
    await house.liveDays(LIVED_DAYS)
    // What a day's last bill needs, and what is corrected late.
    made[shape] = {}
    const views = house.views()
    expect(views.map(({ kind }) => kind).sort()).toEqual(['electricity_export', 'electricity_import', 'gas'])
    for (const view of views) {
      const bills = billed(view)
      const lines = told(view)
      expect([view.kind, lines.length > 350]).toEqual([view.kind, true])
      expect([view.kind, lines.filter((line, i) => JSON.stringify(line) !== JSON.stringify(bills[i])).slice(0, 3), bills.length]).toEqual([view.kind, [], lines.length])
      made[shape][view.kind] = {
        days: lines.length,
        kwh: roundHalfUp(sumOf(lines.map(({ kwh }) => kwh)), 3),
        pence: sumOf(lines.map(({ pence }) => pence ?? 0)).toNumber(),
      }
    }
    if (process.env.UPDATE_GOLDEN !== '1') expect(made[shape]).toEqual(golden[shape])
  }, 120_000)
})
