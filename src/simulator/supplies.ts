/** What the household buys and sells: a supply for each meter point, with all its agreements. */
import type { Instant } from '../clock.ts'
import type { ReadingWays } from './meter.ts'
import type { ExportShape, GasShape, ImportShape } from './tariffs/catalogue.ts'
import type { PaymentMethod } from './tariffs/price.ts'
import type { Tariff } from './tariffs/tariff.ts'

export type SupplyKind = 'import' | 'export' | 'gas'

/** What the account pays by, from one London midnight to another or until further notice. */
export interface Agreement {
  /** Rises by one with each. */
  readonly id: number
  readonly product: string
  readonly tariff: string
  readonly from: Instant
  readonly to: Instant | null
}

/** How a scenario or whoever starts the simulator wants it; without it one import meter on an Intelligent product. */
export interface SupplyOptions {
  readonly import?: ImportShape
  readonly export?: ExportShape
  readonly gas?: GasShape
  /** What the gas meter counts: `m3` as SMETS2 does, `kwh` as SMETS1 does. */
  readonly gasUnit?: 'm3' | 'kwh'
  readonly payment?: PaymentMethod
  /** Whole days of readings before the start, of every meter. */
  readonly historyDays?: number
  /** The export meter point stands before the import one, and has no direction. */
  readonly exportIsOdd?: boolean
  /** The agreement before the present one goes on for a day beside it. */
  readonly overlap?: boolean
  /** The household takes another import tariff at that London midnight, counted from the day of the start. */
  readonly changes?: { readonly to: ImportShape; readonly afterDays: number }
  /** How the readings of every meter come; each goes before the scenario's own. */
  readonly readings?: ReadingWays
}

/** One meter point with its meter. */
export interface Supply {
  readonly kind: SupplyKind
  /** MPAN or MPRN. */
  readonly point: string
  readonly serial: string
  /** An older meter's, that is there no more. */
  readonly replacedSerial: string | null
  readonly deviceId: string
  /** The present one first; of a long past the last few only. */
  readonly agreements: readonly [Agreement, ...Agreement[]]
  /** Every one that there ever was, newest first. */
  readonly everyAgreement: readonly Agreement[]
  /** One that will begin, and is listed already. */
  readonly announced: Agreement | null
}

/** Of those that cover the instant the one that began last; undefined before the first. */
export const agreementAt = (supply: Pick<Supply, 'everyAgreement'>, at: Instant): Agreement | undefined =>
  supply.everyAgreement.find(each => each.from <= at && (each.to === null || each.to > at))

/** Past agreements that an account goes on to list, beside its first. */
const PAST_LISTED = 3

export class LivingSupply implements Supply {
  readonly kind: SupplyKind
  readonly point: string
  readonly serial: string
  readonly replacedSerial: string | null
  readonly deviceId: string
  #agreements: readonly [Agreement, ...Agreement[]]
  #announced: Agreement | null = null

  constructor(
    facts: Pick<Supply, 'kind' | 'point' | 'serial' | 'replacedSerial' | 'deviceId'>,
    agreements: readonly [Agreement, ...Agreement[]],
  ) {
    this.kind = facts.kind
    this.point = facts.point
    this.serial = facts.serial
    this.replacedSerial = facts.replacedSerial
    this.deviceId = facts.deviceId
    this.#agreements = agreements
  }

  get everyAgreement(): readonly [Agreement, ...Agreement[]] {
    return this.#agreements
  }

  get agreements(): readonly [Agreement, ...Agreement[]] {
    const [present, ...past] = this.#agreements
    const first = past.at(-1)
    const next = this.#announced
    const listed = next === null ? [] : [next]
    return [
      next === null ? present : { ...present, to: next.from },
      ...listed,
      ...past.slice(0, -1).slice(0, PAST_LISTED),
      ...(first === undefined ? [] : [first]),
    ]
  }

  get announced(): Agreement | null {
    return this.#announced
  }

  /** The present agreement will end at that midnight and another begin: both are listed so from now on. */
  announce(tariff: Tariff, at: Instant): void {
    const [present] = this.#agreements
    if (present.tariff !== tariff.code) this.#announced = agreement(present.id + 1, tariff, at)
  }

  /** The present agreement ends then and another begins; call it at that midnight. */
  change(tariff: Tariff, at: Instant): void {
    const [present, ...past] = this.#agreements
    this.#announced = null
    if (present.tariff === tariff.code) return
    this.#agreements = [agreement(present.id + 1, tariff, at), { ...present, to: at }, ...past]
  }
}

export const agreement = (id: number, tariff: Tariff, from: Instant, to: Instant | null = null): Agreement => ({
  id,
  product: tariff.product,
  tariff: tariff.code,
  from,
  to,
})
