import { MINUTE, SECOND } from '../clock.ts'

/** A connection that held this long was a good one. */
export const HELD = 10 * SECOND

/** How long we leave the place to another client with our client id. */
export const CONTESTED_WAIT = 5 * MINUTE

/** A place that was ours this long was not being fought over. */
const OURS = 2 * MINUTE

/** MQTT 5, section 3.14.2.1: another client connected with the same client id. */
const SESSION_TAKEN_OVER = 0x8e

const TIMES = 3

/**
 * Tells a broker that went away from another client with our client id. A broker lets the newest of the two in and
 * throws the other out, so two that both reconnect would do so for ever. MQTT 5 says why we were thrown out; MQTT 3.1.1
 * does not, but nothing else lets us in and closes right after, again and again. Once it is known, one more time is enough.
 */
export class Contest {
  #cutShort = 0

  /**
   * One try has ended. `held` is how many milliseconds the connection stood, null when there was none; `reason` is the
   * reason code of the broker's DISCONNECT (MQTT 5), else null. True when somebody else wants our place.
   */
  ended(held: number | null, reason: number | null): boolean {
    const cutShort = held !== null && (reason === SESSION_TAKEN_OVER || (reason === null && held < HELD))
    if (!cutShort) this.#cutShort = 0
    else this.#cutShort = held < OURS ? this.#cutShort + 1 : 1
    return this.#cutShort >= TIMES
  }
}
