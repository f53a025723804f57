/** The meters of a household as REST shows them: import, export and gas, whole days and odd ones. */
import { describe, expect, it } from '@jest/globals'
import { HOUR } from '../../src/clock.ts'
import type { SupplyKind, SupplyOptions } from '../../src/simulator/index.ts'
import { Meter } from '../../src/simulator/meter.ts'
import { heatingUsage, inCubicMetres, solarExport } from '../../src/simulator/usage-shapes.ts'
import { addDays, halfHoursOfDay, startOfDay } from '../../src/time/london.ts'
import { simulators } from './started.ts'
import { virtualClock } from './virtual-clock.ts'

const start = simulators()

const ALL: SupplyOptions = { export: 'outgoing', gas: 'gas_flexible' }

async function house(at: string, supply: SupplyOptions = ALL) {
  const { clock, simulator, client } = await start(at, { supply })
  const readings = (kind: SupplyKind, query: string) => {
    const { point, serial } = simulator.account.supply(kind) ?? { point: 'none', serial: 'none' }
    const fuel = kind === 'gas' ? 'gas' : 'electricity'
    return client.rest(`${fuel}-meter-points/${point}/meters/${serial}/consumption/?${query}`)
  }
  return { clock, simulator, client, readings }
}

interface Row {
  readonly consumption: number
  readonly interval_start: string
}

const sum = (rows: readonly Row[]) => rows.reduce((total, row) => total + row.consumption, 0)

describe('a meter point', () => {
  it('for export and for gas has readings behind the same rules as the one for import', async () => {
    const { client, readings, simulator } = await house('2026-07-20T18:00:00Z')
    const day = 'period_from=2026-07-18T00:00&period_to=2026-07-19T00:00&order_by=period'
    for (const kind of ['import', 'export', 'gas'] as const) {
      const { json } = await readings(kind, day)
      expect([kind, json.count, json.results[0].interval_start]).toEqual([kind, 48, '2026-07-18T00:00:00+01:00'])
      expect((await readings(kind, 'period_to=2026-07-18T00:00')).status).toBe(400)
    }
    const gas = simulator.account.supply('gas')
    const wrong = await client.rest(`electricity-meter-points/${gas?.point}/meters/${gas?.serial}/consumption/`)
    expect(wrong.status).toBe(404)
    expect((await client.rest(`gas-meter-points/${gas?.point}/meters/${gas?.serial}/consumption/`, null)).status).toBe(
      401,
    )
  })

  it('is not there where the household has none', async () => {
    const { client, simulator } = await house('2026-07-20T18:00:00Z', {})
    expect(simulator.account.supplies.map(({ kind }) => kind)).toEqual(['import'])
    expect(simulator.bill('2026-07-19', 'gas')).toBeUndefined()
    expect((await client.rest('gas-meter-points/2200000031/meters/00G0000031/consumption/')).status).toBe(404)
  })

  it('is listed by REST with what it is', async () => {
    const { client, simulator } = await house('2026-07-20T18:00:00Z', { ...ALL, exportIsOdd: true })
    const [property] = (await client.rest(`accounts/${simulator.account.number}/`)).json.properties
    expect(property.electricity_meter_points.map((each: { is_export: boolean }) => each.is_export)).toEqual([
      true,
      false,
    ])
    expect(property.gas_meter_points).toEqual([
      expect.objectContaining({ mprn: '2200000031', meters: [{ serial_number: '00G0000031' }] }),
    ])
    expect(property.gas_meter_points[0].agreements.at(-1)).toMatchObject({ tariff_code: 'G-1R-VAR-22-11-01-C' })
  })
})

describe('the history', () => {
  it('is three weeks by default, and as long as asked', async () => {
    const short = await house('2026-07-20T18:00:00Z')
    expect((await short.readings('import', 'page_size=25000')).json.results.at(-1).interval_start).toBe(
      '2026-06-29T00:00:00+01:00',
    )
    const long = await house('2026-07-20T18:00:00Z', { ...ALL, historyDays: 500 })
    for (const kind of ['import', 'export', 'gas'] as const) {
      const { json } = await long.readings(kind, 'page_size=30000&order_by=period')
      expect([kind, json.results[0].interval_start]).toEqual([kind, '2025-03-07T00:00:00Z'])
      // 500 days, one of them of 46, one of 50 and one of 46 half hours again; today's have not come.
      expect([500 * 48 - 2, 499 * 48 - 2]).toContain(json.count)
      expect(json.next).toBeNull()
    }
  })

  it('has its odd days, and as much at the end of a year as at its beginning', async () => {
    const { readings } = await house('2026-11-20T18:00:00Z', { ...ALL, historyDays: 400 })
    const day = (date: string) =>
      `period_from=${date}T00:00&period_to=${addDays(date, 1)}T00:00&order_by=period&page_size=100`
    for (const [date, count] of [
      ['2026-03-29', 46],
      ['2026-10-25', 50],
      ['2025-10-26', 50],
    ] as const) {
      const rows: Row[] = (await readings('gas', day(date))).json.results
      expect([date, rows.length]).toEqual([date, count])
      expect(new Set(rows.map(row => row.interval_start)).size).toBe(count)
    }
  })
})

describe('what the meters count', () => {
  const at = (date: string) => halfHoursOfDay(date)
  const dayOf = (usage: (start: number) => number, date: string) =>
    at(date).reduce((total, each) => total + usage(each), 0)

  it('the sun by day alone, and much more of it in June', () => {
    const usage = solarExport(1)
    const week = (from: string) =>
      Array.from({ length: 7 }, (_, day) => dayOf(usage, addDays(from, day))).reduce((total, each) => total + each, 0)
    expect(week('2026-06-15')).toBeGreaterThan(4 * week('2026-12-15'))
    expect(week('2026-12-15')).toBeGreaterThan(0)
    const smallHours = at('2026-06-20').filter(each => new Date(each).getUTCHours() < 3)
    expect(smallHours.map(usage)).toEqual(smallHours.map(() => 0))
  })

  it('gas for heating in winter and for hot water all year', () => {
    const usage = heatingUsage(1)
    const month = (from: string) =>
      Array.from({ length: 30 }, (_, day) => dayOf(usage, addDays(from, day))).reduce((total, each) => total + each, 0)
    expect(month('2026-01-01')).toBeGreaterThan(8 * month('2026-07-01'))
    expect(month('2026-07-01')).toBeGreaterThan(5)
  })

  it('gas in the unit of the meter', async () => {
    const query = 'period_from=2026-01-05T00:00&period_to=2026-01-06T00:00&page_size=100'
    const cubic = await house('2026-01-10T18:00:00Z', { ...ALL, gasUnit: 'm3' })
    const kwh = await house('2026-01-10T18:00:00Z', { ...ALL, gasUnit: 'kwh' })
    const [m3, energy] = [await cubic.readings('gas', query), await kwh.readings('gas', query)]
    // 1.02264 × 40 / 3.6 = 11.3627 kWh in a cubic metre.
    expect(sum(energy.json.results) / sum(m3.json.results)).toBeCloseTo(11.3627, 1)
    expect(inCubicMetres(() => 11.362666666666666)(0)).toBeCloseTo(1, 9)
  })
})

describe('days that come oddly', () => {
  it('are as many as whoever starts the simulator asks for, at every meter', async () => {
    const query = 'period_from=2026-07-18T00:00&period_to=2026-07-19T00:00&page_size=100'
    const { readings } = await house('2026-07-20T18:00:00Z', { ...ALL, readings: { gaps: 1 } })
    for (const kind of ['import', 'export', 'gas'] as const) expect((await readings(kind, query)).json.count).toBe(0)
  })

  const startedAt = Date.parse('2026-11-01T00:00:00Z')
  const date = '2026-11-03'
  const [from, to] = [startOfDay(date), startOfDay(addDays(date, 1))]

  it('show their first hour, and the rest a day and a half later', () => {
    const clock = virtualClock(startedAt)
    const usual = new Meter(clock, { seed: 1, startedAt }).completeAt(date)
    const meter = new Meter(clock, { seed: 1, startedAt, brokenDays: 1 })
    expect(meter.completeAt(date)).toBe(usual + 36 * HOUR)
    const seen = (at: number) => {
      clock.advanceTo(at)
      return meter.visible(from, to).length
    }
    expect([seen(usual - 1), seen(usual), seen(usual + 36 * HOUR - 1), seen(usual + 36 * HOUR)]).toEqual([0, 2, 2, 48])
  })

  it('can be seen on the day itself up to three hours ago', () => {
    const clock = virtualClock(startedAt)
    const meter = new Meter(clock, { seed: 1, startedAt, earlyDays: 1 })
    clock.advanceTo(from + 13 * HOUR)
    expect(meter.visible(from, to)).toHaveLength(20)
  })

  it('become others at noon of the fourth day after, and stay so', () => {
    const clock = virtualClock(startedAt)
    const meter = new Meter(clock, { seed: 1, startedAt, correctedDays: 1 })
    const noon = Date.parse('2026-11-07T12:00:00Z')
    clock.advanceTo(noon - 1)
    const before = meter.amount(from)
    clock.advance(1)
    const after = meter.amount(from)
    expect(after).not.toBe(before)
    clock.advance(30 * 24 * HOUR)
    expect(meter.amount(from)).toBe(after)
  })
})
