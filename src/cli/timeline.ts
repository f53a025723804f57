/** What was on and off over some hours, drawn as rows of blocks under a scale in London time. Pure. */
import { HOUR, type Instant, MINUTE } from '../clock.ts'
import { londonOffset } from '../time/london.ts'
import { shortTime, zoneOf } from './local-time.ts'
import type { Paint, Tone } from './paint.ts'
import { displayWidth, padTo } from './width.ts'

export interface Change {
  readonly at: Instant
  /** Null: not known. */
  readonly on: boolean | null
}

export interface Track {
  readonly name: string
  readonly tone: Tone
  /** In order. */
  readonly changes: readonly Change[]
}

const TICKS = [5, 10, 30, 60, 120, 180, 360, 720, 1440].map(minutes => minutes * MINUTE)
/** `18:00` and some room. */
const TICK_COLUMNS = 8

/** Lines of at most `columns`. A cell is on where anything of its time was. */
export function timeline(
  tracks: readonly Track[],
  { start, end, columns, paint }: { start: Instant; end: Instant; columns: number; paint: Paint },
): string[] {
  const told = tracks.filter(({ changes }) => changes.some(({ at, on }) => on !== null && at < end))
  if (told.length === 0 || end <= start) return []
  const names = Math.max(...told.map(({ name }) => displayWidth(name)))
  const cells = Math.max(10, columns - names - 2)
  const cell = (end - start) / cells
  const rows = told.map(track => {
    const states = Array.from({ length: cells }, (_, at) =>
      stateIn(track.changes, start + at * cell, start + (at + 1) * cell),
    )
    return `${padTo(track.name, names)}  ${drawn(states, track.tone, paint)}`.trimEnd()
  })
  return [`${padTo(zoneOf(start), names)}  ${paint('faint', scale(start, end, cells))}`.trimEnd(), ...rows]
}

/** Whether anything of it was on; null where nothing of it is known. */
function stateIn(changes: readonly Change[], from: Instant, to: Instant): boolean | null {
  const before = changes.filter(({ at }) => at <= from).at(-1)
  const states = [before?.on ?? null, ...changes.filter(({ at }) => at > from && at < to).map(({ on }) => on)]
  if (states.includes(true)) return true
  return states.includes(false) ? false : null
}

function drawn(states: readonly (boolean | null)[], tone: Tone, paint: Paint): string {
  const GLYPHS = { true: '█', false: '·', null: ' ' } as const
  const runs =
    states
      .map(on => GLYPHS[`${on}`])
      .join('')
      .match(/(.)\1*/g) ?? []
  return runs.map(run => (run.startsWith(' ') ? run : paint(run.startsWith('█') ? tone : 'faint', run))).join('')
}

/** Times of day above the cells at which they begin, as many as have room. */
function scale(start: Instant, end: Instant, cells: number): string {
  const most = Math.max(1, Math.floor(cells / TICK_COLUMNS))
  const tick = TICKS.find(each => (end - start) / each <= most) ?? 24 * HOUR
  let line = ''
  const offset = londonOffset(start)
  for (let at = Math.ceil((start + offset) / tick) * tick - offset; at < end; at += tick) {
    const column = Math.floor(((at - start) / (end - start)) * cells)
    const label = shortTime(at)
    if (column >= line.length && column + label.length <= cells) line = line.padEnd(column) + label
  }
  return line
}
