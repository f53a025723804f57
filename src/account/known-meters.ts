/**
 * What an answer about the account leaves out of what is known. A field that Octopus cannot tell today comes as null among
 * good ones, and a meter that goes for a day takes its entities with it. Of a point that is listed, what is not said stays; a meter
 * that is not listed stays until it is gone. A serial number in its place that was not known is the exchange of a meter,
 * and that is believed at once. Pure.
 */
import type { Instant } from '../clock.ts'
import { isGone, type Missing, missingAgain } from '../missing.ts'
import type { GasMeterPoint, Meter, MeterPoint } from '../octopus/meter-points.ts'
import { type AccountFacts, productOf } from '../octopus/parse-account.ts'
import type { Found } from './found.ts'

type Known = Pick<Found, 'account' | 'missing'>

/** What is known of the account after this answer; `before`: what was known until then, or null. */
export function withKnownMeters(answered: AccountFacts, before: Known | null, at: Instant): Known {
  if (before?.account.number !== answered.number) return { account: answered, missing: {} }
  const { account: known } = before
  const missing: Record<string, Missing> = {}
  const stays = (point: string, serial: string): boolean => {
    const key = `${point}:${serial}`
    const again = missingAgain(before.missing[key] ?? null, at)
    if (isGone(again, at)) return false
    missing[key] = again
    return true
  }
  const meterPoints = merged<MeterPoint>(known.meterPoints, answered.meterPoints, {
    nameOf: ({ mpan }) => mpan,
    completed: (point, was) => ({
      ...completed(point, was),
      // Without its meters nothing but a guess tells it.
      direction: point.meters.length === 0 ? was.direction : point.direction,
    }),
    stays,
  }).map(point => ({ ...point, serials: point.meters.map(({ serial }) => serial) }))
  // An answer without a word of gas is no list of it.
  const gasMeterPoints =
    answered.gasMeterPoints === null
      ? known.gasMeterPoints
      : merged<GasMeterPoint>(known.gasMeterPoints ?? [], answered.gasMeterPoints, {
          nameOf: ({ mprn }) => mprn,
          completed,
          stays,
        })
  const isWhole = Object.keys(missing).length === 0
  const productCode = (isWhole ? answered.productCode : null) ?? productOf(meterPoints, at)
  return { account: { ...answered, meterPoints, gasMeterPoints, productCode }, missing }
}

/** A meter point of electricity or gas. */
type Point = Pick<MeterPoint, 'meters' | 'agreements'>

interface Ways<P> {
  readonly nameOf: (point: P) => string
  /** A point as it is listed, with what is not said of it as it was. */
  readonly completed: (point: P, was: P) => P
  /** Whether a meter stays that this answer leaves out. */
  readonly stays: (point: string, serial: string) => boolean
}

/** Those that were known in their order, then the new ones. */
function merged<P extends Point>(
  known: readonly P[],
  listed: readonly P[],
  { nameOf, completed, stays }: Ways<P>,
): P[] {
  const ours = known.flatMap((was): P[] => {
    const said = listed.find(point => nameOf(point) === nameOf(was))
    const point = said === undefined ? { ...was, meters: [] } : completed(said, was)
    const meters = [...point.meters, ...leftOut(point, was).filter(({ serial }) => stays(nameOf(was), serial))]
    return said === undefined && meters.length === 0 ? [] : [{ ...point, meters }]
  })
  return [...ours, ...listed.filter(point => !known.some(was => nameOf(was) === nameOf(point)))]
}

/** Meters of the point that were known and are not listed, unless one that was not known stands in their place. */
function leftOut(point: Point, was: Point): readonly Meter[] {
  const isIn = ({ meters }: Point, { serial }: Meter): boolean => meters.some(meter => meter.serial === serial)
  const isExchange = point.meters.some(meter => !isIn(was, meter))
  return isExchange ? [] : was.meters.filter(meter => !isIn(point, meter))
}

/** The agreements, and what a meter counts in. */
const completed = <P extends Point>(point: P, was: P): P => ({
  ...point,
  agreements: point.agreements.length === 0 ? was.agreements : point.agreements,
  meters: point.meters.map(meter => ({
    ...meter,
    unit: meter.unit ?? was.meters.find(({ serial }) => serial === meter.serial)?.unit ?? null,
  })),
})
