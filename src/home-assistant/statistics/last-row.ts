import { HOUR, type Instant } from '../../clock.ts'
import type { Recorder } from './session.ts'

const DAY = 24 * HOUR
/** Days to look back, each before the one before it; then to the beginning. */
const WINDOWS = [7, 28, 112, 448]
/** Home Assistant has had statistics since 2021, and imports may lie before. */
const BEGINNING = Date.UTC(2000, 0)

/**
 * The sum at the last row strictly before `at`, however long ago; null where there is none. A sum that was looked for in the last
 * week only would begin again after a gap in the readings, and the dashboard would show a great negative step.
 */
export async function sumBefore(recorder: Recorder, id: string, at: Instant): Promise<number | null> {
  let to = at
  for (const days of [...WINDOWS, Number.POSITIVE_INFINITY]) {
    const from = Math.max(BEGINNING, to - days * DAY)
    if (from >= to) return null
    const rows = await recorder.rows(id, from, to)
    const last = rows.findLast(({ sum }) => sum !== null)
    if (last !== undefined) return last.sum
    to = from
  }
  return null
}
