/**
 * `property.measurements`: the half hours of an electricity meter, oldest first, and what each was billed at, by buckets. The
 * buckets come a day or two late; until then a half hour has none. Amounts are pence though the currency says GBP.
 */
import { HALF_HOUR, type Instant } from '../clock.ts'
import { addDays, type LondonDate, londonDate, startOfDay } from '../time/london.ts'
import type { BilledBucket, BilledHalfHour, DayBill } from './bill.ts'
import type { Meter, Reading } from './meter.ts'
import { type ConnectionArgs, connection } from './paging.ts'
import type { World } from './resolvers.ts'
import type { Supply } from './supplies.ts'
import type { Band } from './tariffs/tariff.ts'

interface ElectricityFilters {
  readonly readingFrequencyType?: string | null
  readonly readingDirection?: string | null
  readonly marketSupplyPointId?: string | null
  readonly deviceId?: string | null
}

export interface MeasurementArgs extends ConnectionArgs {
  readonly startAt?: string | null
  readonly endAt?: string | null
  readonly startOn?: LondonDate | null
  readonly endOn?: LondonDate | null
  readonly utilityFilters?: readonly ({ readonly electricityFilters?: ElectricityFilters | null } | null)[] | null
}

/** Names of a price as they were seen in labels, before each account's own suffix. */
const LABELS: Readonly<Record<Band, string>> = {
  standard: 'STANDARD',
  day: 'ECO7_DAY',
  night: 'ECO7_NIGHT',
  off_peak: 'OFF_PEAK',
  ev_peak: 'EV_DEVICE_PEAK',
  ev_off_peak: 'EV_DEVICE_OFF_PEAK',
}

/**
 * The simulator has half hours of electricity only; any other measurement is an empty list.
 * assumption: a half hour is there as soon as its reading is, and without statistics until it was billed.
 */
export function measurements(world: World, args: MeasurementArgs): unknown {
  const filter = args.utilityFilters?.[0]?.electricityFilters
  const supply = filter ? supplyFor(world, filter) : undefined
  const meter = supply && world.household.meters[supply.kind]
  if (supply === undefined || meter === undefined) return connection([], args, () => null)
  const told: Told = new Map()
  return connection(shown(world, meter, args), args, start =>
    node(world, supply, { start, kwh: meter.amount(start) }, told),
  )
}

function supplyFor({ account }: World, filter: ElectricityFilters): Supply | undefined {
  const { readingFrequencyType, readingDirection, marketSupplyPointId, deviceId } = filter
  if (readingFrequencyType !== 'THIRTY_MIN_INTERVAL') return undefined
  const supply = account.supply(readingDirection === 'GENERATION' ? 'export' : 'import')
  if (supply === undefined) return undefined
  const wanted = [marketSupplyPointId ?? supply.point, deviceId ?? supply.deviceId]
  return wanted[0] === supply.point && wanted[1] === supply.deviceId ? supply : undefined
}

/** What Octopus shows of [startAt, endAt), and of whole London days from `startOn` to `endOn`, both included. */
function shown({ clock }: World, meter: Meter, args: MeasurementArgs): Instant[] {
  const from = Math.max(meter.oldest, timeOf(args.startAt, 0), args.startOn ? startOfDay(args.startOn) : 0)
  const to = Math.min(
    clock.now(),
    timeOf(args.endAt, Number.POSITIVE_INFINITY),
    args.endOn ? startOfDay(addDays(args.endOn, 1)) : Number.POSITIVE_INFINITY,
  )
  return meter.shown(from, to)
}

/** Octopus's own default for "since ever" is no time that JavaScript can read. */
function timeOf(text: string | null | undefined, otherwise: Instant): Instant {
  const time = Date.parse(text ?? '')
  return Number.isNaN(time) ? otherwise : time
}

/** What is told of each day's bill, for the rows of one answer: nothing before it is time. */
type Told = Map<LondonDate, ReadonlyMap<Instant, BilledHalfHour>>

function toldOf({ billing, clock }: World, kind: Supply['kind'], date: LondonDate, told: Told) {
  let bill = told.get(date)
  if (bill === undefined) {
    bill = byStart(clock.now() < billing.toldAt(date, kind) ? undefined : billing.bill(date, kind))
    told.set(date, bill)
  }
  return bill
}

function node(world: World, { kind }: Supply, { start, kwh }: Reading, told: Told): unknown {
  const { wire, billing } = world
  const date = londonDate(start)
  const suffix = billing.labelSuffix
  const statistics = (): unknown[] => {
    const billed = toldOf(world, kind, date, told).get(start)
    return billed === undefined ? [] : bucketsOf(billed)
  }
  /** The buckets, and beside them what is none: their sum without a label, and a share of the standing charge. */
  const bucketsOf = ({ buckets, standingShare }: BilledHalfHour): unknown[] => [
    { type: 'STANDING_CHARGE_COST', label: `STANDING_CHARGE_${suffix}`, value: null, ...costs(standingShare) },
    ...buckets.map(bucket => ({
      type: kind === 'export' ? 'GENERATION_VALUE' : 'TOU_BUCKET_COST',
      // Of what a house sells nobody has told a label.
      label: kind === 'export' ? null : `CONSUMPTION_CHARGE_${LABELS[bucket.band]}_${suffix}`,
      value: wire.decimal(bucket.kwh, 3, `bucket ${start} ${bucket.band}`),
      ...costs(bucket),
    })),
    ...(buckets.length < 2 ? [] : [{ type: 'CONSUMPTION_COST', label: null, value: null, ...costs(sumOf(buckets)) }]),
  ]
  return {
    __typename: 'IntervalMeasurementType',
    source: 'HALF_HOURLY_READINGS',
    value: wire.decimal(kwh, 3, `measurement ${start}`),
    unit: 'kwh',
    readAt: wire.time(start + HALF_HOUR),
    startAt: wire.time(start),
    endAt: wire.time(start + HALF_HOUR),
    durationInSeconds: HALF_HOUR / 1000,
    metaData: { statistics },
  }
}

const byStart = (bill: DayBill | undefined): ReadonlyMap<Instant, BilledHalfHour> =>
  new Map((bill?.halfHours ?? []).map(each => [each.start, each]))

type Cost = Pick<BilledBucket, 'pence' | 'penceExVat'>

const costs = ({ pence, penceExVat }: Cost) => ({
  costInclTax: { costCurrency: 'GBP', estimatedAmount: pence },
  costExclTax: { costCurrency: 'GBP', estimatedAmount: penceExVat },
})

/** Of amounts with at most nine decimals, each. */
function sumOf(buckets: readonly Cost[]): Cost {
  const add = (amounts: readonly string[]): string =>
    String(Number(amounts.reduce((total, each) => total + Number(each), 0).toFixed(9)))
  return { pence: add(buckets.map(each => each.pence)), penceExVat: add(buckets.map(each => each.penceExVat)) }
}
