/** What the household was really billed, and what Octopus tells of it. Totals were worked out by hand where a comment says how. */
import { describe, expect, it } from '@jest/globals'
import { HALF_HOUR, HOUR, type Instant } from '../../src/clock.ts'
import { type BillInput, billOf } from '../../src/simulator/bill.ts'
import type { CarShare } from '../../src/simulator/charged.ts'
import { costOf, decimalText, energyOf, rounded } from '../../src/simulator/exact.ts'
import { IMPORT_SHAPES, SCENARIOS, type SupplyOptions } from '../../src/simulator/index.ts'
import { GAS_TARIFFS, IMPORT_TARIFFS, tariffOf } from '../../src/simulator/tariffs/catalogue.ts'
import { addDays, halfHoursOfDay, londonDate, startOfDay } from '../../src/time/london.ts'
import { simulators } from './started.ts'

const start = simulators()

const DATE = '2026-07-20'
const at = (time: string): Instant => Date.parse(`${DATE}T${time}:00+01:00`)

function bill(change: Partial<BillInput> = {}) {
  return billOf({
    date: DATE,
    tariffAt: () => IMPORT_TARIFFS.intelligent,
    payment: 'DIRECT_DEBIT',
    amountAt: () => 0.1,
    calorificValue: null,
    chargedAt: () => [],
    ...change,
  })
}

/** A car that charges by its plan in these half hours, 3.6 kWh each. */
const smartIn = (marks: readonly Instant[], car = 'car') => {
  const known = new Set(marks)
  return (mark: Instant): CarShare[] => (known.has(mark) ? [{ car, smart: 3.6, other: 0 }] : [])
}
const run = (from: Instant, count: number) => Array.from({ length: count }, (_, index) => from + index * HALF_HOUR)
const bucketsAt = (made: ReturnType<typeof bill>, mark: Instant) =>
  made.halfHours.find(each => each.start === mark)?.buckets.map(({ band, kwh, pence }) => [band, kwh, Number(pence)])

describe('a day of a house without a car', () => {
  it('costs its night and its day, and the standing charge', () => {
    // 12 half hours by night: 1.2 kWh × 7 = 8.4 p. 36 by day: 3.6 kWh × 27.69 = 99.684 p. 108.084 + 48.93 = 157.014.
    expect(bill()).toMatchObject({ date: DATE, kwh: 4.8, pence: 157, penceWithoutStanding: 108, standing: 48.93 })
  })

  it('has ten half hours of night where the clocks go forward, and fourteen where they go back', () => {
    const nights = (date: string) => bill({ date }).halfHours.filter(each => each.buckets[0]?.band === 'night').length
    expect([nights('2026-03-29'), nights('2026-10-25')]).toEqual([10, 14])
  })

  it('changes its price with the tariff in the middle, and its standing charge with the next day', () => {
    const { fixed, go } = IMPORT_TARIFFS
    // 24 × 0.1 kWh × 24.3495 = 58.4388; from noon Go's day: 24 × 0.1 × 27.804 = 66.7296. 125.1684 + 50.2425 = 175.4109.
    const made = bill({ tariffAt: mark => (mark < at('12:00') ? fixed : go) })
    expect(made).toMatchObject({ pence: 175, penceWithoutStanding: 125, standing: 50.2425 })
  })
})

describe('a day with smart charging', () => {
  it('is cheap for the whole house in a dispatch, the car apart on the newer contract', () => {
    const marks = [at('14:00')]
    const made = bill({ amountAt: mark => (marks.includes(mark) ? 3.7 : 0.1), chargedAt: smartIn(marks) })
    expect(bucketsAt(made, at('14:00'))).toEqual([
      ['night', 0.1, 0.7],
      ['ev_off_peak', 3.6, 25.2],
    ])
    expect(bucketsAt(made, at('14:30'))).toEqual([['day', 0.1, 2.769]])
    expect(made.halfHours.filter(each => each.byDispatch).map(each => each.start)).toEqual(marks)
  })

  it('is cheap for all of it in one price on the older contract, without end', () => {
    const marks = run(at('12:00'), 20)
    const old = IMPORT_TARIFFS.intelligent_old
    const made = bill({ tariffAt: () => old, amountAt: () => 3.7, chargedAt: smartIn(marks) })
    for (const mark of marks) expect(bucketsAt(made, mark)).toEqual([['standard', 3.7, 25.9]])
    expect(bucketsAt(made, at('22:00'))).toEqual([['standard', 3.7, 102.453]])
  })

  it('has twelve cheap half hours from noon to noon, each car its own', () => {
    const marks = run(at('12:00'), 14)
    const made = bill({ amountAt: () => 3.7, chargedAt: smartIn(marks) })
    expect(bucketsAt(made, marks[11] as number)?.map(([band]) => band)).toEqual(['night', 'ev_off_peak'])
    expect(bucketsAt(made, marks[12] as number)?.map(([band]) => band)).toEqual(['day', 'ev_peak'])

    const second = smartIn([marks[13] as number], 'second')
    const both = bill({
      amountAt: () => 7.3,
      chargedAt: mark => [...smartIn(marks)(mark), ...second(mark)],
    })
    // The second car has its own allowance: the house is cheap, the first car's part is not.
    expect(bucketsAt(both, marks[13] as number)).toEqual([
      ['night', 0.1, 0.7],
      ['ev_peak', 3.6, 99.684],
      ['ev_off_peak', 3.6, 25.2],
    ])
  })

  it('counts the evening before as far as noon, and what came before that no more', () => {
    const before = run(at('12:00') - 24 * HOUR, 12)
    const made = bill({
      amountAt: () => 3.7,
      chargedAt: mark => smartIn([...before, at('11:30'), at('12:00')])(mark),
    })
    expect(bucketsAt(made, at('11:30'))?.map(([band]) => band)).toEqual(['day', 'ev_peak'])
    expect(bucketsAt(made, at('12:00'))?.map(([band]) => band)).toEqual(['night', 'ev_off_peak'])
  })

  it('is dear for a boost, also by night, and a trickle is the house’s', () => {
    const boosted = bill({ amountAt: () => 3.7, chargedAt: () => [{ car: 'car', smart: 0, other: 3.6 }] })
    expect(bucketsAt(boosted, at('02:00'))).toEqual([
      ['night', 0.1, 0.7],
      ['ev_peak', 3.6, 99.684],
    ])
    const trickle = bill({ chargedAt: () => [{ car: 'car', smart: 0.004, other: 0.005 }] })
    expect(trickle).toEqual(bill())
  })

  it('is nothing special on a tariff that is not intelligent', () => {
    const made = bill({ tariffAt: () => IMPORT_TARIFFS.go, chargedAt: smartIn([at('14:00')]) })
    expect(made.halfHours.some(each => each.byDispatch)).toBe(false)
  })
})

describe('money', () => {
  it('is exact, and rounded once', () => {
    // 48 × 0.021 kWh × 24.3495 = 24.544296: of half hours rounded to a penny each it would be 48.
    expect(bill({ tariffAt: () => IMPORT_TARIFFS.fixed, amountAt: () => 0.021 }).penceWithoutStanding).toBe(25)
    expect(rounded(costOf(energyOf(500, null), 1))).toBe(1)
    expect(rounded(costOf(energyOf(500, null), -1))).toBe(-1)
    expect(decimalText(costOf(energyOf(63, null), -0.5), 9)).toBe('-0.0315')
  })

  it('of gas goes by the energy in a cubic metre', () => {
    // 1 m³ × 1.02264 × 40 / 3.6 = 11.3626666…, times 6.09 p.
    expect(decimalText(energyOf(1000, 40), 9)).toBe('11.362666667')
    const gas = { ...GAS_TARIFFS.gas_tracker }
    const made = bill({ tariffAt: () => gas, amountAt: mark => (mark === at('06:00') ? 1 : 0), calorificValue: 40 })
    const rate = made.halfHours.find(each => each.start === at('06:00'))?.buckets[0]?.rate ?? 0
    expect(made.kwh).toBeCloseTo(11.362666667, 9)
    expect(made.penceWithoutStanding).toBe(Math.round(11.3626666666667 * rate))
  })
})

interface Row {
  readonly value_inc_vat: number
  readonly valid_from: string
  readonly valid_to: string | null
  readonly payment_method: string | null
}

describe('the bill of a simulated house', () => {
  const SUPPLY: SupplyOptions = { export: 'outgoing_agile', gas: 'gas_tracker', gasUnit: 'kwh', historyDays: 200 }
  // Those that neither the car nor registers change: readings times REST's prices.
  const PLAIN = ['flexible', 'fixed', 'agile', 'go', 'cosy', 'tracker', 'prepay'] as const

  it.each([...PLAIN])('%s is the readings at the published prices, also before the tariff changed', async shape => {
    const { simulator, client } = await start('2026-07-20T18:00:00Z', { supply: { ...SUPPLY, import: shape } })
    const { point, serial } = simulator.account.supply('import') ?? { point: '', serial: '' }
    const switched = londonDate(simulator.account.switchedAt)
    for (const date of [addDays(switched, -1), switched, '2026-03-29', '2026-07-15']) {
      const [from, to] = [startOfDay(date), startOfDay(addDays(date, 1))].map(each => new Date(each).toISOString())
      const window = `period_from=${from}&period_to=${to}&page_size=100`
      const code = simulator.bill(date)?.halfHours[0]?.tariff ?? ''
      const pages = `products/${tariffOf(code).product}/electricity-tariffs/${code}`
      const rows: Row[] = (await client.rest(`${pages}/standard-unit-rates/?${window}`, null)).json.results
      const standing: Row[] = (await client.rest(`${pages}/standing-charges/?${window}`, null)).json.results
      const mine = (each: Row) => each.payment_method === null || each.payment_method === 'DIRECT_DEBIT'
      const readings = (await client.rest(`electricity-meter-points/${point}/meters/${serial}/consumption/?${window}`))
        .json.results
      const pence = readings.reduce((total: number, row: { consumption: number; interval_start: string }) => {
        const mark = Date.parse(row.interval_start)
        const price = rows.find(
          each =>
            mine(each) &&
            Date.parse(each.valid_from) <= mark &&
            (each.valid_to === null || Date.parse(each.valid_to) > mark),
        )
        return total + row.consumption * (price?.value_inc_vat ?? Number.NaN)
      }, 0)
      expect(readings).toHaveLength(halfHoursOfDay(date).length)
      expect([date, simulator.bill(date)?.penceWithoutStanding]).toEqual([date, Math.round(pence)])
      const charge = standing.find(each => mine(each) && Date.parse(each.valid_from) <= startOfDay(date))
      expect([date, simulator.bill(date)?.standing]).toEqual([date, charge?.value_inc_vat])
    }
  })

  it('has export and gas, each by its own meter', async () => {
    const { simulator } = await start('2026-07-20T18:00:00Z', { supply: SUPPLY })
    const [sold, gas] = [simulator.bill('2026-07-15', 'export'), simulator.bill('2026-07-15', 'gas')]
    expect(sold?.standing).toBe(0)
    expect(sold?.pence).toBe(sold?.penceWithoutStanding)
    expect(sold?.kwh).toBeGreaterThan(1)
    expect(gas?.halfHours).toHaveLength(48)
    expect(gas?.standing).toBe(28.875)
  })

  it('follows what the car really did: a window by day is billed cheap, and the boost is not', async () => {
    const { clock, simulator } = await start('2026-07-20T17:50:00+01:00', {
      scenario: 'demo',
      supply: { import: 'intelligent' },
    })
    clock.advance(60 * 60_000)
    const charged = halfHoursOfDay(DATE).filter(mark =>
      simulator.household.charged(mark).some(each => each.smart > 0.01),
    )
    // Before the start it charged by night, as every past night may; from the start in the demo's window.
    const today = charged.filter(mark => mark >= at('17:30'))
    expect(today).toEqual([at('18:00')])
    const billed = simulator.bill(DATE)?.halfHours.filter(each => each.byDispatch)
    expect(billed?.map(each => each.start)).toEqual(today)
    expect(billed?.[0]?.buckets.map(each => each.band)).toEqual(['night', 'ev_off_peak'])
  })
})

const MEASUREMENTS = `query ($acc: String!, $m: String, $s: DateTime, $e: DateTime, $on: Date, $first: Int, $after: String,
    $dir: ReadingDirectionType, $freq: ReadingFrequencyType) {
  account(accountNumber: $acc) { properties { measurements(first: $first, after: $after, startAt: $s, endAt: $e,
    startOn: $on, endOn: $on, timezone: "Europe/London", utilityFilters: [{ electricityFilters: {
      readingFrequencyType: $freq, readingDirection: $dir, marketSupplyPointId: $m } }]) {
    pageInfo { hasNextPage endCursor }
    edges { node { value unit readAt source ... on IntervalMeasurementType { startAt endAt durationInSeconds }
      metaData { statistics { type label value costInclTax { costCurrency estimatedAmount } } } } }
  } } }
}`

describe('measurements', () => {
  interface Statistic {
    readonly type: string
    readonly label: string | null
    readonly value: string | number
    readonly costInclTax: { readonly costCurrency: string; readonly estimatedAmount: string }
  }
  interface Node {
    readonly value: string | number
    readonly startAt: string
    readonly metaData: { readonly statistics: readonly Statistic[] }
  }

  async function house(seed = 1) {
    const supply: SupplyOptions = { import: 'intelligent', export: 'outgoing', historyDays: 60 }
    const started = await start('2026-07-20T18:00:00Z', { seed, supply })
    const { client, simulator } = started
    const token = await client.token()
    const ask = async (
      more: object,
    ): Promise<{ nodes: Node[]; hasNextPage: boolean; endCursor: string; json: unknown }> => {
      const variables = {
        acc: simulator.account.number,
        dir: 'CONSUMPTION',
        freq: 'THIRTY_MIN_INTERVAL',
        first: 99,
        ...more,
      }
      const { json } = await client.graphql(MEASUREMENTS, variables, token)
      const found = json.data.account?.properties?.[0].measurements
      return { json, nodes: (found?.edges ?? []).map((each: { node: Node }) => each.node), ...found?.pageInfo }
    }
    return { ...started, ask }
  }

  it('give each half hour and what it was billed at, in pence, and add up to the bill', async () => {
    const { ask, simulator } = await house()
    const { nodes } = await ask({ on: '2026-07-15', m: simulator.account.mpan })
    expect(nodes).toHaveLength(48)
    expect(nodes[0]).toMatchObject({ startAt: '2026-07-14T23:00:00+00:00', unit: 'kwh', durationInSeconds: 1800 })
    const every = nodes.flatMap(each => each.metaData.statistics)
    const all = every.filter(each => each.type === 'TOU_BUCKET_COST')
    expect(new Set(all.map(each => each.label?.replace(/_[0-9A-F]{6}$/, '')))).toEqual(
      new Set([
        'CONSUMPTION_CHARGE_ECO7_DAY',
        'CONSUMPTION_CHARGE_ECO7_NIGHT',
        'CONSUMPTION_CHARGE_EV_DEVICE_OFF_PEAK',
      ]),
    )
    expect(new Set(all.map(each => each.costInclTax.costCurrency))).toEqual(new Set(['GBP']))
    const pence = all.reduce((total, each) => total + Number(each.costInclTax.estimatedAmount), 0)
    expect(Math.round(pence)).toBe(simulator.bill('2026-07-15')?.penceWithoutStanding)
    for (const node of nodes) {
      const parts = node.metaData.statistics.filter(each => each.type === 'TOU_BUCKET_COST')
      expect(parts.reduce((total, each) => total + Number(each.value), 0)).toBeCloseTo(Number(node.value), 9)
      // Beside several buckets stands their sum, without a label.
      const sums = node.metaData.statistics.filter(each => each.type === 'CONSUMPTION_COST')
      expect(sums.map(each => each.label)).toEqual(parts.length > 1 ? [null] : [])
    }
    const charge = every.filter(each => each.type === 'STANDING_CHARGE_COST')
    const charged = charge.reduce((total, each) => total + Number(each.costInclTax.estimatedAmount), 0)
    expect([charge.length, charged]).toEqual([48, expect.closeTo(48.93, 5)])
  })

  it('have no buckets for a day or two, and no half hour that has not come', async () => {
    const { ask, simulator } = await house()
    const { nodes } = await ask({ s: '2026-07-18T23:00:00Z', e: '2026-07-20T18:00:00Z' })
    expect(nodes.length).toBe(48)
    expect(nodes.every(each => each.metaData.statistics.length === 0)).toBe(true)
    expect(simulator.bill('2026-07-19')?.halfHours).toHaveLength(48)
  })

  it('end every label in their own way for each account', async () => {
    const suffix = async (seed: number) =>
      (await (await house(seed)).ask({ on: '2026-07-15' })).nodes[0]?.metaData.statistics[0]?.label?.split('_').at(-1)
    expect(await suffix(1)).not.toBe(await suffix(2))
  })

  it('come oldest first, in pages that want a size below a hundred', async () => {
    const { ask } = await house()
    for (const first of [null, 100]) {
      expect(JSON.stringify((await ask({ first })).json)).toContain('KT-CT-1201')
    }
    const one = await ask({ s: '2026-07-10T23:00:00Z', e: '2026-07-12T23:00:00Z', first: 60 })
    const two = await ask({ s: '2026-07-10T23:00:00Z', e: '2026-07-12T23:00:00Z', first: 60, after: one.endCursor })
    expect([one.nodes.length, one.hasNextPage, two.nodes.length, two.hasNextPage]).toEqual([60, true, 36, false])
    const starts = [...one.nodes, ...two.nodes].map(each => each.startAt)
    expect(starts).toEqual([...new Set(starts)].sort())
    expect((await ask({})).nodes[0]?.startAt).toBe('2026-05-20T23:00:00+00:00')
  })

  it('of what a house sells are its own, and of anything else there are none', async () => {
    const { ask } = await house()
    const sold = (await ask({ on: '2026-07-15', dir: 'GENERATION' })).nodes
    expect(
      sold
        .flatMap(each => each.metaData.statistics)
        .filter(each => each.type !== 'STANDING_CHARGE_COST')
        .map(each => each.type),
    ).toEqual(sold.map(() => 'GENERATION_VALUE'))
    expect(sold).toHaveLength(48)
    expect((await ask({ on: '2026-07-15', freq: 'DAY_INTERVAL' })).nodes).toEqual([])
    expect((await ask({ on: '2026-07-15', m: '1299999999999' })).nodes).toEqual([])
  })
})

describe('a scenario for each tariff', () => {
  it.each([...IMPORT_SHAPES])('%s plays, with a year of readings and a bill for each of its days', async shape => {
    const scenario = `tariff-${shape.replaceAll('_', '-')}`
    expect(SCENARIOS.map(each => each.name)).toContain(scenario)
    const { clock, simulator } = await start('2026-11-20T06:00:00Z', { scenario })
    clock.advance(36 * HOUR)
    expect(simulator.account.tariff).toBe(IMPORT_TARIFFS[shape].code)
    for (const date of ['2025-10-26', '2026-03-29', '2026-11-20']) {
      for (const kind of ['import', 'export', 'gas'] as const) {
        const made = simulator.bill(date, kind)
        expect([date, kind, made?.halfHours.length]).toEqual([date, kind, halfHoursOfDay(date).length])
        expect(made?.halfHours.every(each => each.buckets.length > 0)).toBe(true)
      }
    }
  })
})
