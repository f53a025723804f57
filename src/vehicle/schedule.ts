/** When a charger changes its own schedule, Octopus usually has the new plan at once: a reason to ask. */
import { createHash } from 'node:crypto'
import { type Instant, MINUTE } from '../clock.ts'
import { extract, plainText } from './extract.ts'
import type { Message } from './listen.ts'
import { type Remark, withRemark } from './remarks.ts'
import type { SourceSpec } from './spec.ts'
import { UNKNOWN_WORDS } from './words.ts'

/** Nested too deeply to be written down again, it is still a message: then all such say the same. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value.trim()
  try {
    return JSON.stringify(value)
  } catch {
    return 'deep'
  }
}

export interface ScheduleState {
  /** For each source the last payload, as a digest, and when it came. */
  readonly last: readonly ({ readonly digest: string; readonly at: Instant } | null)[]
  readonly changedAt: Instant | null
}

/** The same bare trigger again so soon is the same news told twice. */
export const SAME_NEWS_FOR = MINUTE

/**
 * Another payload fires, and one without any text, a bare trigger, each time but within a minute of the last; not a retained
 * one, and not one that only says `unavailable` or the like.
 */
export function hearSchedule(
  specs: readonly SourceSpec[],
  before: ScheduleState,
  remarks: readonly Remark[],
  { topic, payload, retained, now }: Message,
): { readonly schedule: ScheduleState; readonly remarks: readonly Remark[] } {
  let { changedAt } = before
  let noted = remarks
  if (!specs.some(spec => spec.topic === topic)) return { schedule: before, remarks }
  const last = specs.map((spec, index) => {
    const previous = before.last[index] ?? null
    if (spec.topic !== topic) return previous
    const found = extract(payload, spec.json)
    if (found.kind !== 'found') {
      const { sample } = found
      noted = withRemark(noted, { signal: 'schedule_changed', topic, kind: 'not_understood', sample, at: now })
      return previous
    }
    const text = textOf(found.value)
    if (text !== '' && UNKNOWN_WORDS.has(plainText(text))) return previous
    const digest = createHash('sha256').update(text).digest('base64url').slice(0, 22)
    const isOldNews = previous?.digest === digest && (text !== '' || now - previous.at < SAME_NEWS_FOR)
    if (!retained && !isOldNews) changedAt = now
    return { digest, at: now }
  })
  return { schedule: { last, changedAt }, remarks: noted }
}
