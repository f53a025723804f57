/** Whatever comes of meters, prices and bills: it is read, or it is OCTOPUS_BAD_ANSWER, and what is read makes sense. */
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { HALF_HOUR } from '../../src/clock.ts'
import { RATE_BANDS } from '../../src/energy/types.ts'
import { isBridgeError } from '../../src/errors.ts'
import { parseMeasurements } from '../../src/octopus/bills.ts'
import { parseAccount } from '../../src/octopus/parse-account.ts'
import { publishedRates, publishedStandingCharges } from '../../src/octopus/rates.ts'
import { readingsPage } from '../../src/octopus/readings.ts'
import type { RestClient } from '../../src/octopus/rest.ts'
import { parseApplicableRates, parseTariffs } from '../../src/octopus/tariffs.ts'
import { hostileLeaf, hostileText, hostileTime } from '../hostile/hostile-values.ts'

const NOW = Date.parse('2026-11-23T12:00:00Z')
const FROM = NOW - 10 * HALF_HOUR

const time = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -3, max: 12 }).map(at => new Date(FROM + at * HALF_HOUR).toISOString()) },
  { weight: 1, arbitrary: hostileTime },
)
const number = fc.oneof(
  { weight: 4, arbitrary: fc.oneof(fc.double({ min: -5, max: 50, noNaN: true }), fc.constantFrom('0.063', '-1.5', 0)) },
  { weight: 1, arbitrary: hostileLeaf },
)
const label = fc.oneof(fc.constantFrom('OFF_PEAK', 'HOME LOW RATE', 'CONSUMPTION_CHARGE_EV_DEVICE_PEAK_H'), hostileText)
const perhaps = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 8, arbitrary }, { weight: 1, arbitrary: hostileLeaf })
const some = (fields: Record<string, fc.Arbitrary<unknown>>) => perhaps(fc.record(fields, { requiredKeys: [] }))
const listOf = (one: fc.Arbitrary<unknown>) => perhaps(fc.array(one, { maxLength: 6 }))

const pageInfo = some({ hasNextPage: perhaps(fc.boolean()), endCursor: hostileText })
const edges = (node: fc.Arbitrary<unknown>) => some({ edges: listOf(some({ node })), pageInfo })
const tariff = some({
  __typename: fc.constantFrom('StandardTariff', 'FourRateEvTariff', 'HalfHourlyTariff', '__proto__', 'constructor'),
  ...{ productCode: hostileText, tariffCode: hostileText, isExport: perhaps(fc.boolean()) },
  ...{ unitRate: number, dayRate: number, nightRate: number, standingCharge: number, preVatStandingCharge: number },
  unitRates: listOf(some({ validFrom: time, validTo: time, value: number, preVatValue: number, rateType: label })),
})
const meter = some({
  ...{ serialNumber: hostileText, meterType: hostileText, mechanism: hostileText, consumptionUnits: hostileText },
  ...{
    smartGasMeter: hostileLeaf,
    smartImportElectricityMeter: some({ manufacturer: hostileText, model: hostileText }),
  },
})
const agreement = some({ validFrom: time, validTo: time, tariff })
const agreements = listOf(
  some({
    ...{ validFrom: time, validTo: time, tariff },
    meterPoint: some({ mpan: hostileText, mprn: hostileText, meters: listOf(meter), agreements: listOf(agreement) }),
  }),
)
const account = some({ electricityAgreements: agreements, gasAgreements: agreements })
const statistic = some({
  type: fc.constantFrom('TOU_BUCKET_COST', 'CONSUMPTION_COST', 'STANDING_CHARGE_COST'),
  ...{ label, value: number, costInclTax: some({ estimatedAmount: number }) },
})
const halfHour = some({
  ...{ startAt: time, endAt: time, value: number, unit: perhaps(fc.constant('kwh')) },
  metaData: some({ statistics: listOf(statistic) }),
})
const row = some({
  ...{ valid_from: time, valid_to: time, value_inc_vat: number, payment_method: hostileText },
  ...{ interval_start: time, consumption: number },
})
const body = fc.record({ next: perhaps(fc.constant(null)), results: listOf(row) }, { requiredKeys: [] })

/** Undefined where it is a BridgeError of the one kind that a bad answer may come to. */
function read<T>(parse: () => T): T | undefined {
  try {
    return parse()
  } catch (error) {
    if (isBridgeError(error, 'OCTOPUS_BAD_ANSWER') || isBridgeError(error, 'ACCOUNT_NOT_FOUND')) return undefined
    throw error
  }
}

interface Priced {
  readonly start: number
  readonly end: number | null
  readonly pence: number
  readonly band?: string
}

function expectSense(prices: readonly Priced[]): void {
  for (const { start, end, pence, band = 'standard' } of prices) {
    expect(end === null || end > start).toBe(true)
    expect(Math.abs(pence)).toBeLessThanOrEqual(105_000)
    expect(RATE_BANDS).toContain(band)
  }
}

describe('whatever comes', () => {
  it('by GraphQL is read or refused', () => {
    fc.assert(
      fc.property(
        account,
        edges(some({ value: number, validFrom: time, validTo: time })),
        edges(halfHour),
        (one, rates, measurements) => {
          const facts = read(() => parseAccount({ account: one }, 'A-1', NOW))
          for (const point of facts?.gasMeterPoints ?? []) expect(point.mprn).toMatch(/^[!-~]/)
          const tariffs = read(() => parseTariffs({ account: one }, NOW)) ?? []
          for (const { unitRates, standingCharges } of tariffs) expectSense([...unitRates, ...standingCharges])
          expectSense(read(() => parseApplicableRates({ applicableRates: rates }, 'import'))?.rows ?? [])
          const bills = read(() => parseMeasurements({ account: { properties: [{ measurements }, one] } }))
          for (const { start, parts } of bills?.rows ?? []) {
            expect(start % HALF_HOUR).toBe(0)
            expect(parts.length).toBeGreaterThan(0)
            for (const { kwh } of parts) expect(kwh).toBeGreaterThanOrEqual(0)
          }
          for (const word of bills?.unknownLabels ?? []) expect(word).toMatch(/^[^\p{Cc}]{1,100}$/u)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('by REST is read or refused', async () => {
    await fc.assert(
      fc.asyncProperty(body, async answer => {
        const rest = { get: async () => answer } as unknown as RestClient
        const tariff = { fuel: 'electricity', productCode: 'P', tariffCode: 'E-2R-P-C' } as const
        const wholes = await Promise.allSettled([
          publishedRates(rest, tariff, FROM, NOW).then(({ rates }) => expectSense(rates)),
          publishedStandingCharges(rest, tariff, FROM, NOW).then(expectSense),
          readingsPage(rest, { fuel: 'gas', point: '1', serial: 'S' }, FROM, NOW).then(({ readings, upTo }) => {
            expect(upTo > FROM && upTo <= NOW).toBe(true)
            for (const { start, amount } of readings) {
              expect(start >= FROM && start < upTo && amount >= 0).toBe(true)
            }
          }),
        ])
        for (const whole of wholes)
          if (whole.status === 'rejected' && !isBridgeError(whole.reason, 'OCTOPUS_BAD_ANSWER')) throw whole.reason
      }),
      { numRuns: 500 },
    )
  })

  it('a year of nonsense is bounded', () => {
    const many = <T>(one: T): T[] => Array.from({ length: 50_000 }, () => one)
    const rate = { validFrom: '2026-11-23T12:00:00Z', value: 1 }
    const tariff = { __typename: 'HalfHourlyTariff', tariffCode: 'E-1R-P-C', unitRates: many(rate) }
    const began = performance.now()
    const [prices] = parseTariffs(
      { account: { electricityAgreements: many({ meterPoint: { mpan: '1' }, tariff }) } },
      NOW,
    )
    expect(prices?.unitRates).toHaveLength(2_000)
    const edge = { node: { value: 1, unit: 'kwh', startAt: '2026-11-23T12:00:00Z', endAt: '2026-11-23T12:30:00Z' } }
    const statistics = many({ type: 'CONSUMPTION_COST', label: 'X', value: 1 }).map((each, at) => ({
      ...each,
      label: `X${at}`,
    }))
    const metaData = { statistics }
    const measurements = { edges: [{ node: { ...edge.node, metaData } }] }
    const bills = parseMeasurements({ account: { properties: [{ measurements }] } })
    expect([bills.rows[0]?.parts.length, bills.unknownLabels.length]).toEqual([30, 10])
    expect(performance.now() - began).toBeLessThan(2_000)
  })
})
