/** Days of the household as they were billed, and when Octopus tells. */
import { HOUR, type Instant, MINUTE } from '../clock.ts'
import { addDays, type LondonDate, startOfDay } from '../time/london.ts'
import type { SimulatedAccount } from './account.ts'
import { billOf, type DayBill } from './bill.ts'
import type { Household } from './household.ts'
import { fractionOf } from './random.ts'
import { agreementAt, type SupplyKind } from './supplies.ts'
import { tariffOf } from './tariffs/catalogue.ts'

/** Megajoules in a cubic metre of gas, unless told otherwise. */
const CALORIFIC_VALUE = 40

export class Billing {
  readonly #account: SimulatedAccount
  readonly #household: Household
  readonly #seed: string | number
  /** The end of every label of a bucket; another for each account. */
  readonly labelSuffix: string

  constructor(account: SimulatedAccount, household: Household, seed: string | number) {
    this.#account = account
    this.#household = household
    this.#seed = seed
    const number = Math.floor(fractionOf(seed, account.number, 'label') * 2 ** 24)
    this.labelSuffix = number.toString(16).toUpperCase().padStart(6, '0')
  }

  /** With the readings as Octopus has them now, shown or not. Undefined where there is no such meter. */
  bill(date: LondonDate, kind: SupplyKind = 'import', calorificValue = CALORIFIC_VALUE): DayBill | undefined {
    const supply = this.#account.supply(kind)
    const meter = this.#household.meters[kind]
    if (supply === undefined || meter === undefined) return undefined
    const inCubicMetres = kind === 'gas' && this.#account.gasUnit === 'm3'
    return billOf({
      date,
      tariffAt: at => {
        const code = agreementAt(supply, at)?.tariff
        return code === undefined ? undefined : tariffOf(code)
      },
      payment: this.#account.payment,
      amountAt: start => meter.amount(start),
      calorificValue: inCubicMetres ? calorificValue : null,
      chargedAt: start => this.#household.charged(start),
    })
  }

  /** When the buckets of a day can be seen: one to two days after it has ended, and not before its readings. */
  toldAt(date: LondonDate, kind: SupplyKind): Instant {
    const lag = 24 * HOUR + Math.floor(fractionOf(this.#seed, 'billed', kind, date) * 24 * 60) * MINUTE
    const complete = this.#household.meters[kind]?.completeAt(date) ?? 0
    return Math.max(startOfDay(addDays(date, 1)) + lag, complete)
  }
}
