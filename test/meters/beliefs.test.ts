/**
 * An Intelligent tariff of which Octopus does not tell the bills: costs stay provisional, at what was said of each half hour. They
 * are the bill where that was right. Once the bills are told, exactly the half hours count as misjudged that were said wrongly.
 */
import { afterEach, describe, expect, it } from '@jest/globals'
import { HALF_HOUR, HOUR, type Instant } from '../../src/clock.ts'
import { costOf, sumOf } from '../../src/energy/decimal.ts'
import { halfHourStart, isNight, type LondonDate, londonDate, startOfDay } from '../../src/time/london.ts'
import { House, saying } from './support/house.ts'

const NIGHT = { start: '23:30', end: '05:30' }
const RATES = { day: 27.69, night: 7 }
const LIVED_DAYS = 6

let house: House
afterEach(() => house.stop())

/** What was really so: known at the end of a half hour only, so it is said then of the one that ends. */
function truth(start: Instant): boolean {
  if (isNight(start, NIGHT)) return true
  if (!house.simulator.household.charged(start).some(({ smart }) => smart > 0)) return false
  const bill = house.simulator.bill(londonDate(start))
  return bill?.halfHours.find(each => each.start === start)?.byDispatch ?? false
}

async function build(scenario: string, seed: string): Promise<void> {
  house = await House.build({ begins: '2026-10-20T09:00:00Z', historyDays: 10, scenario, seed })
}

const importDays = () => [...house.days(house.view('electricity_import'))]

/** Notes each half hour as it was, but for those of `wrong`, straight where the account notes it. */
async function live(wrong: (start: Instant) => boolean, planted: Instant[]): Promise<void> {
  const from = house.time.now
  const until = startOfDay('2026-10-27')
  for (let at = halfHourStart(from) + HALF_HOUR; at <= until; at += HALF_HOUR) {
    await house.live(at)
    const start = at - HALF_HOUR
    if (start < from) continue
    const cheap = truth(start) !== wrong(start)
    if (wrong(start)) planted.push(start)
    // It is over for the simulator, so that the truth is known; the word for it comes through the same door as ever.
    const reason = !cheap ? 'no_dispatch' : isNight(start, NIGHT) ? 'off_peak' : 'dispatch'
    house.meters.keepUp(start, saying(cheap, reason), null)
    house.meters.keepUp(at, saying(null, 'plan_unknown'), null)
  }
}

const kwhAt = (start: Instant): number =>
  house.simulator.household.meters.import.visible(start, start + HALF_HOUR)[0]?.kwh ?? 0

describe('what was said of half hours', () => {
  it('prices them as they were billed where it was right, provisionally', async () => {
    await build('tariff-intelligent-old', 'believed')
    house.simulator.faults.inject({ kind: 'http_500', operation: 'Measurements' })
    await house.begin()
    await live(() => false, [])
    await house.live(house.time.now + 6.5 * HOUR)
    const lived = importDays().filter(([date, { isWhole }]) => isWhole && date > '2026-10-20')
    expect(lived.length).toBeGreaterThanOrEqual(LIVED_DAYS - 2)
    const dispatched = lived.filter(([date]) => house.simulator.bill(date)?.halfHours.some(each => each.byDispatch))
    expect(dispatched.length).toBeGreaterThan(0)
    expect(lived.map(([date, { pence, provisional }]) => [date, pence, provisional])).toEqual(
      lived.map(([date]) => [date, house.simulator.bill(date)?.pence, true]),
    )
    expect(house.view('electricity_import').judged).toBeNull()
  }, 60_000)

  it('is judged by the bill: exactly what was said wrongly is misjudged, with what it cost', async () => {
    await build('tariff-intelligent', 'judged')
    await house.begin()
    const planted: Instant[] = []
    // One half hour of each afternoon; never of the night, which needs nobody's word.
    await live(start => start % (24 * HOUR) === 14 * HOUR, planted)
    await house.live(house.time.now + 3 * 24 * HOUR)
    const days = importDays().filter(([, { isBilled, misjudged }]) => isBilled && misjudged !== null)
    const judged = new Set<LondonDate>(days.map(([date]) => date))
    expect(judged.size).toBeGreaterThanOrEqual(LIVED_DAYS - 2)
    const expected = planted
      .filter(start => judged.has(londonDate(start)))
      .map(start => ({
        start,
        reason: truth(start) ? 'believed_peak_billed_cheap' : 'believed_cheap_billed_peak',
      }))
    const found = days.flatMap(([, { misjudged }]) => misjudged ?? []).sort((a, b) => a.start - b.start)
    expect(found.map(({ start, reason }) => ({ start, reason }))).toEqual(expected)
    const houseKwh = (start: Instant) =>
      house.simulator
        .bill(londonDate(start))
        ?.halfHours.find(each => each.start === start)
        ?.buckets.find(({ band }) => band === 'day' || band === 'night')?.kwh ?? kwhAt(start)
    for (const { start, pence } of found)
      expect([start, pence]).toEqual([start, Number(costOf(RATES.day - RATES.night, houseKwh(start)).toFixed(4))])
    const view = house.view('electricity_import').judged
    const ofMonth = found.filter(({ start }) => londonDate(start) >= (view ? londonDate(view.month.start) : ''))
    expect(view?.month.halfHours).toBe(ofMonth.length)
    expect(view?.month.cost).toBeCloseTo(sumOf(ofMonth.map(({ pence }) => pence ?? 0)).toNumber() / 100, 6)
  }, 60_000)
})
