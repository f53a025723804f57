/** Accounts of a key, and what an account has. */
import type { Instant } from '../clock.ts'
import { isIntelligentProduct } from '../intelligent/dispatching.ts'
import { octopusError } from './errors.ts'
import { asArray, asObject, type JsonObject } from './json.ts'
import {
  type Agreement,
  type GasMeterPoint,
  type MeterPoint,
  parseGasMeterPoint,
  parseMeterPoint,
} from './meter-points.ts'

export interface AccountFacts {
  readonly number: string
  /** In Octopus's order; the export one may come first. */
  readonly meterPoints: readonly MeterPoint[]
  /** Empty where there is no gas; null where Octopus did not say. */
  readonly gasMeterPoints: readonly GasMeterPoint[] | null
  /** The product of the import agreement in force; of several meter points an Intelligent one. Null where none is. */
  readonly productCode: string | null
}

/** The agreement in force: of those that overlap the one that began last. */
export const activeAgreement = (point: Pick<MeterPoint, 'agreements'>, now: Instant): Agreement | null =>
  point.agreements
    .filter(each => (each.validFrom ?? 0) <= now && (each.validTo ?? Number.POSITIVE_INFINITY) > now)
    .reduce<Agreement | null>(
      (latest, each) => ((each.validFrom ?? 0) >= (latest?.validFrom ?? 0) ? each : latest),
      null,
    )

/** Nobody's key sees more, and each costs a request until the right one is found. */
const MOST_ACCOUNTS = 10
const MOST_METER_POINTS = 10

/** It is a level of every topic, so nothing else is taken for one. */
export const isAccountNumber = (value: unknown): value is string =>
  typeof value === 'string' && /^[A-Z0-9-]{1,40}$/i.test(value)

const asAccountNumber = (value: unknown): string | null => (isAccountNumber(value) ? value : null)

/** Account numbers, in Octopus's order. */
export function parseViewer(data: JsonObject): string[] {
  const accounts = asArray(asObject(data.viewer)?.accounts)
  if (accounts === null) throw octopusError('OCTOPUS_BAD_ANSWER', { problem: 'no accounts' })
  return accounts
    .slice(0, MOST_ACCOUNTS)
    .map(account => asAccountNumber(asObject(account)?.number))
    .filter(number => number !== null)
}

/**
 * Throws ACCOUNT_NOT_FOUND where Octopus gives no account, and OCTOPUS_BAD_ANSWER where it says nothing of electricity: that is
 * a part of an answer, and no account without any. A closed one has no agreements.
 */
export function parseAccount(data: JsonObject, number: string, now: Instant): AccountFacts {
  const account = asObject(data.account)
  if (account === null) throw octopusError('ACCOUNT_NOT_FOUND')
  const meterPoints = pointsOf(account.electricityAgreements, parseMeterPoint, ({ mpan }) => mpan)
  if (meterPoints === null) throw octopusError('OCTOPUS_BAD_ANSWER', { problem: 'no electricity' })
  return {
    number: asAccountNumber(account.number) ?? number,
    meterPoints,
    gasMeterPoints: pointsOf(account.gasAgreements, parseGasMeterPoint, ({ mprn }) => mprn),
    productCode: productOf(meterPoints, now),
  }
}

/** Each point once, by what names it. Null where there is no list. */
function pointsOf<Point>(
  agreements: unknown,
  parse: (point: JsonObject) => Point | null,
  nameOf: (point: Point) => string,
): Point[] | null {
  const listed = asArray(agreements)
  if (listed === null) return null
  const points = new Map<string, Point>()
  for (const agreement of listed) {
    const point = parse(asObject(asObject(agreement)?.meterPoint) ?? {})
    if (point !== null) points.set(nameOf(point), point)
  }
  return [...points.values()].slice(0, MOST_METER_POINTS)
}

/** The product of the import agreement in force; of several meter points an Intelligent one. Null where none is. */
export function productOf(points: readonly MeterPoint[], now: Instant): string | null {
  const products = points
    .filter(point => point.direction === 'import')
    .map(point => activeAgreement(point, now)?.productCode ?? null)
    .filter(code => code !== null)
  return products.find(isIntelligentProduct) ?? products[0] ?? null
}
