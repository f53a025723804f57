/**
 * How Octopus writes numbers and times. A Decimal is a string in one place and a number in another; a time is UTC with
 * `+00:00`, sometimes with microseconds. Which it is depends on the seed and on the place alone, so a run can be repeated.
 */
import type { Instant } from '../clock.ts'
import { fractionOf } from './random.ts'

export const DECIMAL_STYLES = ['string', 'number', 'mixed'] as const
export type DecimalStyle = (typeof DECIMAL_STYLES)[number]

export interface Wire {
  /** `place` names the value in the answer: the same place is always written the same way. */
  decimal(value: number, digits: number, place: string): string | number
  /** An instant that was set: whole seconds. */
  time(at: Instant): string
  /** An instant that was measured: two in three carry microseconds. */
  stamp(at: Instant): string
}

const toSeconds = (at: Instant): string => new Date(at).toISOString().slice(0, 19)

/** The same rows are listed again and again; this many times of theirs are remembered. */
const TIMES_KEPT = 1_000

export function wireFormat(style: DecimalStyle, seed: string | number): Wire {
  const places = new Map<string, boolean>()
  const asText = (place: string): boolean => {
    let text = places.get(place)
    if (text === undefined) {
      text = style === 'string' || (style === 'mixed' && fractionOf(seed, place) < 0.5)
      places.set(place, text)
    }
    return text
  }
  const times = new Map<Instant, string>()
  return {
    decimal: (value, digits, place) => {
      const text = value.toFixed(digits)
      return asText(place) ? text : Number(text)
    },
    time: at => {
      let text = times.get(at)
      if (text === undefined) {
        if (times.size >= TIMES_KEPT) times.clear()
        text = `${toSeconds(at)}+00:00`
        times.set(at, text)
      }
      return text
    },
    stamp: at => {
      const fraction = fractionOf(seed, 'stamp', at)
      const micros = fraction < 1 / 3 ? '' : `.${String(Math.floor(fraction * 1e6)).padStart(6, '0')}`
      return `${toSeconds(at)}${micros}+00:00`
    },
  }
}
