/** Rounds of statistics over real websockets. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { HomeAssistant } from './support/home-assistant.ts'
import { Sending } from './support/sending.ts'
import { DAY, HOUR, IMPORT, NOON, Table } from './support/statistics.ts'

const MIDNIGHT = NOON - 12 * HOUR

let home: HomeAssistant
let sending: Sending

beforeEach(async () => {
  home = new HomeAssistant()
  sending = new Sending(await home.start())
})

afterEach(() => home.stop())

const well = { undone: [], trouble: null }
const sums = () => home.rows(IMPORT).map(([, , sum]) => sum)
const written = () => home.heard.filter(({ type }) => type === 'recorder/import_statistics')
const startsOf = (message: Record<string, unknown> | undefined) => {
  const stats = (message?.stats ?? []) as { start: string }[]
  return stats.map(({ start }) => start)
}

describe('half hours', () => {
  it('become hours with a running sum, at the hours in which they were', async () => {
    const table = new Table().put(MIDNIGHT, 0.1, 0.2, 0.3, 0.4, 0.5)
    expect(await sending.round([table.series()])).toEqual(well)
    expect(home.rows(IMPORT)).toEqual([
      [MIDNIGHT, 0.3, 0.3],
      [MIDNIGHT + HOUR, 0.7, 1],
    ])
    expect(home.statistics.get(IMPORT)?.metadata).toEqual({
      statistic_id: IMPORT,
      source: 'octopus2mqtt',
      name: 'Octopus import',
      unit_of_measurement: 'kWh',
      unit_class: 'energy',
      has_sum: true,
      mean_type: 0,
    })
    expect(startsOf(written()[0])).toEqual(['2026-11-24T00:00:00Z', '2026-11-24T01:00:00Z'])
    expect(home.warnings).toEqual([])
  })

  it.each(['2024.12.5', '2025.10.1', '2025.11.0', '2026.10.2', '2026.11.2', '2027.2.0'])(
    'are taken by Home Assistant %s without a warning',
    async version => {
      home.version = version
      const table = new Table().put(MIDNIGHT, 1, 1)
      const kinds = (['import', 'import_cost', 'gas_volume'] as const).map(kind => table.series(kind))
      expect(await sending.round(kinds)).toEqual(well)
      expect(home.statistics.size).toBe(3)
      expect(home.warnings).toEqual([])
    },
  )

  it('that were sent are not sent again, and nothing connects for them', async () => {
    const series = new Table().put(MIDNIGHT, 1, 1).series()
    await sending.round([series])
    expect(await sending.round([series])).toEqual(well)
    expect(home.connections).toBe(1)
    // Another process that remembers nothing compares, and finds all of it.
    sending.values.kept.clear()
    expect(await sending.round([series], { look: 'all' })).toEqual(well)
    expect(home.connections).toBe(2)
    expect(written()).toHaveLength(1)
  })

  it('of a year go out at once, month by month, in messages of no more than 1000 rows', async () => {
    const values = Array.from({ length: 366 * 48 }, (_, nth) => (nth % 7) / 10)
    const table = new Table().put(MIDNIGHT - 365 * DAY, ...values.slice(0, 365 * 48))
    expect(await sending.round([table.series()])).toEqual(well)
    expect(home.rows(IMPORT)).toHaveLength(365 * 24)
    // 17520 half hours: 2502 full weeks of (0+1+…+6)/10 = 2.1 and six more values, 0 to 0.5.
    expect(sums().at(-1)).toBe(2502 * 2.1 + 1.5)
    expect(written()).toHaveLength(13)
    expect(Math.max(...written().map(message => startsOf(message).length))).toBeLessThanOrEqual(1_000)
  })

  it('that were corrected change their hour and every sum behind it, and no row before', async () => {
    const table = new Table().put(MIDNIGHT - 40 * DAY, 1, 1).put(MIDNIGHT, 1, 1, 2, 2, 3, 3)
    await sending.round([table.series()])
    table.put(MIDNIGHT + HOUR, 5)
    expect(await sending.round([table.series()], { from: MIDNIGHT + HOUR })).toEqual(well)
    expect(home.rows(IMPORT).map(([, state, sum]) => [state, sum])).toEqual([
      [2, 2],
      [2, 4],
      [7, 11],
      [6, 17],
    ])
    expect(startsOf(written().at(-1))).toEqual(['2026-11-24T01:00:00Z', '2026-11-24T02:00:00Z'])
    expect(startsOf(written().at(-1))).not.toContain('2026-11-24T00:00:00Z')
  })

  it('that come late are put where they belong', async () => {
    const table = new Table().put(MIDNIGHT, 1, 1)
    await sending.round([table.series()])
    table.put(MIDNIGHT - 300 * DAY, 4, 4).put(MIDNIGHT - 20 * DAY, 3, 3)
    expect(await sending.round([table.series()], { from: MIDNIGHT - 300 * DAY })).toEqual(well)
    expect(sums()).toEqual([8, 14, 16])
  })

  it('of hours to come stay here', async () => {
    const table = new Table().put(NOON - HOUR, 1, 1, 1, 1)
    await sending.round([table.series()])
    expect(sums()).toEqual([2])
    sending.clock.wall += HOUR
    await sending.round([table.series()], { from: NOON })
    expect(sums()).toEqual([2, 4])
  })
})

describe('the sum', () => {
  it('goes on from the last row, however long ago it was', async () => {
    for (const days of [1, 8, 60, 500, 3_000]) {
      const start = MIDNIGHT - days * DAY
      home.statistics.set(IMPORT, { metadata: {}, rows: new Map([[start, { state: 1, sum: 1_000 }]]) })
      sending.values.kept.clear()
      expect(await sending.round([new Table().put(MIDNIGHT, 1, 1).series()])).toEqual(well)
      expect(sums()).toEqual([1_000, 1_002])
    }
  })

  it('goes on where our own store was lost, and hours that only Home Assistant has keep their value', async () => {
    const table = new Table().put(MIDNIGHT - DAY, 1, 1, 2, 2, 3, 3)
    await sending.round([table.series()])
    sending.values.kept.clear()
    const young = new Table().put(MIDNIGHT - DAY + HOUR, 7, 7).put(MIDNIGHT, 1, 1)
    expect(await sending.round([young.series()], { look: 'all' })).toEqual(well)
    expect(home.rows(IMPORT).map(([, state, sum]) => [state, sum])).toEqual([
      [2, 2],
      [14, 16],
      [6, 22],
      [2, 24],
    ])
  })

  it('is noticed to be missing when Home Assistant comes back from an older backup', async () => {
    const table = new Table().put(MIDNIGHT - 70 * DAY, 1, 1)
    await sending.round([table.series()])
    const restore = home.backup()
    table.put(MIDNIGHT - 35 * DAY, 2, 2).put(MIDNIGHT - DAY, 3, 3)
    await sending.round([table.series()])
    expect(sums()).toEqual([2, 6, 12])
    restore()
    table.put(MIDNIGHT, 4, 4)
    expect(await sending.round([table.series()], { from: MIDNIGHT })).toEqual(well)
    expect(sums()).toEqual([2, 6, 12, 20])
    expect(sending.log.all.filter(({ level }) => level === 'warn')).toHaveLength(1)
  })

  it('is sent anew when somebody cleared the statistics, even where nothing is new', async () => {
    const table = new Table().put(MIDNIGHT - 70 * DAY, 1, 1).put(MIDNIGHT, 1, 1)
    await sending.round([table.series()])
    home.statistics.clear()
    expect(await sending.round([table.series()], { from: null, look: 'newest' })).toEqual(well)
    expect(sums()).toEqual([2, 4])
  })

  it('may go down where a half hour earned money', async () => {
    await sending.round([new Table().put(MIDNIGHT, 1, 1, -1, -1.5).series('import_cost', 'Cost')])
    expect(home.rows(`${IMPORT}_cost`).map(([, , sum]) => sum)).toEqual([2, -0.5])
  })
})

describe('writing', () => {
  it('is believed when it is read back, also where Home Assistant is slow', async () => {
    home.slowness = 9
    const table = new Table().put(MIDNIGHT, 1, 1)
    expect(await sending.round([table.series()])).toEqual(well)
    expect(sums()).toEqual([2])
    expect(written()).toHaveLength(1)
  })

  it('that never shows is a trouble, and is tried again', async () => {
    home.slowness = 1_000
    const table = new Table().put(MIDNIGHT, 1, 1)
    const { trouble, undone } = await sending.round([table.series()])
    expect(trouble?.code).toBe('HOMEASSISTANT_NOT_WRITTEN')
    expect(undone).toHaveLength(1)
    expect(sending.values.kept.size).toBe(0)
    home.slowness = 0
    expect(await sending.go(undone)).toEqual(well)
    expect(sums()).toEqual([2])
  })

  it('brings a new name with it', async () => {
    const table = new Table().put(MIDNIGHT, 1, 1, 2, 2)
    await sending.round([table.series()])
    expect(await sending.round([table.series('import', 'The house')])).toEqual(well)
    expect(home.statistics.get(IMPORT)?.metadata.name).toBe('The house')
    expect(sums()).toEqual([2, 6])
    expect(await sending.round([table.series('import', 'The house')])).toEqual(well)
    expect(home.connections).toBe(2)
  })

  it('goes on where a connection ended in the middle', async () => {
    const table = new Table()
    for (let month = 0; month < 4; month += 1) table.put(Date.UTC(2026, 7 + month, 2), month + 1, 0)
    for (const when of ['before', 'after'] as const) {
      for (let at = 1; at <= 8; at += 1) {
        home.statistics.clear()
        sending.values.kept.clear()
        home.drop = { in: at, when }
        const { trouble, undone } = await sending.round([table.series()])
        expect(trouble?.code).toBe('HOMEASSISTANT_UNREACHABLE')
        expect(await sending.go(undone)).toEqual(well)
        expect(sums()).toEqual([1, 3, 6, 10])
      }
    }
  })
})
