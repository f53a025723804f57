/** What is said of a long fetch while it goes on: a line for each tenth of it, with how long the rest will take. Pure. */
import { type Instant, MINUTE } from '../clock.ts'

export interface Paced {
  /** When it was looked first, and how much was there then. */
  readonly since: Instant
  readonly from: number
}

/** Whether a line is due: another tenth is full, or all of it is. Percent. */
export const isMilestone = (before: number, after: number): boolean =>
  Math.floor(after / 10) > Math.floor(before / 10) || (after >= 100 && before < 100)

/**
 * Whole minutes until all is there, at the pace since it was looked first; null where there is no pace yet. At least one
 * while anything is missing.
 */
export function minutesLeft({ since, from }: Paced, percent: number, now: Instant): number | null {
  if (percent >= 100) return 0
  const [won, took] = [percent - from, now - since]
  if (won <= 0 || took <= 0) return null
  return Math.max(1, Math.ceil((took * (100 - percent)) / won / MINUTE))
}
