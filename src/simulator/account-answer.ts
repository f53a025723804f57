/** The account as GraphQL answers it: one import meter point on an Intelligent product, and the agreement before it. */
import { type Clock, HALF_HOUR, type Instant } from '../clock.ts'
import { addDays, halfHoursOfDay, isNight, londonDate, startOfDay } from '../time/london.ts'
import { type Agreement, RATES, type SimulatedAccount } from './account.ts'
import type { Wire } from './format.ts'
import { OFF_PEAK } from './plan.ts'

const withoutVat = (value: number): number => Number((value / 1.05).toFixed(4))

interface InactiveArgs {
  readonly includeInactive?: boolean | null
}

const PRICE = { standingCharge: RATES.standing, isExport: false, displayName: 'Intelligent Octopus Go' }

const tariffAnswer = (clock: Clock, { product, tariff }: Agreement, wire: Wire): Record<string, unknown> =>
  product.startsWith('IOG')
    ? {
        __typename: 'FourRateEvTariff',
        ...PRICE,
        productCode: product,
        tariffCode: tariff,
        dayRate: RATES.day,
        nightRate: RATES.night,
        evDevicePeakRate: RATES.day,
        evDeviceOffPeakRate: RATES.night,
      }
    : {
        __typename: 'HalfHourlyTariff',
        ...PRICE,
        productCode: product,
        tariffCode: tariff,
        unitRates: () => unitRates(londonDate(clock.now()), wire),
      }

export function accountAnswer(clock: Clock, account: SimulatedAccount, wire: Wire): Record<string, unknown> {
  const intelligent = account.agreements.map(each => ({
    id: each.id,
    validFrom: wire.time(each.from),
    validTo: each.to === null ? null : wire.time(each.to),
    tariff: tariffAnswer(clock, each, wire),
  }))
  const first = {
    id: 1,
    validFrom: wire.time(startOfDay(account.movedIn)),
    validTo: wire.time(account.intelligentFrom),
    tariff: {
      __typename: 'StandardTariff',
      ...PRICE,
      displayName: 'Flexible Octopus',
      productCode: 'VAR-22-11-01',
      tariffCode: 'E-1R-VAR-22-11-01-C',
      unitRate: 24.5,
    },
  }
  const meterPoint: Record<string, unknown> = {
    id: '31',
    mpan: account.mpan,
    direction: 'IMPORT',
    gspGroupId: '_C',
    meters: (args: InactiveArgs) => meters(account, args.includeInactive ?? false),
  }
  const agreements = [...intelligent, first].map(each => ({ ...each, meterPoint }))
  meterPoint.agreements = (args: InactiveArgs) => (args.includeInactive ? agreements : agreements.slice(0, 1))
  return {
    __typename: 'AccountType',
    id: '41',
    number: account.number,
    balance: account.balance,
    electricityAgreements: (args: { active?: boolean | null }) => (args.active ? agreements.slice(0, 1) : agreements),
    gasAgreements: [],
    properties: propertiesAnswer(account, wire),
  }
}

export const propertiesAnswer = (account: SimulatedAccount, wire: Wire): Record<string, unknown>[] => [
  {
    id: String(account.propertyId),
    occupancyPeriods: [{ id: '51', effectiveFrom: wire.time(startOfDay(account.movedIn)), effectiveTo: null }],
  },
]

function meters(account: SimulatedAccount, includeInactive: boolean): Record<string, unknown>[] {
  const present = {
    id: '62',
    serialNumber: account.serial,
    makeAndType: 'Example S2',
    meterType: 'S2A',
    activeFrom: account.movedIn,
    activeTo: null,
    smartImportElectricityMeter: {
      deviceId: '00-11-22-33-44-55-66-77',
      manufacturer: 'Example',
      model: 'S2',
      firmwareVersion: '01.00',
    },
    smartExportElectricityMeter: null,
  }
  const replaced = {
    id: '61',
    serialNumber: '00S0000003',
    makeAndType: null,
    meterType: null,
    activeFrom: addDays(account.movedIn, -2000),
    activeTo: account.movedIn,
    smartImportElectricityMeter: null,
    smartExportElectricityMeter: null,
  }
  return includeInactive ? [present, replaced] : [present]
}

/** Yesterday, today and tomorrow as rows of the same price, as a time-of-use product lists them. */
function unitRates(today: string, wire: Wire): Record<string, unknown>[] {
  const marks = [-1, 0, 1].flatMap(days => halfHoursOfDay(addDays(today, days)))
  const rows: { from: Instant; to: Instant; value: number }[] = []
  for (const mark of marks) {
    const value = isNight(mark, OFF_PEAK) ? RATES.night : RATES.day
    const last = rows.at(-1)
    if (last?.value === value) last.to = mark + HALF_HOUR
    else rows.push({ from: mark, to: mark + HALF_HOUR, value })
  }
  return rows.map(({ from, to, value }) => ({
    validFrom: wire.time(from),
    validTo: wire.time(to),
    value,
    preVatValue: withoutVat(value),
    rateType: 'STANDARD',
  }))
}
