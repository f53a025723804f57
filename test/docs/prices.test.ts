/** What the examples do with prices, done with messages as octopus2mqtt publishes them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { HALF_HOUR } from '../../src/clock.ts'
import { catalogue } from '../../src/entities/catalogue.ts'
import { ratesEventPayload, ratesPayload } from '../../src/entities/meter/rate-lists.ts'
import { ratesTopic } from '../../src/entities/topics.ts'
import { knownMeter } from '../entities/meters.ts'
import { fences, pageText, ROOT } from './pages.ts'

const read = <T>(path: string): T => parse(readFileSync(join(ROOT, path), 'utf8')) as T
const meter = knownMeter()
const { today, tomorrow } = meter.rates

describe('evcc', () => {
  interface Tariff {
    type: string
    forecast: { source: string; topic: string }
  }
  const { tariffs } = read<{ tariffs: { currency: string; grid: Tariff; feedin: Tariff } }>(
    'examples/evcc/tariffs.yaml',
  )

  it('reads the topics of prices, and waits for no newer one', () => {
    const of = (slug: string) => ({
      type: 'custom',
      forecast: { source: 'mqtt', topic: ratesTopic('octopus2mqtt', 'a-12345678', slug) },
    })
    expect(tariffs).toEqual({ currency: 'GBP', grid: of('electricity_import'), feedin: of('electricity_export') })
  })

  it('is given what it can read: RFC 3339 times and a number, in order, without overlap', () => {
    const rates = JSON.parse(ratesPayload(meter)) as { start: string; end: string; value: number }[]
    expect(rates).toHaveLength(today.rates.length + tomorrow.rates.length)
    for (const rate of rates) {
      expect(Object.keys(rate)).toEqual(['start', 'end', 'value'])
      expect(rate.start).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
      expect(Date.parse(rate.end) - Date.parse(rate.start)).toBe(HALF_HOUR)
      expect(typeof rate.value).toBe('number')
    }
    const starts = rates.map(({ start }) => Date.parse(start))
    expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b))
  })
})

describe('cards', () => {
  const events = new Set(
    catalogue.import_meter.filter(({ platform }) => platform === 'event').map(({ key }) => `event.octopus_${key}`),
  )

  it('rates-card.yaml names the events', () => {
    const card = read<Record<string, unknown>>('examples/home-assistant/rates-card.yaml')
    expect(card.type).toBe('custom:octopus-energy-rates-card')
    expect(events).toContain(card.currentEntity)
    expect(events).toContain(card.futureEntity)
  })

  /** As much of Moment as the chart uses. */
  const moment = (when: string | number | Date) => ({
    valueOf: () => new Date(when).getTime(),
    add: (count: number, _unit: 'day') => moment(new Date(when).getTime() + count * 48 * HALF_HOUR),
  })
  const chart = read<{ series: { entity: string; data_generator: string }[] }>(
    'examples/home-assistant/rates-chart.yaml',
  )
  const drawn = (index: number, payload: string | null, start: number): unknown => {
    const attributes = payload === null ? {} : JSON.parse(payload)
    const source = chart.series[index]?.data_generator ?? ''
    return new Function('entity', 'start', 'moment', source)({ attributes }, new Date(start), moment)
  }
  const columns = (rates: typeof today.rates) => rates.map(({ start, rate }) => [start, rate * 100])
  const midnight = today.rates[0]?.start ?? Number.NaN

  it('rates-chart.yaml draws both days, in pence', () => {
    expect(chart.series.map(({ entity }) => entity)).toEqual([
      'event.octopus_current_day_rates',
      'event.octopus_next_day_rates',
    ])
    for (const { entity } of chart.series) expect(events).toContain(entity)
    expect(drawn(0, ratesEventPayload(meter, today), midnight)).toEqual(columns(today.rates))
    expect(drawn(1, ratesEventPayload(meter, tomorrow), midnight)).toEqual(columns(tomorrow.rates))
  })

  it('rates-chart.yaml draws nothing before the first event, and no old tomorrow on top of today', () => {
    expect([drawn(0, null, midnight), drawn(1, null, midnight)]).toEqual([[], []])
    expect(drawn(1, ratesEventPayload(meter, today), midnight)).toEqual([])
  })
})

describe('Node-RED', () => {
  const [code] = fences(pageText('examples/README.md')).filter(({ language }) => language === 'js')

  it('finds the cheapest half hour ahead, at each tick anew, and none where there is none', () => {
    const memory = new Map<string, unknown>()
    const context = {
      get: (key: string) => memory.get(key),
      set: (key: string, value: unknown) => memory.set(key, value),
    }
    let now = Date.UTC(2026, 10, 23, 12)
    const clock = { now: () => now, parse: Date.parse }
    const cheapest = (payload: unknown): unknown =>
      new Function('msg', 'context', 'Date', code?.body ?? '')({ payload }, context, clock)
    const tick = () => cheapest(now)
    expect(tick()).toEqual({ payload: null })
    const at = (offset: number): string => new Date(now + offset).toISOString()
    const [past, low, high] = [
      { start: at(-HALF_HOUR), end: at(0), value: 0.01 },
      { start: at(HALF_HOUR), end: at(2 * HALF_HOUR), value: -0.02 },
      { start: at(3 * HALF_HOUR), end: at(4 * HALF_HOUR), value: 0.3 },
    ]
    expect(cheapest([past, high, low])).toEqual({ payload: low })
    now += HALF_HOUR
    expect(tick()).toEqual({ payload: high })
    now += 3 * HALF_HOUR
    expect(tick()).toEqual({ payload: null })
  })
})
