/** The register of one meter as the store keeps it: made of its days, and found again at the broker where the store was lost. */
import { HALF_HOUR, type Instant } from '../clock.ts'
import { compare, type Decimal, type DecimalSource, decimal, toText } from '../energy/decimal.ts'
import { kwhOfCubicMetres } from '../energy/gas.ts'
import { newRegister, type Register, readRegister } from '../energy/register.ts'
import { addedLater, aFlag, aNumber, anInstant, aText, fields, oneOf } from '../shape.ts'
import type { Store } from '../store/open.ts'
import { addDays, londonDate, startOfDay } from '../time/london.ts'
import type { LostRegisters } from './lost-registers.ts'
import { keyOf, type Meter } from './meter.ts'
import type { Days } from './view.ts'

export interface KeptRegisterOptions {
  readonly store: Pick<Store, 'values' | 'readings'>
  readonly lost: LostRegisters
  readonly meter: () => Meter
  /** Readings count from here on. */
  readonly since: () => Instant
  readonly calorificValue: number
}

export interface ShownRegister {
  /** In the meter's own unit. */
  readonly value: Decimal
  readonly kwh: Decimal
}

/**
 * kWh of a register that counts m³: what it had when somebody set another calorific value stays, and what comes after is
 * turned into kWh by the new one. Amounts are decimal text.
 */
interface Converted {
  readonly calorificValue: number
  readonly fromM3: string
  readonly kwh: string
}

const kwhAt = (m3: DecimalSource, { kwh, fromM3, calorificValue }: Converted): Decimal =>
  decimal(kwh).plus(kwhOfCubicMetres(decimal(m3).minus(fromM3), calorificValue))

const decimalText = (value: unknown): boolean => aText(value) && /^-?\d+(\.\d+)?$/.test(value as string)
const aConverted = fields<Converted>({ calorificValue: aNumber(1, 1_000), fromM3: decimalText, kwh: decimalText })

interface Kept extends Register {
  /** It began anew before it could be heard how high it stood, and was not published since. */
  readonly isUntold?: boolean
  /** What it counts in; that of its meter, where an earlier version kept none. */
  readonly unit?: Meter['unit']
  /** How much more it shows than its readings come to, since they were taken for m³ for a while. */
  readonly shift?: string
}

const aRegister = fields<Kept>({
  since: anInstant,
  offset: decimalText,
  highest: decimalText,
  isUntold: addedLater(aFlag),
  unit: addedLater(oneOf('kWh', 'm3')),
  shift: addedLater(decimalText),
})

export class KeptRegister {
  readonly #options: KeptRegisterOptions

  constructor(options: KeptRegisterOptions) {
    this.#options = options
  }

  /**
   * What the broker holds of it, taken at once where nothing is kept of ours, or nothing that was told, since we publish over it. A store
   * that was put back from a copy, or was full for a while, knows fewer half hours than were told: then the register is at least what it
   * was. True where it is another now.
   */
  takeLost(): boolean {
    const { store, lost, meter, since } = this.#options
    const { slug, unit, point, serial } = meter()
    const [found, inKwh] = [lost.of(slug, unit), lost.of(slug, 'kWh')]
    if (found === null || inKwh === null) return false
    const known = this.#known
    if (known !== null && compare(found.highest, known.highest) <= 0) return false
    if (known === null || known.isUntold) this.#keep(found)
    else {
      const newest = store.readings.extent({ point, serial })?.newest
      const knownUntil = newest === undefined ? since() : newest + HALF_HOUR
      if (found.since <= knownUntil) return false
      this.#keep({ ...known, highest: found.highest })
    }
    if (unit === 'm3') this.#convertFrom(found.highest, inKwh.highest)
    return true
  }

  /** It is published from here on: what it shows is how high it stands. */
  told(): void {
    const known = this.#known
    if (known?.isUntold) this.#keep({ ...known, isUntold: false })
  }

  /** What it shows; null while that is not known. */
  read(days: Days, isSettled: boolean): ShownRegister | null {
    const before = this.#known?.highest ?? '0'
    const value = this.#read(days, isSettled)
    return value && { value, kwh: this.#options.meter().unit === 'm3' ? this.#kwhOf(value, before) : value }
  }

  /** `before` is what it showed last, and so what an earlier calorific value counts up to. */
  #kwhOf(value: Decimal, before: string): Decimal {
    const { store, calorificValue } = this.#options
    const known = store.values.get<Converted>(this.#convertedKey, aConverted)
    if (known?.calorificValue === calorificValue) return kwhAt(value, known)
    return kwhAt(value, this.#convertFrom(known === null ? '0' : before, known === null ? '0' : kwhAt(before, known)))
  }

  #convertFrom(fromM3: string, kwh: DecimalSource): Converted {
    const { store, calorificValue } = this.#options
    const converted = { calorificValue, fromM3, kwh: toText(kwh) }
    store.values.set(this.#convertedKey, converted)
    return converted
  }

  get #convertedKey(): string {
    return `register-kwh:${keyOf(this.#options.meter())}`
  }

  #read(days: Days, isSettled: boolean): Decimal | null {
    const known = this.#known
    // While days wait to be worked out, part of what was counted would look like all of it, and the rest like use of this hour.
    if (!isSettled) return known === null || known.highest === '0' ? null : decimal(known.highest)
    const totals = new Map([...days].map(([date, { amount }]) => [startOfDay(date), amount]))
    const begun = known ?? this.#begin()
    const read = readRegister(begun, this.#totalsSince(begun.since, totals))
    if (known === null || read.register.highest !== known.highest) this.#keep({ ...begun, ...read.register })
    return read.value
  }

  #begin(): Kept {
    const { lost, since } = this.#options
    const begun = newRegister(since())
    return lost.isAwaited ? { ...begun, isUntold: true } : begun
  }

  get #key(): string {
    return `register:${keyOf(this.#options.meter())}`
  }

  get #known(): Kept | null {
    const kept = this.#options.store.values.get<Kept>(this.#key, aRegister)
    return kept?.unit === undefined || kept.unit === this.#options.meter().unit ? kept : this.#inOtherUnit(kept)
  }

  #keep(register: Kept): Kept {
    const kept = { ...register, unit: this.#options.meter().unit }
    this.#options.store.values.set(this.#key, kept)
    return kept
  }

  /** The unit of a gas meter was set right: what was shown in kWh stays, right or wrong, and goes on from there. */
  #inOtherUnit(kept: Kept): Kept {
    const { store, meter, calorificValue } = this.#options
    const { offset, highest, shift = '0', ...rest } = kept
    if (meter().unit === 'm3') {
      const volume = toText(decimal(highest).minus(shift))
      this.#convertFrom(volume, highest)
      return this.#keep({ ...rest, offset: toText(decimal(offset).minus(shift)), highest: volume })
    }
    const converted = store.values.get<Converted>(this.#convertedKey, aConverted)
    const kwh = kwhAt(highest, converted ?? { calorificValue, fromM3: '0', kwh: '0' })
    const by = kwh.minus(highest)
    return this.#keep({ ...rest, offset: toText(decimal(offset).plus(by)), highest: toText(kwh), shift: toText(by) })
  }

  /** By days; the day in which a register begins in its middle by half hours. */
  #totalsSince(since: Instant, days: ReadonlyMap<Instant, string>): ReadonlyMap<Instant, string | number> {
    const midnight = startOfDay(londonDate(since))
    if (midnight === since) return days
    const { store, meter } = this.#options
    const { point, serial } = meter()
    const first = store.readings.range({ point, serial }, since, startOfDay(addDays(londonDate(since), 1)))
    return new Map<Instant, string | number>([...days, ...first.map(({ start, amount }) => [start, amount] as const)])
  }
}
