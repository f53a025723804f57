/**
 * Registers whose store was lost, found again at the broker: it still holds what was published last. Without it a register
 * would begin anew with the history that Octopus still has, and Home Assistant would take the drop for a new meter.
 */
import { HALF_HOUR, type Instant } from '../clock.ts'
import { type Register, registerAfterLoss } from '../energy/register.ts'

/** The entities of a register, by the unit that its meter counts in. */
export const REGISTER_KEYS = { kWh: 'accumulative_consumption', m3: 'accumulative_consumption_m3' } as const

/** No register of a household comes near this. */
const LARGEST = 1e9

export class LostRegisters {
  readonly #values = new Map<string, string | null>()
  readonly #untils = new Map<string, Instant | null>()
  #isAwaited = true

  /** It may still be heard how high they stood: nothing was published over it. */
  get isAwaited(): boolean {
    return this.#isAwaited
  }

  /** They are published from here on. */
  endWait(): void {
    this.#isAwaited = false
  }

  /** A retained state or its attributes, of the meter with that slug. Anything may be in it. */
  hear(slug: string, key: string, payload: string): void {
    if (key === `${REGISTER_KEYS.kWh}/attributes`) this.#untils.set(slug, untilOf(payload))
    else this.#values.set(`${slug} ${key}`, amountOf(payload))
  }

  /** The register to go on with; null where nothing was heard of it. */
  of(slug: string, unit: keyof typeof REGISTER_KEYS): Register | null {
    const value = this.#values.get(`${slug} ${REGISTER_KEYS[unit]}`)
    const until = this.#untils.get(slug)
    return value == null || until == null ? null : registerAfterLoss(value, until - HALF_HOUR)
  }
}

const amountOf = (payload: string): string | null =>
  /^\d{1,9}(\.\d{1,6})?$/.test(payload) && Number(payload) <= LARGEST ? payload : null

function untilOf(payload: string): Instant | null {
  const [, text] = /"until":"(\d{4}-\d\d-\d\dT\d\d:[03]0:00Z)"/.exec(payload) ?? []
  const at = text === undefined ? Number.NaN : Date.parse(text)
  return Number.isFinite(at) ? at : null
}
