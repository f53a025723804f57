/**
 * What an answer about the account leaves out of what is known. A field that Octopus cannot tell today comes as null among
 * good ones, and a meter that goes for a day takes its entities with it. Pure.
 */
import type { Instant } from '../clock.ts'
import type { GasMeterPoint, MeterPoint } from '../octopus/meter-points.ts'
import { type AccountFacts, productOf } from '../octopus/parse-account.ts'

/**
 * `account` with what is `known` of it where it says nothing: electricity at all, gas at all, the meters or the agreements of a point,
 * what a gas meter counts in. What it says counts, and a point or a meter that others stand beside and it does not is gone.
 */
export function withKnownMeters(account: AccountFacts, known: AccountFacts | null, now: Instant): AccountFacts {
  if (known?.number !== account.number) return account
  const meterPoints =
    account.meterPoints.length === 0
      ? known.meterPoints
      : account.meterPoints.map(point => completed(point, known.meterPoints))
  const gasMeterPoints =
    account.gasMeterPoints?.map(point => completedGas(point, known.gasMeterPoints ?? [])) ?? known.gasMeterPoints
  const productCode = account.productCode ?? productOf(meterPoints, now)
  return { ...account, meterPoints, gasMeterPoints, productCode }
}

function completed(point: MeterPoint, known: readonly MeterPoint[]): MeterPoint {
  const before = known.find(({ mpan }) => mpan === point.mpan)
  if (before === undefined) return point
  const { serials, meters, direction, agreements } =
    point.serials.length === 0 ? { ...before, agreements: point.agreements } : point
  return { ...point, serials, meters, direction, agreements: agreements.length === 0 ? before.agreements : agreements }
}

function completedGas(point: GasMeterPoint, known: readonly GasMeterPoint[]): GasMeterPoint {
  const before = known.find(({ mprn }) => mprn === point.mprn)
  if (before === undefined) return point
  const meters = point.meters.map(meter => ({
    ...meter,
    unit: meter.unit ?? before.meters.find(({ serial }) => serial === meter.serial)?.unit ?? null,
  }))
  return {
    ...point,
    meters: meters.length === 0 ? before.meters : meters,
    agreements: point.agreements.length === 0 ? before.agreements : point.agreements,
  }
}
