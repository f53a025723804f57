/** Every tariff that the simulated Octopus sells, one of each shape. Region C only. Prices are made up. */
import { HOUR, type Instant, MINUTE } from '../../clock.ts'
import { isNight, londonOffset } from '../../time/london.ts'
import { OFF_PEAK } from '../plan.ts'
import { agileExportPrice, agilePrice, daily, halfHourly } from './market.ts'
import { beforeTax, untaxed, withTax } from './price.ts'
import { always, quarterly, quarterlyByPayment, quarterlyPrice, quarterOf } from './steps.ts'
import type { Band, Tariff } from './tariff.ts'
import { nightly, windows } from './windows.ts'

/** Pence per kWh and per day, with VAT, of the Intelligent products. */
export const RATES = { day: 27.69, night: 7.0, standing: 48.93 } as const

const REGION = 'C'

/** Flexible Octopus: what everybody is on who chose nothing. */
const FLEXIBLE = 'VAR-22-11-01'
const TRACKER = 'SILVER-24-12-31'

const STANDARD = { bandAt: (): Band => 'standard' }

const defaults = {
  fuel: 'electricity',
  isExport: false,
  typename: 'StandardTariff',
  isVariable: true,
  isTracker: false,
  isPrepay: false,
  smart: null,
  standing: always(withTax(RATES.standing)),
  ...STANDARD,
} as const

type Own = Pick<Tariff, 'product' | 'name' | 'bands'> & Partial<Tariff>

const tariff = (shape: string, own: Own, registers = 1): Tariff => {
  const fuel = own.fuel === 'gas' ? 'G' : 'E'
  return { ...defaults, shape, code: `${fuel}-${registers}R-${own.product}-${REGION}`, ...own }
}

const minuteOfDay = (at: Instant, offset: number): number => Math.floor(((at + offset) % (24 * HOUR)) / MINUTE)

/** Economy 7 keeps to UTC: 00:30 to 07:30 all year, an hour later by the wall in summer. */
const economy7Band = (at: Instant): Band => {
  const minute = minuteOfDay(at, 0)
  return minute >= 30 && minute < 450 ? 'night' : 'day'
}

/** assumption: three registers switch at Cosy's hours. Nobody has told which hours a three-rate meter of Octopus has. */
const threeRateBand = (at: Instant): Band => {
  const hour = Math.floor(minuteOfDay(at, londonOffset(at)) / 60)
  if (hour >= 16 && hour < 19) return 'day'
  return (hour >= 4 && hour < 7) || (hour >= 13 && hour < 16) || hour >= 22 ? 'night' : 'off_peak'
}

const intelligentBand = (at: Instant): Band => (isNight(at, OFF_PEAK) ? 'night' : 'day')

const [day, night] = [withTax(RATES.day), withTax(RATES.night)]

/** Cosy moves with the cap. */
const cosy = windows(date => {
  const standard = quarterlyPrice('COSY', 26.1, quarterOf(date))
  const at = (factor: number) => beforeTax(Number((standard * factor).toFixed(2)))
  const [cheap, usual, peak] = [at(0.49), at(1), at(1.53)]
  return [
    ['00:00', usual],
    ['04:00', cheap],
    ['07:00', usual],
    ['13:00', cheap],
    ['16:00', peak],
    ['19:00', usual],
    ['22:00', cheap],
  ]
})

export const IMPORT_TARIFFS = {
  flexible: tariff('flexible', {
    product: FLEXIBLE,
    name: 'Flexible Octopus',
    bands: { standard: quarterlyByPayment(FLEXIBLE, 24.5) },
    standing: quarterlyByPayment(`${FLEXIBLE} standing`, 50.2),
  }),
  fixed: tariff('fixed', {
    product: 'OE-FIX-12M-26-03-04',
    name: 'Octopus 12M Fixed',
    isVariable: false,
    bands: { standard: always(beforeTax(23.19)) },
    standing: always(beforeTax(47.85)),
  }),
  economy7: tariff(
    'economy7',
    {
      product: FLEXIBLE,
      name: 'Flexible Octopus',
      typename: 'DayNightTariff',
      bands: { day: quarterlyByPayment(`${FLEXIBLE} day`, 29.3), night: quarterlyByPayment(`${FLEXIBLE} night`, 14.1) },
      bandAt: economy7Band,
    },
    2,
  ),
  three_rate: tariff(
    'three_rate',
    {
      product: 'COSY-3R-24-04-01',
      name: 'Cosy Octopus three-rate',
      typename: 'ThreeRateTariff',
      bands: { day: quarterly('3R', 38.2), night: quarterly('3R', 12.9), off_peak: quarterly('3R', 25.4) },
      bandAt: threeRateBand,
    },
    3,
  ),
  agile: tariff('agile', {
    product: 'AGILE-24-10-01',
    name: 'Agile Octopus',
    typename: 'HalfHourlyTariff',
    bands: { standard: halfHourly(agilePrice) },
  }),
  go: tariff('go', {
    product: 'GO-VAR-22-10-14',
    name: 'Octopus Go',
    typename: 'HalfHourlyTariff',
    bands: { standard: nightly('00:30', '05:30', beforeTax(8.1), beforeTax(26.48)) },
  }),
  cosy: tariff('cosy', {
    product: 'COSY-22-12-08',
    name: 'Cosy Octopus',
    typename: 'HalfHourlyTariff',
    bands: { standard: cosy },
  }),
  tracker: tariff('tracker', {
    product: TRACKER,
    name: 'Octopus Tracker',
    isTracker: true,
    bands: { standard: daily('tracker', 14, 28) },
  }),
  intelligent_old: tariff('intelligent_old', {
    product: 'INTELLI-VAR-24-10-29',
    name: 'Intelligent Octopus Go',
    typename: 'HalfHourlyTariff',
    smart: 'whole_slot',
    bands: { standard: nightly(OFF_PEAK.start, OFF_PEAK.end, night, day) },
  }),
  intelligent: tariff('intelligent', {
    product: 'IOG-SMB-VAR-26-07-06',
    name: 'Intelligent Octopus Go',
    typename: 'FourRateEvTariff',
    smart: 'charge_cap',
    bands: { day: always(day), night: always(night), ev_peak: always(day), ev_off_peak: always(night) },
    bandAt: intelligentBand,
  }),
  prepay: tariff('prepay', {
    product: 'PREPAY-VAR-22-11-01',
    name: 'Flexible Octopus Prepay',
    typename: 'PrepayTariff',
    isPrepay: true,
    bands: { standard: quarterly('PREPAY', 24.9) },
    standing: quarterly('PREPAY standing', 52.3),
  }),
} as const satisfies Record<string, Tariff>

const sold = { isExport: true, standing: always(untaxed(0)) } as const

export const EXPORT_TARIFFS = {
  outgoing: tariff('outgoing', {
    product: 'OUTGOING-VAR-24-10-26',
    name: 'Outgoing Octopus',
    bands: { standard: always(untaxed(15)) },
    ...sold,
  }),
  outgoing_agile: tariff('outgoing_agile', {
    product: 'AGILE-OUTGOING-19-05-13',
    name: 'Agile Outgoing Octopus',
    typename: 'HalfHourlyTariff',
    bands: { standard: halfHourly(agileExportPrice) },
    ...sold,
  }),
} as const satisfies Record<string, Tariff>

const gas = { fuel: 'gas', typename: 'GasTariffType' } as const

export const GAS_TARIFFS = {
  gas_flexible: tariff('gas_flexible', {
    product: FLEXIBLE,
    name: 'Flexible Octopus',
    bands: { standard: quarterlyByPayment(`${FLEXIBLE} gas`, 6.04) },
    standing: quarterlyByPayment(`${FLEXIBLE} gas standing`, 29.1),
    ...gas,
  }),
  gas_tracker: tariff('gas_tracker', {
    product: TRACKER,
    name: 'Octopus Tracker',
    isTracker: true,
    bands: { standard: daily('gas tracker', 3.4, 6.9) },
    standing: always(beforeTax(27.5)),
    ...gas,
  }),
} as const satisfies Record<string, Tariff>

export type ImportShape = keyof typeof IMPORT_TARIFFS
export type ExportShape = keyof typeof EXPORT_TARIFFS
export type GasShape = keyof typeof GAS_TARIFFS

export const IMPORT_SHAPES = Object.keys(IMPORT_TARIFFS) as readonly ImportShape[]

export const CATALOGUE: readonly Tariff[] = [IMPORT_TARIFFS, EXPORT_TARIFFS, GAS_TARIFFS].flatMap(shapes =>
  Object.values<Tariff>(shapes),
)

const byCode = new Map(CATALOGUE.map(each => [each.code, each]))

/** Throws a RangeError for a code that nobody sells: an agreement names none such. */
export function tariffOf(code: string): Tariff {
  const found = byCode.get(code)
  if (found === undefined) throw new RangeError(`There is no tariff "${code}"`)
  return found
}

/** The import tariff of a product with one register. */
export const importTariffOf = (product: string): Tariff => tariffOf(`E-1R-${product}-${REGION}`)
