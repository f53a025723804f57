/** The account of the household. Numbers and names are made up: no real customer has them. */
import type { Clock, Instant } from '../clock.ts'
import { addDays, type LondonDate, londonDate, startOfDay } from '../time/london.ts'

/** The key that the simulator takes. It opens nothing else. */
export const SIMULATOR_API_KEY = 'sk_live_simulator0000000000000000'

export const SIMULATOR_ACCOUNT = 'A-0C70B05A'

/** The contract before the six-hour allowance, and the one since. */
export const PRODUCTS = ['INTELLI-VAR-24-10-29', 'IOG-SMB-VAR-26-07-06'] as const
export type Product = (typeof PRODUCTS)[number]

/** What the account pays by, from one London midnight to another or until further notice. */
export interface Agreement {
  /** Rises by one with each. */
  readonly id: number
  readonly product: Product
  readonly tariff: string
  readonly from: Instant
  readonly to: Instant | null
}

export interface SimulatedAccount {
  readonly number: string
  readonly userNumber: number
  readonly propertyId: number
  readonly mpan: string
  readonly serial: string
  /** Of the present agreement. */
  readonly product: Product
  readonly tariff: string
  readonly movedIn: LondonDate
  /** When the present agreement began. */
  readonly agreedFrom: Instant
  /** On an Intelligent product: the present one first, then the last few before it. */
  readonly agreements: readonly [Agreement, ...Agreement[]]
  /** When the first of all began; another supplier's or Flexible Octopus until then. */
  readonly intelligentFrom: Instant
  /** Pence. */
  readonly balance: number
}

/** Pence per kWh and per day, with VAT. */
export const RATES = { day: 27.69, night: 7.0, standing: 48.93 } as const

/** Past agreements that an account goes on to list. */
const PAST_LISTED = 3

const agreement = (id: number, product: Product, from: Instant): Agreement => ({
  id,
  product,
  tariff: `E-1R-${product}-C`,
  from,
  to: null,
})

export class LivingAccount implements SimulatedAccount {
  readonly number: string
  readonly userNumber = 1234567
  readonly propertyId = 7654321
  readonly mpan = '1200000000017'
  readonly serial = '00S0000017'
  readonly movedIn: LondonDate
  readonly balance = 4211
  readonly intelligentFrom: Instant
  #agreements: readonly [Agreement, ...Agreement[]]

  constructor(clock: Clock, number: string, product: Product) {
    const today = londonDate(clock.now())
    this.number = number
    this.movedIn = addDays(today, -900)
    this.intelligentFrom = startOfDay(addDays(today, -120))
    this.#agreements = [agreement(2, product, this.intelligentFrom)]
  }

  get agreements(): readonly [Agreement, ...Agreement[]] {
    return this.#agreements
  }

  get product(): Product {
    return this.#agreements[0].product
  }

  get tariff(): string {
    return this.#agreements[0].tariff
  }

  get agreedFrom(): Instant {
    return this.#agreements[0].from
  }

  /** The present agreement ends then and another begins; call it at that midnight. */
  changeProduct(product: Product, at: Instant): void {
    const [present, ...past] = this.#agreements
    if (present.product === product) return
    const ended = { ...present, to: at }
    this.#agreements = [agreement(present.id + 1, product, at), ...[ended, ...past].slice(0, PAST_LISTED)]
  }
}
