import { describe, expect, it } from '@jest/globals'
import { blocksOf } from '../../src/home-assistant/statistics/blocks.ts'
import { merge } from '../../src/home-assistant/statistics/merge.ts'
import { Pending } from '../../src/home-assistant/statistics/pending.ts'
import { placeOf, websocketUrl } from '../../src/home-assistant/statistics/place.ts'
import { planFor } from '../../src/home-assistant/statistics/plan.ts'
import { metadataOf, type StatisticKind, statisticId, unitOf } from '../../src/home-assistant/statistics/series.ts'
import { DAY, HOUR, IMPORT, NOON, Table } from './support/statistics.ts'

const KINDS: readonly StatisticKind[] = [
  'import',
  'import_cost',
  'export',
  'export_revenue',
  'gas_volume',
  'gas_energy',
  'gas_cost',
]

describe('the name of a statistic', () => {
  const meter = { meterPoint: '1200012345678', serial: '21L1234567' }

  it('is made of the meter and the kind', () => {
    expect(KINDS.map(kind => statisticId({ ...meter, kind }))).toEqual([
      'octopus2mqtt:elec_1200012345678_21l1234567_import',
      'octopus2mqtt:elec_1200012345678_21l1234567_import_cost',
      'octopus2mqtt:elec_1200012345678_21l1234567_export',
      'octopus2mqtt:elec_1200012345678_21l1234567_export_revenue',
      'octopus2mqtt:gas_1200012345678_21l1234567_m3',
      'octopus2mqtt:gas_1200012345678_21l1234567_kwh',
      'octopus2mqtt:gas_1200012345678_21l1234567_cost',
    ])
  })

  it.each(['E10/12345', ' __Z-- 9__', 'Ä', '', null])('is one that Home Assistant takes: serial %j', serial => {
    // The recorder's own pattern.
    expect(statisticId({ ...meter, serial, kind: 'import' })).toMatch(
      /^(?!.+__)(?!_)[\da-z_]+(?<!_):(?!_)[\da-z_]+(?<!_)$/,
    )
  })
})

describe('the metadata', () => {
  const about = (version: string, kind: StatisticKind = 'import') =>
    metadataOf({ kind, meterPoint: '12', serial: null, name: 'A' }, version)

  it('has the keys of the version', () => {
    const old = { ...about('2025.10.4') }
    expect(old).toMatchObject({ has_mean: false, has_sum: true })
    expect(old).not.toHaveProperty('unit_class')
    for (const version of ['2025.11.0', '2025.12.1', '2026.11.2', '2027.1.0b3', 'unheard-of']) {
      expect(about(version)).toMatchObject({ mean_type: 0, unit_class: 'energy', has_sum: true })
      expect(about(version)).not.toHaveProperty('has_mean')
    }
    expect(about('2024.12.0')).toHaveProperty('has_mean')
  })

  it('has the unit and its class', () => {
    const units = KINDS.map(kind => [kind, unitOf({ kind }), about('2026.11.0', kind).unit_class])
    expect(units).toEqual([
      ['import', 'kWh', 'energy'],
      ['import_cost', 'GBP', null],
      ['export', 'kWh', 'energy'],
      ['export_revenue', 'GBP', null],
      ['gas_volume', 'm³', 'volume'],
      ['gas_energy', 'kWh', 'energy'],
      ['gas_cost', 'GBP', null],
    ])
  })
})

describe('where Home Assistant is', () => {
  it.each([
    ['http://homeassistant.local:8123', 'ws://homeassistant.local:8123/api/websocket'],
    ['https://home.example.org/', 'wss://home.example.org/api/websocket'],
    ['https://example.org/ha/', 'wss://example.org/ha/api/websocket'],
    ['ws://192.0.2.5:8123', 'ws://192.0.2.5:8123/api/websocket'],
    ['wss://[2001:db8::1]:8123/api/websocket', 'wss://[2001:db8::1]:8123/api/websocket'],
    ['http://supervisor/core', 'ws://supervisor/core/websocket'],
    ['ws://supervisor/core/websocket', 'ws://supervisor/core/websocket'],
  ])('%s', (url, websocket) => {
    expect(websocketUrl(url)).toBe(websocket)
  })

  it('is said without a path', () => {
    expect(placeOf('https://example.org:8123/ha')).toBe('Home Assistant at https://example.org:8123')
  })
})

describe('our hours and theirs', () => {
  it('differ where a row is missing or other, and only there', () => {
    const theirs = [
      { start: 0, state: 1, sum: 11 },
      { start: HOUR, state: 5, sum: 16 },
    ]
    const ours = [0, 1, 2].map(nth => ({ start: nth * HOUR, value: 1 }))
    const { rows, differing } = merge(ours, theirs, 10)
    expect(rows.map(({ sum }) => sum)).toEqual([11, 12, 13])
    expect(differing).toEqual(rows.slice(1))
    expect(merge(ours, rows, 10).differing).toEqual([])
    expect(merge(ours, rows, 10.000_001).differing).toHaveLength(3)
  })

  it('that only they have keep their value and get a sum among ours', () => {
    const theirs = [
      { start: HOUR, state: 7, sum: 7 },
      { start: 3 * HOUR, state: null, sum: 99 },
    ]
    const { rows } = merge(
      [
        { start: 0, value: 1 },
        { start: 2 * HOUR, value: 2 },
      ],
      theirs,
      0,
    )
    expect(rows).toEqual([
      { start: 0, state: 1, sum: 1 },
      { start: HOUR, state: 7, sum: 8 },
      { start: 2 * HOUR, state: 2, sum: 10 },
    ])
  })
})

describe('the months of a series', () => {
  const at = (text: string) => Date.parse(text)

  it('follow each other without a gap; the newest has no end', () => {
    const hours = ['2026-08-31T23:00Z', '2026-11-01T00:00Z'].map(text => ({ start: at(text), value: 1 }))
    expect(blocksOf(hours).map(({ start, end, hours: list }) => [start, end, list.length])).toEqual([
      [at('2026-08-01T00:00Z'), at('2026-09-01T00:00Z'), 1],
      [at('2026-09-01T00:00Z'), at('2026-10-01T00:00Z'), 0],
      [at('2026-10-01T00:00Z'), at('2026-11-01T00:00Z'), 0],
      [at('2026-11-01T00:00Z'), null, 1],
    ])
    expect(blocksOf([])).toEqual([])
  })

  it('are read and walked from the first that changed on', () => {
    const months = ['2026-08-10T00:00Z', '2026-09-10T00:00Z', '2026-10-10T00:00Z', '2026-11-10T00:00Z'].map(at)
    const table = new Table()
    for (const start of months) table.put(start, 1, 1)
    const series = table.series()
    const wish = { from: 0, now: NOON, look: 'no' } as const
    const first = planFor(series, null, wish)
    expect(first?.blocks).toHaveLength(4)
    const sent = {
      described: first?.described ?? '',
      blocks: first?.blocks.map(({ start, digest }, nth) => ({ start, digest, sum: 2 * nth + 2 })) ?? [],
    }
    const starts = (plan: ReturnType<typeof planFor>) =>
      plan?.blocks.map(({ start }) => new Date(start).getUTCMonth() + 1)

    expect(planFor(series, sent, wish)).toBeNull()
    table.asked.length = 0
    expect(planFor(series, sent, { ...wish, from: NOON })).toBeNull()
    expect(table.asked).toEqual([at('2026-11-01T00:00Z')])
    expect(starts(planFor(series, sent, { ...wish, from: NOON, look: 'newest' }))).toEqual([11])
    expect(starts(planFor(series, sent, { ...wish, look: 'all' }))).toEqual([8, 9, 10, 11])
    expect(starts(planFor({ ...series, name: 'Another' }, sent, wish))).toEqual([11])

    table.put(months[2] ?? 0, 3)
    const changed = planFor(series, sent, { ...wish, from: months[2] ?? 0 })
    expect(starts(changed)).toEqual([10, 11])
    expect(changed?.kept.map(({ sum }) => sum)).toEqual([2, 4])
    expect(planFor(new Table().series(), null, { ...wish, look: 'all' })).toBeNull()
  })
})

describe('what waits', () => {
  const series = new Table().series()

  it('is compared from its beginning the first time, and then from the earliest change', () => {
    const pending = new Pending()
    expect(pending.any).toBe(false)
    pending.push(series, NOON)
    expect(pending.take()).toEqual([{ id: IMPORT, series, from: NOON, look: 'all' }])
    expect(pending.any).toBe(false)
    pending.push(series, NOON)
    pending.push(series, NOON - DAY)
    pending.push(series, NOON)
    expect(pending.take()).toEqual([{ id: IMPORT, series, from: NOON - DAY, look: 'no' }])
    expect(pending.take()).toEqual([])
    pending.lookAgain()
    expect(pending.take()).toEqual([{ id: IMPORT, series, from: null, look: 'newest' }])
  })

  it('waits again when it could not be done, beside what came since', () => {
    const pending = new Pending()
    pending.push(series, 5)
    const [taken] = pending.take()
    const newer = { ...series, name: 'Newer' }
    pending.push(newer, 7)
    if (taken !== undefined) pending.giveBack(taken)
    expect(pending.take()).toEqual([{ id: IMPORT, series: newer, from: 5, look: 'all' }])

    pending.push(series, 9)
    const [later] = pending.take()
    pending.push(newer, 2)
    pending.lookAgain()
    if (later !== undefined) pending.giveBack(later)
    expect(pending.take()).toEqual([{ id: IMPORT, series: newer, from: 2, look: 'newest' }])
  })
})
