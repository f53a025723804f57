/**
 * How often what the house says of a car is passed on. Each time the whole account is evaluated and shown anew, so a topic
 * that says something new a thousand times a second must not have its way: the newest is passed on a moment later.
 * By the monotonic clock: a wall clock that is set back keeps nothing waiting.
 */
import { MINUTE, SECOND } from '../clock.ts'
import type { CarSignals } from '../vehicle/types.ts'

/** `none`: nothing but when the last message came. `power`: the watts too, and not whether it draws. */
export type News = 'none' | 'power' | 'state'

/** A message that changes nothing but when it came is passed on this often: a live topic stays alive by it. */
const HEARD_EVERY = MINUTE
/** Watts alone are summed up, and a second is fine enough for that. */
const POWER_EVERY = SECOND
/** A house at its busiest says a few things at once; this many in a second are passed on as they come. */
const BURST = 10

export class Telling {
  #toldAt = Number.NEGATIVE_INFINITY
  /** When the newest of what was told was told, oldest first; as many as a burst. */
  #recent: number[] = []

  /** Milliseconds until this may be passed on; 0 for at once. `now` by the monotonic clock. */
  wait(news: News, now: number): number {
    if (news === 'state') return this.#recent.length < BURST ? 0 : Math.max(0, (this.#recent[0] ?? now) + SECOND - now)
    return Math.max(0, this.#toldAt + (news === 'power' ? POWER_EVERY : HEARD_EVERY) - now)
  }

  told(now: number): void {
    this.#toldAt = now
    this.#recent = [...this.#recent, now].slice(-BURST)
  }
}

export function newsOf(before: CarSignals, after: CarSignals): News {
  if (JSON.stringify(timeless(before)) !== JSON.stringify(timeless(after))) return 'state'
  return before.power.watts === after.power.watts ? 'none' : 'power'
}

/** Whether watts are known is no matter of how many. */
const timeless = (signals: CarSignals) => ({
  ...signals,
  charging: { ...signals.charging, lastHeardAt: null },
  power: { ...signals.power, lastHeardAt: null, wattsAt: null, watts: signals.power.watts === null ? null : 0 },
})
