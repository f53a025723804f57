/**
 * A register like the one on a meter, made of half hours: it never resets and never goes down, whatever Octopus sends late,
 * twice or corrected. Pure, in exact decimals and the unit of the readings.
 *
 * The rules. The register counts every reading from `since` on; what lies before is its zero point. Its plain value is `offset` and
 * the sum of those readings. A correction upwards, and a half hour that comes late, raise it at once, whichever day they
 * belong to. A correction downwards lowers the plain value only: what was published is held until the use of the next
 * hours has caught up. So nothing is counted twice and no drop looks like a new meter, at the price of a register that
 * stands still for a while. The days themselves show the correction at once.
 */
import { HALF_HOUR, type Instant } from '../clock.ts'
import type { Readings } from './days.ts'
import { compare, type Decimal, type DecimalSource, decimal, sumOf, toText } from './decimal.ts'

/** What is kept of a register between two lives. Amounts are decimal text with every digit. */
export interface Register {
  /** The first half hour that counts. */
  readonly since: Instant
  /** What the register stood at when `since` began: nothing in its first life. */
  readonly offset: string
  /** The highest value so far. */
  readonly highest: string
}

export interface RegisterReading {
  readonly register: Register
  /** What to show; round it for people only. */
  readonly value: Decimal
  /** How much lower the readings are than what is shown, since some were corrected downwards: 0 nearly always. */
  readonly held: Decimal
  /**
   * Start of the newest half hour in it, or before its zero point where there is none. To be published beside the value:
   * `registerAfterLoss` needs both.
   */
  readonly through: Instant
}

/** A register at zero as `since` begins. */
export const newRegister = (since: Instant): Register => ({ since, offset: '0', highest: '0' })

/**
 * A register whose store was lost, from what the broker still holds of it: the value that was published last and the start of the
 * newest half hour in it. It goes on from there, however little of its history Octopus still has. A half hour that was still missing then
 * will not be in it.
 */
export const registerAfterLoss = (published: DecimalSource, through: Instant): Register => ({
  since: through + HALF_HOUR,
  offset: toText(published),
  highest: toText(published),
})

/**
 * The register with all readings that are held now; those before `since` are left out. `published` is a value that somebody
 * has already seen: of a store that was put back from a copy, say. The register will not be lower.
 */
export function readRegister(register: Register, readings: Readings, published: DecimalSource = 0): RegisterReading {
  const counted = [...readings].filter(([start]) => start >= register.since)
  const plain = sumOf([register.offset, ...counted.map(([, amount]) => amount)])
  const seen = compare(published, register.highest) > 0 ? decimal(published) : decimal(register.highest)
  const value = plain.gt(seen) ? plain : seen
  return {
    register: { ...register, highest: toText(value) },
    value,
    held: value.minus(plain),
    through: counted.reduce((newest, [start]) => Math.max(newest, start), register.since - HALF_HOUR),
  }
}
