/** What deserves one log line: the first payload of each kind that a source could not give an answer with. */
import type { Instant } from '../clock.ts'

export interface Remark {
  readonly signal: 'plugged' | 'charging' | 'power' | 'at_home' | 'schedule_changed' | 'availability'
  readonly topic: string
  readonly kind: 'unknown' | 'not_understood'
  /** Printable and short: what the payload said, or why it could not be read. */
  readonly sample: string
  readonly at: Instant
}

/** Adds a remark unless one of its kind was made before, so the list cannot grow beyond two for each topic in use. */
export function withRemark(remarks: readonly Remark[], remark: Remark): readonly Remark[] {
  const isKnown = remarks.some(
    ({ signal, topic, kind }) => signal === remark.signal && topic === remark.topic && kind === remark.kind,
  )
  return isKnown ? remarks : [...remarks, remark]
}
