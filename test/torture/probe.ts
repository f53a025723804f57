/** The lines of probe.mjs. */
import { existsSync, readFileSync } from 'node:fs'

export interface Sample {
  readonly at: number
  /** Bytes. */
  readonly rss: number
  readonly heapUsed: number
  /** Right after the garbage was collected. */
  readonly collected: boolean
  /** How late timers were since the last sample: milliseconds, the worst and on average. */
  readonly late: number
  readonly mean: number
  /** Seconds of CPU since the start. */
  readonly cpu: number
}

export const samplesIn = (file: string): Sample[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter(line => line.endsWith('}'))
        .map(line => JSON.parse(line))
    : []

/** Least squares: how much `value` grows in a minute. */
export function slopePerMinute(samples: readonly { readonly at: number; readonly value: number }[]): number {
  const count = samples.length
  if (count < 2) return 0
  const meanAt = samples.reduce((sum, { at }) => sum + at, 0) / count
  const meanValue = samples.reduce((sum, { value }) => sum + value, 0) / count
  const spread = samples.reduce((sum, { at }) => sum + (at - meanAt) ** 2, 0)
  const together = samples.reduce((sum, { at, value }) => sum + (at - meanAt) * (value - meanValue), 0)
  return spread === 0 ? 0 : (together / spread) * 60_000
}
