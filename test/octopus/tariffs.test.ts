/** Prices as GraphQL has them. */
import { describe, expect, it } from '@jest/globals'
import { HALF_HOUR, HOUR } from '../../src/clock.ts'
import { bandOfRateType } from '../../src/octopus/bands.ts'
import { parseTariffs, withVat } from '../../src/octopus/tariffs.ts'
import { toIso } from '../../src/time/london.ts'
import { NOON, setUp } from './support/client.ts'
import { ACCOUNT } from './support/samples.ts'

const MIDNIGHT = Date.parse('2026-11-23T00:00:00Z')

const agreement = (tariff: object, changes: object = {}) => ({
  validFrom: '2026-08-01T00:00:00+01:00',
  validTo: null,
  meterPoint: { mpan: '1200000000017' },
  tariff: { productCode: 'P', tariffCode: 'E-1R-P-C', isExport: false, standingCharge: 47.85, ...tariff },
  ...changes,
})
const read = (...electricityAgreements: unknown[]) => parseTariffs({ account: { electricityAgreements } }, NOON)
const pricesOf = (tariff: object) => read(agreement(tariff))[0]?.unitRates.map(({ band, pence }) => [band, pence])

describe('prices of today', () => {
  it.each([
    ['StandardTariff', { unitRate: 24.5 }, [['standard', 24.5]]],
    ['PrepayTariff', { unitRate: '23.1' }, [['standard', 23.1]]],
    [
      'DayNightTariff',
      { dayRate: 30, nightRate: 15 },
      [
        ['day', 30],
        ['night', 15],
      ],
    ],
    [
      'ThreeRateTariff',
      { dayRate: 30, nightRate: 15, offPeakRate: 20 },
      [
        ['day', 30],
        ['night', 15],
        ['off_peak', 20],
      ],
    ],
    [
      'FourRateEvTariff',
      { dayRate: 30.37136, nightRate: 6.89997, evDevicePeakRate: 29, evDeviceOffPeakRate: 6 },
      [
        ['day', 30.37136],
        ['night', 6.89997],
        ['ev_peak', 29],
        ['ev_off_peak', 6],
      ],
    ],
    [
      'DayNightTariff',
      { dayRate: 30, nightRate: null, preVatNightRate: 10 },
      [
        ['day', 30],
        ['night', 10.5],
      ],
    ],
    ['TariffOfTheFuture', { unitRate: 24.5 }, []],
  ])('of a %s', (__typename, rates, expected) => {
    expect(pricesOf({ __typename, ...rates })).toEqual(expected)
  })

  it('count from today on, or from the first day of the agreement, to its end', () => {
    const flat = { __typename: 'StandardTariff', unitRate: 24.5 }
    const [old, coming, ending] = read(
      agreement(flat),
      agreement(flat, { validFrom: '2026-12-01T00:00:00Z' }),
      agreement(flat, { validTo: '2026-11-30T00:00:00Z' }),
    )
    expect(old).toEqual({
      fuel: 'electricity',
      point: '1200000000017',
      tariffCode: 'E-1R-P-C',
      productCode: 'P',
      unitRates: [{ band: 'standard', start: MIDNIGHT, end: null, pence: 24.5 }],
      standingCharges: [{ start: MIDNIGHT, end: null, pence: 47.85 }],
    })
    expect(coming?.unitRates[0]?.start).toBe(Date.parse('2026-12-01T00:00:00Z'))
    expect(ending?.standingCharges[0]?.end).toBe(Date.parse('2026-11-30T00:00:00Z'))
    expect(read(agreement(flat, { validTo: '2026-11-20T00:00:00Z' }))).toEqual([])
  })

  it('of half hours have their own times, the oldest first', () => {
    const unitRates = [
      {
        validFrom: toIso(NOON),
        validTo: toIso(NOON + HALF_HOUR),
        value: -1.5,
        preVatValue: -1.43,
        rateType: 'STANDARD',
      },
      { validFrom: toIso(NOON - HALF_HOUR), validTo: toIso(NOON), value: '12.6', rateType: null },
      { validFrom: toIso(NOON), validTo: null, value: 6.9, rateType: 'EV_DEVICE_OFF_PEAK' },
      { validFrom: toIso(NOON), validTo: null, value: 6.9, rateType: 'TNUOS' },
      { validFrom: toIso(NOON), validTo: toIso(NOON), value: 6.9, rateType: 'STANDARD' },
      null,
    ]
    expect(read(agreement({ __typename: 'HalfHourlyTariff', unitRates }))[0]?.unitRates).toEqual([
      { band: 'standard', start: NOON - HALF_HOUR, end: NOON, pence: 12.6 },
      { band: 'standard', start: NOON, end: NOON + HALF_HOUR, pence: -1.5 },
      { band: 'ev_off_peak', start: NOON, end: null, pence: 6.9 },
    ])
  })

  it('have VAT, but for what is exported', () => {
    expect(pricesOf({ __typename: 'StandardTariff', preVatUnitRate: 20 })).toEqual([['standard', 21]])
    expect(pricesOf({ __typename: 'StandardTariff', preVatUnitRate: 15, isExport: true })).toEqual([['standard', 15]])
    // 1.05 × 22.857142 and 1.05 × 0.1, by hand.
    expect([withVat(22.857142, 'import'), withVat(0.1, 'import')]).toEqual([23.9999991, 0.105])
  })

  it('come of every meter point, gas too; an agreement that is not understood is left out', async () => {
    const gas = { validFrom: null, validTo: null, meterPoint: { mprn: '77' } }
    const { client, operations } = await setUp(() => ({
      body: {
        data: {
          account: {
            electricityAgreements: [agreement({ __typename: 'StandardTariff', unitRate: 1 }), { tariff: null }, null],
            gasAgreements: [{ ...gas, tariff: { __typename: 'GasTariffType', tariffCode: 'G-1R-P-C', unitRate: 6.5 } }],
          },
        },
      },
    }))
    const tariffs = await client.tariffsToday(ACCOUNT)
    expect(tariffs.map(({ fuel, point, tariffCode }) => [fuel, point, tariffCode])).toEqual([
      ['electricity', '1200000000017', 'E-1R-P-C'],
      ['gas', '77', 'G-1R-P-C'],
    ])
    expect(tariffs[1]?.standingCharges).toEqual([])
    expect(operations()).toEqual(['Token', 'Tariffs'])
  })
})

describe('a kind of rate', () => {
  it('is one of our bands, or none', () => {
    expect(['ECO7_DAY', 'ECO7_NIGHT', 'OFF_PEAK', 'EV_DEVICE_PEAK', undefined].map(bandOfRateType)).toEqual([
      ...['day', 'night', 'off_peak', 'ev_peak', 'standard'],
    ])
    expect(['EV_DEVICE', 'WINTER_PEAK', '', 5, {}].map(bandOfRateType)).toEqual([null, null, null, null, null])
  })
})

describe('applicable rates', () => {
  const POINT = { account: ACCOUNT, point: '1200000000017', direction: 'import' } as const
  const node = (start: number, end: number | null, value: unknown) => ({
    node: { value, validFrom: toIso(start), validTo: end === null ? null : toIso(end) },
  })
  const page = (edges: unknown[], pageInfo: unknown = { hasNextPage: false, endCursor: null }) => ({
    body: { data: { applicableRates: { edges, pageInfo } } },
  })

  it('come page by page, with VAT', async () => {
    const { client, server, operations } = await setUp(({ body }) =>
      body?.variables.after === 'c1'
        ? page([node(NOON, NOON + HOUR, '20')])
        : page([node(NOON - HOUR, NOON, '10.0'), { node: null }, null], { hasNextPage: true, endCursor: 'c1' }),
    )
    expect(await client.applicableRates(POINT, NOON - HOUR, NOON + HOUR)).toEqual([
      { band: 'standard', start: NOON - HOUR, end: NOON, pence: 10.5 },
      { band: 'standard', start: NOON, end: NOON + HOUR, pence: 21 },
    ])
    expect(operations()).toEqual(['Token', 'ApplicableRates', 'ApplicableRates'])
    expect(server.requests[2]?.body?.variables).toEqual({
      account: ACCOUNT,
      point: '1200000000017',
      from: '2026-11-23T11:00:00Z',
      to: '2026-11-23T13:00:00Z',
      after: 'c1',
    })
  })

  it.each([
    ['overlap', page([node(NOON - HOUR, NOON + HOUR, 1), node(NOON, null, 2)])],
    ['begin while another is open', page([node(NOON - HOUR, null, 1), node(NOON, null, 2)])],
    ['go round in pages', page([], { hasNextPage: true, endCursor: 'c1' })],
    ['are no list', { body: { data: { applicableRates: { edges: 5 } } } }],
  ])('that %s are not believed', async (_, reply) => {
    const { client } = await setUp(() => reply)
    await expect(client.applicableRates(POINT, NOON - HOUR, NOON + HOUR)).rejects.toMatchObject({
      code: 'OCTOPUS_BAD_ANSWER',
    })
  })

  it('with pages without end are an error, not a part', async () => {
    let pages = 0
    const { client } = await setUp(() => {
      pages += 1
      return page([], { hasNextPage: true, endCursor: `c${pages}` })
    })
    await expect(client.applicableRates(POINT, NOON, NOON + HOUR)).rejects.toMatchObject({ code: 'OCTOPUS_BAD_ANSWER' })
    expect(pages).toBe(20)
  })
})
