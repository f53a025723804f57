/** Plan changes, from what the journal holds: a damaged entry is left out. Pure. */
import type { PageInput } from './input.ts'
import type { PlanChangeLine } from './model.ts'

export const changesOf = (entries: PageInput['changes']): PlanChangeLine[] =>
  entries.flatMap(({ at, data }) => {
    const { car, kind, row, previous } = (data ?? {}) as Record<string, unknown>
    const now = intervalOf(row)
    return typeof car === 'string' && typeof kind === 'string' && now !== null
      ? [{ at, car, kind, ...now, previous: intervalOf(previous) }]
      : []
  })

function intervalOf(value: unknown): { start: number; end: number } | null {
  const { start, end } = (value ?? {}) as Record<string, unknown>
  return typeof start === 'number' && typeof end === 'number' ? { start, end } : null
}
