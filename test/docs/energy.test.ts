import { describe, expect, it } from '@jest/globals'
import { HOUR, type Instant, MINUTE } from '../../src/clock.ts'
import { readConfig } from '../../src/config/load.ts'
import { nextBillAt, WAITED_DAYS } from '../../src/energy/bill-times.ts'
import { VOLUME_CORRECTION } from '../../src/energy/gas.ts'
import { MISJUDGEMENTS } from '../../src/energy/misjudged.ts'
import { nextRatesAt, PUBLISHED_FROM } from '../../src/energy/rates/rate-times.ts'
import { DEFAULT_REGISTER_HOURS } from '../../src/energy/rates/registers.ts'
import { LATE_FROM, nextReadingAt } from '../../src/energy/reading-times.ts'
import { catalogue } from '../../src/entities/catalogue.ts'
import { backgroundPerHour } from '../../src/octopus/budget.ts'
import { PRESETS } from '../../src/vehicle/presets.ts'
import { pageText, ROOT, tableRows } from './pages.ts'

const page = pageText('docs/energy.md')
const refresh = pageText('docs/refresh.md')
const oneLine = (text: string): string => text.replace(/\s+/g, ' ')

const meterRows = [catalogue.import_meter, catalogue.export_meter, catalogue.gas_meter].flat()
const keys = new Set(meterRows.map(({ key }) => key))
const backticked = (text: string): string[] => [...text.matchAll(/`([a-z][a-z0-9_]*)`/g)].map(([, word = '']) => word)

describe('docs/energy.md', () => {
  it('has tables of entities that there are, and every entity of a meter is in one or explained', () => {
    const listed = tableRows(page, 'entity').flatMap(([first = '']) =>
      first.includes('`') ? backticked(first) : [first],
    )
    expect(listed.length).toBeGreaterThan(20)
    expect(listed.filter(key => !keys.has(key))).toEqual([])
    expect([...keys].filter(key => !backticked(page).includes(key))).toEqual([])
  })

  it('names attributes that there are', () => {
    const attributes = new Set(meterRows.flatMap(row => Object.keys(row.attributeMeanings ?? {})))
    for (const name of ['charges', 'missing_days', 'is_late', 'is_provisional', 'bands', 'half_hours']) {
      expect(attributes).toContain(name)
      expect(backticked(page)).toContain(name)
    }
  })

  it('has every reason for which a half hour is misjudged', () => {
    expect(tableRows(page, 'reason').map(([reason]) => reason)).toEqual([...MISJUDGEMENTS])
  })

  it('says numbers as they are', () => {
    const smallest = JSON.stringify({ octopus: { api_key: 'sk_live_of_a_test' }, mqtt: { url: 'mqtt://broker' } })
    const { energy } = readConfig(smallest, 'the test', { env: {}, cwd: ROOT, presets: PRESETS })
    const { economy7Night: e7, intelligentNight: night } = DEFAULT_REGISTER_HOURS
    const text = oneLine(page)
    expect(energy).toMatchObject({ economy7: e7 })
    expect(text).toContain(`${e7.start} to ${e7.end} **in UTC all year**`)
    expect(text).toContain(`${night.start} to ${night.end} by the clock`)
    expect(text).toContain(`m³ × ${VOLUME_CORRECTION} × calorific value ÷ 3.6`)
    expect(text).toContain(`\`energy.gas.calorific_value\`, ${energy.gas.calorificValue} where`)
    expect(text).toContain(`incomplete at ${LATE_FROM}`)
    expect(text).toContain(`from ${PUBLISHED_FROM} in London`)
    expect(WAITED_DAYS).toBe(14)
    expect(text).toContain('for two weeks at most')
  })
})

/** A day in winter, when London's clocks show UTC. */
const DAY = Date.UTC(2026, 10, 24)
const clock = (at: Instant): string => new Date(at).toISOString().slice(11, 16)

/** Times of the day at which something that never comes is asked for again and again. */
function timesOfDay(next: (lastAskedAt: Instant) => Instant | null): string[] {
  const times: string[] = []
  for (let last = DAY; ; ) {
    const at = next(last)
    if (at === null || at >= DAY + 24 * HOUR) return times
    times.push(clock(at))
    last = at + MINUTE
  }
}

describe('docs/refresh.md, in the background', () => {
  const never = { failures: 0, phase: 0 }

  it('says when readings are asked for', () => {
    const times = timesOfDay(lastAskedAt =>
      nextReadingAt({ ...never, newestComplete: null, lastAskedAt, now: lastAskedAt }),
    )
    expect(times.length).toBeGreaterThan(3)
    const listed = `${times.slice(0, -1).join(', ')} and ${times.at(-1)} in London`
    expect(oneLine(refresh)).toContain(listed)
    expect(oneLine(page)).toContain(listed)
  })

  it('says when bills are asked for', () => {
    const times = timesOfDay(lastAskedAt =>
      nextBillAt({ ...never, retryAfter: 0, unbilled: ['2026-11-22'], lastAskedAt, now: lastAskedAt }),
    )
    const listed = `${times.slice(0, -1).join(', ')} and ${times.at(-1)}`
    expect(times).toHaveLength(3)
    expect(oneLine(refresh)).toContain(listed)
    expect(oneLine(page)).toContain(listed)
  })

  it('says when prices that end are asked for', () => {
    // Known up to the end of today: what is missing is tomorrow.
    const knownUntil = DAY + 23 * HOUR
    const times = timesOfDay(lastAskedAt =>
      nextRatesAt({ ...never, knownUntil, neededUntil: null, lastAskedAt, now: lastAskedAt }),
    )
    const [first, second, third, fourth] = times.filter(time => time >= PUBLISHED_FROM)
    expect(first).toBe(PUBLISHED_FROM)
    expect(oneLine(refresh)).toContain(
      `from ${first} with growing waits (${second}, ${third}, ${fourth} … ${times.at(-1)})`,
    )
  })

  it('says how many requests there is room for', () => {
    const room = backgroundPerHour({
      dispatchPerHour: 20,
      dispatchMinGap: MINUTE,
      reserveForEvents: 4,
      requestsPerHour: 60,
    })
    expect(oneLine(refresh)).toContain(`beside the dispatch requests and the tokens: ${room} an hour`)
  })
})
