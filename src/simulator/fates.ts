/** What becomes of a planned row, drawn once for each: most stay, some go at the last minute, some end early. */
import { type Instant, MINUTE } from '../clock.ts'
import type { DispatchRow } from '../intelligent/types.ts'
import { halfHourCeil } from '../time/london.ts'
import { byStart, smartRow } from './plan.ts'
import { fractionOf } from './random.ts'

type Fate = { readonly what: 'withdrawn' | 'ended' | 'extended'; readonly at: Instant } | null

const WITHDRAWN = 0.1
const ENDED_EARLY = 0.15
const EXTENDED = 0.05

// A row is asked about at every second thought. The fate depends on the row and the key alone.
const known = new WeakMap<DispatchRow, { readonly key: string; readonly fate: Fate }>()

/** `key` is the household's: the same row at another house has another fate. */
function fateOf(row: DispatchRow, key: string): Fate {
  const found = known.get(row)
  if (found?.key === key) return found.fate
  const fate = drawnFate(row, key)
  known.set(row, { key, fate })
  return fate
}

function drawnFate(row: DispatchRow, key: string): Fate {
  if (row.type !== 'SMART') return null
  const draw = fractionOf(key, 'fate', row.start)
  if (draw >= WITHDRAWN + ENDED_EARLY + EXTENDED) return null
  const when = fractionOf(key, 'when', row.start)
  if (draw < WITHDRAWN) return { what: 'withdrawn', at: Math.ceil(row.start - when * 5 * MINUTE) }
  if (draw < WITHDRAWN + ENDED_EARLY) {
    return { what: 'ended', at: Math.ceil(row.start + (0.2 + 0.7 * when) * (row.end - row.start)) }
  }
  return { what: 'extended', at: Math.ceil(row.end - when * 2 * MINUTE) }
}

/** When the next of these rows meets its fate; null where none does. */
export function nextFate(rows: readonly DispatchRow[], key: string, after: Instant): Instant | null {
  const times = rows.flatMap(row => fateOf(row, key)?.at ?? []).filter(at => at > after)
  return times.length === 0 ? null : Math.min(...times)
}

/** The rows after every fate that is due; the same list where none is. */
export function afterFates(rows: readonly DispatchRow[], key: string, now: Instant, chargerKw: number) {
  let changed = rows
  for (const row of rows) {
    const fate = fateOf(row, key)
    if (fate === null || fate.at > now) continue
    if (fate.what === 'extended') {
      if (changed.some(each => each.start >= row.end && each.start < halfHourCeil(row.end + 1))) continue
      changed = [...changed, smartRow(row.end, halfHourCeil(row.end + 1), chargerKw)].sort(byStart)
    } else {
      const rest = changed.filter(each => each !== row)
      const ends = Math.ceil(now / 1000) * 1000
      const stub = fate.what === 'ended' && ends > row.start && ends < row.end
      changed = stub ? [...rest, smartRow(row.start, ends, chargerKw)].sort(byStart) : rest
    }
  }
  return changed
}
