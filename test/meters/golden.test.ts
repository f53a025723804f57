/**
 * The bridge's money against the simulated Octopus's bill, to the penny: every tariff shape, import, export and gas, a year of
 * history fetched at a first start and days lived through after it, with readings that come late, in part and corrected. The year has
 * both days on which the clocks change, the last of them lived through.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { roundHalfUp, sumOf } from '../../src/energy/decimal.ts'
import { kwhOfCubicMetres } from '../../src/energy/gas.ts'
import type { LivingAccount } from '../../src/simulator/account.ts'
import { type DayBill, IMPORT_SHAPES } from '../../src/simulator/index.ts'
import type { MeterView } from '../../src/snapshot.ts'
import { addDays, halfHoursOfDay, type LondonDate, londonDate, startOfDay } from '../../src/time/london.ts'
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

/** Bills of the test that runs, as they are when it looks at them: the days of a year are looked at several times. */
const bills = new Map<string, DayBill | undefined>()
beforeEach(() => bills.clear())

function billOf({ kind }: MeterView, date: LondonDate): DayBill | undefined {
  const key = `${kind} ${date} ${house.time.now}`
  if (!bills.has(key)) bills.set(key, house.simulator.bill(date, KIND_OF[kind], CALORIFIC_VALUE))
  return bills.get(key)
}

interface Line {
  readonly date: string
  readonly kwh: number
  readonly pence: number | null
  readonly penceWithoutStanding: number | null
}

const kwhOf = (view: MeterView, amount: string): number =>
  roundHalfUp(view.unit === 'm3' ? kwhOfCubicMetres(amount, CALORIFIC_VALUE) : amount, 6)

/** The days that the bridge has whole, but for the last few that are not billed yet where a bill can differ. */
const told = (view: MeterView): Line[] =>
  [...house.days(view)]
    .filter(([date, { isWhole, provisional }]) => isWhole && !(provisional && date > lastBilled()))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([date, { amount, pence, penceWithoutStanding }]) => {
      return { date, kwh: kwhOf(view, amount), pence, penceWithoutStanding }
    })

/** The same days as they were billed. */
const billed = (view: MeterView, dates: readonly LondonDate[]): Line[] =>
  dates.map(date => {
    const bill = billOf(view, date)
    if (bill === undefined) throw new Error(`There is no bill of ${date}`)
    const { kwh, pence, penceWithoutStanding } = bill
    return { date, kwh: roundHalfUp(kwh, 6), pence, penceWithoutStanding }
  })

/** Bills are told within two days of a day's end; readings that are late make a day's bill late. */
const lastBilled = (): LondonDate => addDays(londonDate(house.time.now), -4)

/** Days that Octopus shows whole by now, of those that the bridge has not. */
function missed(view: MeterView): LondonDate[] {
  const meter = house.simulator.household.meters[KIND_OF[view.kind]]
  const days = house.days(view)
  const first = addDays(londonDate(Date.parse(BEGINS)), -365)
  const all = Array.from({ length: 365 + 20 }, (_, day) => addDays(first, day))
  return all
    .filter(date => date < londonDate(house.time.now) && !days.get(date)?.isWhole)
    .filter(date => {
      const shown = meter?.visible(startOfDay(date), startOfDay(addDays(date, 1))) ?? []
      return shown.length === halfHoursOfDay(date).length
    })
}

/** The register is all that was ever read; week, month and year are the days as they are shown. */
function checkSums(view: MeterView): void {
  const days = [...house.days(view)]
  const all = sumOf(days.map(([, { amount }]) => amount)).toFixed()
  expect([view.kind, roundHalfUp(view.register?.kwh ?? -1, 6)]).toEqual([view.kind, kwhOf(view, all)])
  const today = londonDate(house.time.now)
  for (const period of [view.week, view.month, view.year]) {
    const those = days.filter(([date, { isWhole }]) => isWhole && date >= londonDate(period.start) && date < today)
    const priced = those.flatMap(([date, { provisional, pence }]) =>
      provisional ? (pence ?? 0) : (billOf(view, date)?.pence ?? 0),
    )
    const amount = sumOf(those.map(([, day]) => day.amount)).toFixed()
    // Of days that have ended and are not whole nothing is said.
    if (those.length === 0) expect(period.kwh ?? 0).toBe(0)
    else expect(roundHalfUp(period.kwh ?? -1, 6)).toBe(kwhOf(view, amount))
    if (period.cost !== null || those.length > 0) expect(period.cost).toBeCloseTo(sumOf(priced).toNumber() / 100, 9)
  }
}

describe.each([...IMPORT_SHAPES])('%s', shape => {
  it('costs what Octopus bills, each day, month and year', async () => {
    house = await House.build({ begins: BEGINS, scenario: `tariff-${shape.replaceAll('_', '-')}`, seed: shape })
    await house.begin()
    await house.liveThroughHistory()
    await house.liveDays(LIVED_DAYS)
    made[shape] = {}
    const views = house.views()
    expect(views.map(({ kind }) => kind).sort()).toEqual(['electricity_export', 'electricity_import', 'gas'])
    for (const view of views) {
      const lines = told(view)
      const dates = lines.map(({ date }) => date)
      expect([view.kind, missed(view), lines.length > 350]).toEqual([view.kind, [], true])
      const bills = billed(view, dates)
      const wrong = lines.flatMap((line, index) => {
        const bill = bills[index]
        return JSON.stringify(line) === JSON.stringify(bill) ? [] : [{ line, bill }]
      })
      expect([view.kind, wrong.length, wrong.slice(-3)]).toEqual([view.kind, 0, []])
      expect(lines.map(({ date }) => date)).toEqual(expect.arrayContaining(['2026-03-29', '2026-10-25']))
      checkSums(view)
      made[shape][view.kind] = {
        days: lines.length,
        kwh: roundHalfUp(sumOf(lines.map(({ kwh }) => kwh)), 3),
        pence: sumOf(lines.map(({ pence }) => pence ?? 0)).toNumber(),
      }
    }
    if (process.env.UPDATE_GOLDEN !== '1') expect(made[shape]).toEqual(golden[shape])
  }, 120_000)
})

describe('a tariff that changes at a midnight while the bridge runs', () => {
  it('costs each day by its own tariff, and the last days of the old one are still billed', async () => {
    house = await House.build({
      begins: BEGINS,
      historyDays: 10,
      scenario: 'tariff-intelligent-old',
      seed: 'changed',
    })
    await house.begin()
    await house.liveDays(4)
    const midnight = startOfDay('2026-10-23')
    await house.live(midnight - 1)
    const account = house.simulator.account as LivingAccount
    account.changeProduct('IOG-SMB-VAR-26-07-06', midnight)
    await house.liveDays(8)
    const view = house.view('electricity_import')
    const lines = told(view)
    expect(lines.map(({ date }) => date)).toEqual(expect.arrayContaining(['2026-10-22', '2026-10-23']))
    expect(lines).toEqual(
      billed(
        view,
        lines.map(({ date }) => date),
      ),
    )
    expect(view.rates.tariffCode).toContain('IOG-SMB')
  }, 60_000)
})
