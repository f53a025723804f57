/**
 * When the tariff itself is cheap for the whole house, whatever a car does: the night of an Intelligent product by the clock,
 * or the windows that another tariff's own prices show (Go, Cosy, Economy 7). Pure.
 */
import type { Instant } from '../clock.ts'
import { type Interval, isNight, type NightWindow, nightAtOrAfter } from '../time/london.ts'
import type { Tri } from './types.ts'

/** Windows as prices show them, in order, touching ones merged; nothing is known of the time before or after what is known. */
export interface TariffWindows {
  readonly known: Interval
  readonly windows: readonly Interval[]
}

export type OffPeak =
  | {
      readonly kind: 'clock'
      readonly night: NightWindow
      /** When an agreement begins that has no such night, where that is known. */
      readonly until?: Instant
    }
  | ({ readonly kind: 'tariff' } & TariffWindows)

const NEVER: Interval = { start: Number.POSITIVE_INFINITY, end: Number.POSITIVE_INFINITY }

/** When an agreement begins that is cheap at no hour of the clock; infinity where none is known to. */
export const lastsUntil = (offPeak: OffPeak | null): Instant =>
  offPeak?.kind === 'clock' && offPeak.until !== undefined ? offPeak.until : Number.POSITIVE_INFINITY

/** The cheap period that covers `at`, or else the next one that is known; at infinity where none is. */
export function offPeakAtOrAfter(offPeak: OffPeak, at: Instant): Interval {
  if (offPeak.kind === 'tariff') return offPeak.windows.find(({ end }) => end > at) ?? NEVER
  const until = lastsUntil(offPeak)
  const { start, end } = nightAtOrAfter(at, offPeak.night)
  return at < until && start < until ? { start, end: Math.min(end, until) } : NEVER
}

/** The cheap periods between two instants, cut off there. */
export function offPeakWithin(offPeak: OffPeak, from: Instant, until: Instant): Interval[] {
  const found: Interval[] = []
  for (let at = from; at < until; ) {
    const { start, end } = offPeakAtOrAfter(offPeak, at)
    if (!(start < until)) break
    found.push({ start: Math.max(start, from), end: Math.min(end, until) })
    at = end
  }
  return found
}

/** Null where no price of that time is known. */
export function isOffPeakAt(offPeak: OffPeak, at: Instant): Tri {
  if (offPeak.kind === 'clock') return at < lastsUntil(offPeak) && isNight(at, offPeak.night)
  const { known } = offPeak
  if (at < known.start || at >= known.end) return null
  return offPeakAtOrAfter(offPeak, at).start <= at
}

/** The instants from which `isOffPeakAt` may say another thing, the next ones at or after `at`. */
export function offPeakEdges(offPeak: OffPeak, at: Instant): Instant[] {
  const { start, end } = offPeakAtOrAfter(offPeak, at)
  return offPeak.kind === 'clock' ? [start, end] : [start, end, offPeak.known.start, offPeak.known.end]
}

/** What is left of the windows when the cheap periods are cut out. */
export function outsideOffPeak(windows: readonly Interval[], offPeak: OffPeak): Interval[] {
  return windows.flatMap(window => {
    const parts: Interval[] = []
    let start = window.start
    while (start < window.end) {
      const dark = offPeakAtOrAfter(offPeak, start)
      if (dark.start <= start) start = dark.end
      else {
        parts.push({ start, end: Math.min(window.end, dark.start) })
        start = Math.min(window.end, dark.start)
      }
    }
    return parts
  })
}
