/** A bar of progress, as text. Pure. */
import { span } from './span.ts'

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const

/** `width` columns, of which the part that is done is filled. */
export function bar(done: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, done)) * width * 8)
  const full = '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8]
  return full + '░'.repeat(width - full.length)
}

/** `████░░░░  50 %  about 12 s left`. `left` in milliseconds; null where it cannot be said yet. */
export function progress(done: number, left: number | null, width: number): string {
  const percent = `${Math.floor(100 * Math.min(1, Math.max(0, done)))} %`.padStart(5)
  return `${bar(done, width)} ${percent}${left === null ? '' : `  about ${span(left)} left`}`
}

/** What is still to come at the pace so far; null where nothing is done yet. Any unit of time. */
export const timeLeft = (done: number, elapsed: number): number | null =>
  done <= 0 || elapsed <= 0 ? null : (elapsed * (1 - Math.min(1, done))) / done
