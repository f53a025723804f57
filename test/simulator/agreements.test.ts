/** What GraphQL says of the household's meter points, agreements, tariffs and prices. */
import { describe, expect, it } from '@jest/globals'
import { IMPORT_SHAPES, type SupplyOptions } from '../../src/simulator/index.ts'
import { IMPORT_TARIFFS } from '../../src/simulator/tariffs/catalogue.ts'
import { startOfDay } from '../../src/time/london.ts'
import { simulators } from './started.ts'

const start = simulators()

const ACCOUNT = `query ($acc: String!, $active: Boolean) {
  account(accountNumber: $acc) {
    electricityAgreements(active: $active) { validFrom validTo ...point tariff { ...tariff } }
    gasAgreements(active: $active) {
      validFrom validTo
      meterPoint {
        mprn meters { serialNumber consumptionUnits mechanism imperial smartGasMeter { deviceId } }
        agreements(includeInactive: true) { validFrom validTo tariff { tariffCode unitRate preVatUnitRate standingCharge } }
      }
    }
  }
}
fragment point on ElectricityAgreementType {
  meterPoint {
    mpan direction gspGroupId
    meters(includeInactive: true) {
      serialNumber smartImportElectricityMeter { deviceId } smartExportElectricityMeter { deviceId }
    }
    agreements(includeInactive: true) { validFrom validTo tariff { ... on TariffType { productCode tariffCode } } }
  }
}
fragment tariff on ElectricityTariffType {
  __typename
  ... on TariffType { productCode tariffCode standingCharge preVatStandingCharge isExport }
  ... on StandardTariff { unitRate preVatUnitRate }
  ... on PrepayTariff { unitRate preVatUnitRate }
  ... on DayNightTariff { dayRate nightRate preVatDayRate preVatNightRate }
  ... on ThreeRateTariff { dayRate nightRate offPeakRate preVatDayRate preVatNightRate preVatOffPeakRate }
  ... on FourRateEvTariff { dayRate nightRate evDevicePeakRate evDeviceOffPeakRate }
  ... on HalfHourlyTariff { unitRates { validFrom validTo value preVatValue rateType } }
}`

const RATES = `query ($acc: String!, $m: String!, $s: DateTime!, $e: DateTime!, $first: Int, $after: String) {
  applicableRates(accountNumber: $acc, mpxn: $m, startAt: $s, endAt: $e, first: $first, after: $after) {
    totalCount edgeCount pageInfo { hasNextPage endCursor }
    edges { cursor node { value validFrom validTo } }
  }
}`

async function house(at: string, supply: SupplyOptions) {
  const started = await start(at, { supply })
  const { client, simulator } = started
  const acc = simulator.account.number
  const account = async (active = true) =>
    (await client.graphql(ACCOUNT, { acc, active }, await client.token())).json.data.account
  const rates = async (m: string, s: string, e: string, more: object = { first: 99 }) =>
    (await client.graphql(RATES, { acc, m, s, e, ...more }, await client.token())).json
  return { ...started, account, rates }
}

interface Edge {
  readonly node: { readonly value: string | number; readonly validFrom: string; readonly validTo: string }
}
const bands = (json: { data: { applicableRates: { edges: Edge[] } } }) =>
  json.data.applicableRates.edges.map(({ node }) => [node.validFrom, node.validTo, Number(node.value)])

describe('tariffs', () => {
  it.each(IMPORT_SHAPES.map(shape => [shape, IMPORT_TARIFFS[shape].typename] as const))(
    '%s are answered as %s',
    async (shape, typename) => {
      const { account } = await house('2026-07-20T12:00:00Z', { import: shape })
      const [active] = (await account()).electricityAgreements
      expect(active.tariff).toMatchObject({
        __typename: typename,
        tariffCode: IMPORT_TARIFFS[shape].code,
        isExport: false,
      })
      const { __typename, productCode, tariffCode, isExport, unitRates, ...prices } = active.tariff
      for (const price of Object.values(prices)) expect(price).toEqual(expect.any(Number))
      expect(Object.keys(prices).length).toBeGreaterThan(1)
      if (typename === 'HalfHourlyTariff') {
        expect(unitRates.length).toBeGreaterThan(1)
        expect(unitRates[0]).toMatchObject({ rateType: 'STANDARD', value: expect.any(Number) })
      }
    },
  )

  it('cost what the account pays by its way to pay', async () => {
    const rate = async (payment: 'DIRECT_DEBIT' | 'NON_DIRECT_DEBIT') => {
      const { account } = await house('2026-07-20T12:00:00Z', { import: 'flexible', payment })
      return (await account()).electricityAgreements[0].tariff.unitRate
    }
    expect(await rate('NON_DIRECT_DEBIT')).toBeGreaterThan(await rate('DIRECT_DEBIT'))
  })
})

describe('meter points', () => {
  it('come with the export one first and without a direction, where the household is odd', async () => {
    const odd = await house('2026-07-20T12:00:00Z', { export: 'outgoing', exportIsOdd: true })
    const [first, second] = (await odd.account()).electricityAgreements
    expect([first.meterPoint.mpan, first.meterPoint.direction]).toEqual(['1200000000025', null])
    expect([second.meterPoint.mpan, second.meterPoint.direction]).toEqual(['1200000000017', 'IMPORT'])
    expect(first.tariff).toMatchObject({ isExport: true, unitRate: 15, standingCharge: 0 })
    expect(first.meterPoint.meters).toEqual([
      {
        serialNumber: '00S0000017',
        smartImportElectricityMeter: null,
        smartExportElectricityMeter: { deviceId: '00-11-22-33-44-55-66-77' },
      },
    ])
    const usual = await house('2026-07-20T12:00:00Z', { export: 'outgoing' })
    const listed = (await usual.account()).electricityAgreements
    expect(listed.map((each: { meterPoint: { direction: string } }) => each.meterPoint.direction)).toEqual([
      'IMPORT',
      'EXPORT',
    ])
  })

  it.each([
    ['m3', 'm³', 'S2'],
    ['kwh', 'kWh', 'S1'],
  ] as const)('of gas tell %s by consumptionUnits', async (gasUnit, consumptionUnits, mechanism) => {
    const { account } = await house('2026-07-20T12:00:00Z', { gas: 'gas_tracker', gasUnit })
    const [{ meterPoint }] = (await account()).gasAgreements
    expect(meterPoint.mprn).toBe('2200000031')
    expect(meterPoint.meters).toEqual([
      expect.objectContaining({ serialNumber: '00G0000031', consumptionUnits, mechanism, imperial: false }),
    ])
    expect(meterPoint.agreements.map((each: { tariff: { tariffCode: string } }) => each.tariff.tariffCode)).toEqual([
      'G-1R-SILVER-24-12-31-C',
      'G-1R-VAR-22-11-01-C',
    ])
  })

  it('list agreements that overlap by a day, of which the later one counts', async () => {
    const { account, rates, simulator } = await house('2026-07-20T12:00:00Z', { import: 'fixed', overlap: true })
    const [{ meterPoint }] = (await account()).electricityAgreements
    const [present, before] = meterPoint.agreements
    expect(Date.parse(before.validTo) - Date.parse(present.validFrom)).toBe(24 * 3600_000)
    expect((await account(false)).electricityAgreements).toHaveLength(2)
    const from = Date.parse(present.validFrom)
    const iso = (at: number) => new Date(at).toISOString()
    const found = bands(await rates(simulator.account.mpan, iso(from - 3600_000), iso(from + 3600_000)))
    expect(found.map(each => each[2])).toEqual([expect.any(Number), 23.19])
    expect(Date.parse(String(found[1]?.[0]))).toBe(from)
  })
})

describe('applicable rates', () => {
  it('are before tax, oldest first, and clipped to what was asked for', async () => {
    const { rates, simulator } = await house('2026-07-20T12:00:00Z', { import: 'go' })
    const found = await rates(simulator.account.mpan, '2026-07-19T23:45:00Z', '2026-07-20T05:00:00Z')
    expect(bands(found)).toEqual([
      ['2026-07-19T23:45:00+00:00', '2026-07-20T04:30:00+00:00', 8.1],
      ['2026-07-20T04:30:00+00:00', '2026-07-20T05:00:00+00:00', 26.48],
    ])
  })

  it('of the four-rate product are the house’s day and night', async () => {
    const { rates, simulator } = await house('2026-07-20T12:00:00Z', { import: 'intelligent' })
    const found = await rates(simulator.account.mpan, '2026-07-19T23:00:00Z', '2026-07-20T23:00:00Z')
    expect(bands(found)).toEqual([
      ['2026-07-19T23:00:00+00:00', '2026-07-20T04:30:00+00:00', 6.6667],
      ['2026-07-20T04:30:00+00:00', '2026-07-20T22:30:00+00:00', 26.3714],
      ['2026-07-20T22:30:00+00:00', '2026-07-20T23:00:00+00:00', 6.6667],
    ])
  })

  it('of Economy 7 change at 00:30 and 07:30 UTC, all year, and of a three-rate meter seven times a day', async () => {
    const economy7 = await house('2026-07-20T12:00:00Z', { import: 'economy7' })
    const window = ['2026-07-20T00:00:00Z', '2026-07-21T00:00:00Z'] as const
    const changes = async ({ rates, simulator }: typeof economy7) =>
      bands(await rates(simulator.account.mpan, ...window)).map(each => String(each[0]).slice(11, 16))
    expect(await changes(economy7)).toEqual(['00:00', '00:30', '07:30'])
    const threeRate = await house('2026-07-20T12:00:00Z', { import: 'three_rate' })
    expect(await changes(threeRate)).toEqual(['00:00', '03:00', '06:00', '12:00', '15:00', '18:00', '21:00', '23:00'])
  })

  it('come in pages of less than a hundred, and end where the market has told no more', async () => {
    const { rates, simulator } = await house('2026-07-20T12:00:00Z', { import: 'agile' })
    const { mpan } = simulator.account
    const window = ['2026-07-18T22:00:00Z', '2026-07-25T00:00:00Z'] as const
    const refused = [await rates(mpan, ...window, {}), await rates(mpan, ...window, { first: 100 })]
    for (const json of refused) expect(json.errors[0].extensions.errorCode).toBe('KT-CT-1201')
    const first = (await rates(mpan, ...window, { first: 60 })).data.applicableRates
    expect([first.totalCount, first.edgeCount, first.pageInfo.hasNextPage]).toEqual([96, 60, true])
    const rest = (await rates(mpan, ...window, { first: 60, after: first.pageInfo.endCursor })).data.applicableRates
    expect([rest.edgeCount, rest.pageInfo.hasNextPage]).toEqual([36, false])
    expect(rest.edges[0].node.validFrom).toBe(first.edges.at(-1).node.validTo)
    expect(rest.edges.at(-1).node.validTo).toBe('2026-07-20T22:00:00+00:00')
    expect((await rates('1299999999999', ...window)).errors[0].extensions.errorCode).toBe('KT-CT-1111')
  })
})

it('a change of tariff begins at a midnight, and another product leaves the older prices as they were', async () => {
  const { clock, account, rates, simulator } = await house('2026-07-20T12:00:00Z', {
    import: 'intelligent_old',
    changes: { to: 'go', afterDays: 1 },
  })
  const midnight = startOfDay('2026-07-21')
  clock.advanceTo(midnight)
  const [active] = (await account()).electricityAgreements
  expect(active).toMatchObject({
    validFrom: '2026-07-20T23:00:00+00:00',
    tariff: { tariffCode: IMPORT_TARIFFS.go.code },
  })
  const found = bands(await rates(simulator.account.mpan, '2026-07-20T22:30:00Z', '2026-07-20T23:30:00Z'))
  expect(found.map(each => each[2])).toEqual([6.6667, 26.48])
})
