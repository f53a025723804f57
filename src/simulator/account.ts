/** The account of the household. Numbers and names are made up: no real customer has them. */
import { type Clock, HOUR, type Instant } from '../clock.ts'
import { addDays, type LondonDate, londonDate, startOfDay } from '../time/london.ts'
import {
  type Agreement,
  agreement,
  LivingSupply,
  type Supply,
  type SupplyKind,
  type SupplyOptions,
} from './supplies.ts'
import { EXPORT_TARIFFS, GAS_TARIFFS, IMPORT_TARIFFS, importTariffOf } from './tariffs/catalogue.ts'
import type { PaymentMethod } from './tariffs/price.ts'
import type { Tariff } from './tariffs/tariff.ts'

/** The key that the simulator takes. It opens nothing else. */
export const SIMULATOR_API_KEY = 'sk_live_simulator0000000000000000'

export const SIMULATOR_ACCOUNT = 'A-0C70B05A'

/** The contract before the six-hour allowance, and the one since. */
export const PRODUCTS = ['INTELLI-VAR-24-10-29', 'IOG-SMB-VAR-26-07-06'] as const
export type Product = (typeof PRODUCTS)[number]

export interface SimulatedAccount {
  readonly number: string
  readonly userNumber: number
  readonly propertyId: number
  /** Of the import meter. */
  readonly mpan: string
  readonly serial: string
  /** Of the present agreement for import. */
  readonly product: string
  readonly tariff: string
  readonly movedIn: LondonDate
  /** When the present agreement for import began. */
  readonly agreedFrom: Instant
  /** For import, since the household switched: the present one first, then the last few before it. */
  readonly agreements: readonly [Agreement, ...Agreement[]]
  /** When the first of all of them began; Flexible Octopus until then. */
  readonly switchedAt: Instant
  /** In the order in which Octopus lists the meter points; import is always there. */
  readonly supplies: readonly Supply[]
  supply(kind: SupplyKind): Supply | undefined
  readonly gasUnit: 'm3' | 'kwh'
  /** Octopus gives the export meter point no direction. */
  readonly exportIsOdd: boolean
  readonly payment: PaymentMethod
  /** Pence. */
  readonly balance: number
}

const IMPORT = {
  kind: 'import',
  point: '1200000000017',
  serial: '00S0000017',
  replacedSerial: '00S0000003',
  deviceId: '00-11-22-33-44-55-66-77',
} as const
/** One device counts both ways, and has one serial number. */
const EXPORT = { ...IMPORT, kind: 'export', point: '1200000000025', replacedSerial: null } as const
const GAS = {
  kind: 'gas',
  point: '2200000031',
  serial: '00G0000031',
  replacedSerial: null,
  deviceId: '00-11-22-33-44-55-66-99',
} as const

const DAYS_HERE = 900
const DAYS_SINCE_SWITCH = 120
const DAYS_WITH_PANELS = 500

export class LivingAccount implements SimulatedAccount {
  readonly number: string
  readonly userNumber = 1234567
  readonly propertyId = 7654321
  readonly mpan = IMPORT.point
  readonly serial = IMPORT.serial
  readonly movedIn: LondonDate
  readonly balance = 4211
  readonly switchedAt: Instant
  readonly supplies: readonly LivingSupply[]
  readonly gasUnit: 'm3' | 'kwh'
  readonly exportIsOdd: boolean
  readonly payment: PaymentMethod
  readonly #import: LivingSupply

  /** `options.import` goes before `product`. */
  constructor(clock: Clock, number: string, product: Product, options: SupplyOptions = {}) {
    const today = londonDate(clock.now())
    this.number = number
    this.movedIn = addDays(today, -DAYS_HERE)
    this.switchedAt = startOfDay(addDays(today, -DAYS_SINCE_SWITCH))
    this.gasUnit = options.gasUnit ?? 'm3'
    this.exportIsOdd = options.exportIsOdd ?? false
    this.payment = options.payment ?? 'DIRECT_DEBIT'
    const present = options.import === undefined ? importTariffOf(product) : IMPORT_TARIFFS[options.import]
    const overlap = options.overlap === true ? 24 * HOUR : 0
    this.#import = new LivingSupply(IMPORT, this.#switched(1, IMPORT_TARIFFS.flexible, present, overlap))
    const others: LivingSupply[] = []
    if (options.export !== undefined) {
      const since = startOfDay(addDays(today, -DAYS_WITH_PANELS))
      others.push(new LivingSupply(EXPORT, [agreement(11, EXPORT_TARIFFS[options.export], since)]))
    }
    if (options.gas !== undefined) {
      const gas = this.#switched(21, GAS_TARIFFS.gas_flexible, GAS_TARIFFS[options.gas], overlap)
      others.push(new LivingSupply(GAS, gas))
    }
    this.supplies = this.exportIsOdd ? [...others, this.#import] : [this.#import, ...others]
  }

  /** On `before` since moving in, on `present` since the switch. */
  #switched(id: number, before: Tariff, present: Tariff, overlap: number): readonly [Agreement, ...Agreement[]] {
    const since = startOfDay(this.movedIn)
    if (present.code === before.code) return [agreement(id, before, since)]
    return [agreement(id + 1, present, this.switchedAt), agreement(id, before, since, this.switchedAt + overlap)]
  }

  supply(kind: SupplyKind): LivingSupply | undefined {
    return this.supplies.find(each => each.kind === kind)
  }

  get agreements(): readonly [Agreement, ...Agreement[]] {
    const [present, ...past] = this.#import.agreements
    return [present, ...past.filter(each => each.from >= this.switchedAt)]
  }

  get product(): string {
    return this.#import.agreements[0].product
  }

  get tariff(): string {
    return this.#import.agreements[0].tariff
  }

  get agreedFrom(): Instant {
    return this.#import.agreements[0].from
  }

  /** The present agreement for import will end at that midnight and another begin, and both are listed so. */
  announceProduct(product: Product, at: Instant): void {
    this.#import.announce(importTariffOf(product), at)
  }

  /** The present agreement for import ends then and another begins; call it at that midnight. */
  changeProduct(product: Product, at: Instant): void {
    this.#import.change(importTariffOf(product), at)
  }
}
