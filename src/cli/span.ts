/** How long something took or takes, for a person. Pure. */
import { HOUR, MINUTE, SECOND } from '../clock.ts'

/** `35 ms`, `1.4 s`, `42 s`, `3 min`, `2 h 5 min`. */
export function span(milliseconds: number): string {
  const ms = Math.max(0, milliseconds)
  if (ms < 995) return `${Math.round(ms)} ms`
  if (ms < 9_950) return `${(ms / SECOND).toFixed(1)} s`
  if (ms < 59.5 * SECOND) return `${Math.round(ms / SECOND)} s`
  if (ms < 59.5 * MINUTE) return `${Math.round(ms / MINUTE)} min`
  const minutes = Math.round(ms / MINUTE)
  const rest = minutes % 60
  return `${Math.floor(minutes / (HOUR / MINUTE))} h${rest === 0 ? '' : ` ${rest} min`}`
}
