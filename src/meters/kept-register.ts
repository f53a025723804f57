/** The register of one meter as the store keeps it: made of its days, and found again at the broker where the store was lost. */
import { HALF_HOUR, type Instant } from '../clock.ts'
import { compare, type Decimal, decimal } from '../energy/decimal.ts'
import { newRegister, type Register, readRegister } from '../energy/register.ts'
import { anInstant, aText, fields } from '../shape.ts'
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
}

const decimalText = (value: unknown): boolean => aText(value) && /^-?\d+(\.\d+)?$/.test(value as string)
const aRegister = fields<Register>({ since: anInstant, offset: decimalText, highest: decimalText })

export class KeptRegister {
  readonly #options: KeptRegisterOptions

  constructor(options: KeptRegisterOptions) {
    this.#options = options
  }

  /**
   * What the broker holds of it, taken at once where nothing is kept of ours, since we publish over it. A store that was put
   * back from a copy, or was full for a while, knows fewer half hours than were told: then the register is at least what it
   * was. True where it is another now.
   */
  takeLost(): boolean {
    const { store, lost, meter, since } = this.#options
    const { slug, unit, point, serial } = meter()
    const found = lost.of(slug, unit)
    if (found === null) return false
    const known = this.#known
    if (known === null) this.#keep(found)
    else {
      const newest = store.readings.extent({ point, serial })?.newest
      const knownUntil = newest === undefined ? since() : newest + HALF_HOUR
      if (found.since <= knownUntil || compare(found.highest, known.highest) <= 0) return false
      this.#keep({ ...known, highest: found.highest })
    }
    return true
  }

  /** What it shows, in the meter's own unit; null while that is not known. */
  read(days: Days, isSettled: boolean): Decimal | null {
    const known = this.#known
    // While days wait to be worked out, part of what was counted would look like all of it, and the rest like use of this hour.
    if (!isSettled) return known === null || known.highest === '0' ? null : decimal(known.highest)
    const totals = new Map([...days].map(([date, { amount }]) => [startOfDay(date), amount]))
    const begun = known ?? newRegister(this.#options.since())
    const read = readRegister(begun, this.#totalsSince(begun.since, totals))
    if (known === null || read.register.highest !== known.highest) this.#keep(read.register)
    return read.value
  }

  get #key(): string {
    return `register:${keyOf(this.#options.meter())}`
  }

  get #known(): Register | null {
    return this.#options.store.values.get<Register>(this.#key, aRegister)
  }

  #keep(register: Register): void {
    this.#options.store.values.set(this.#key, register)
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
