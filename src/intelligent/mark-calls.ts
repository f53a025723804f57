/** The calls around half-hour marks, and around edges of dispatches off the marks: contract section 5. Pure. */
import { HALF_HOUR, type Instant } from '../clock.ts'
import { halfHourCeil, halfHourStart } from '../time/london.ts'
import { marksMatter } from './advance.ts'
import { type Candidate, clockTime, last, ordinary, type Rank, type RefreshInput, seconds } from './candidate.ts'
import { standingOrEndedRows } from './rows.ts'
import type { CarState } from './state.ts'

/** What has calls of its own. */
export interface Bounds {
  /** A signal of the house tells whether the car draws. */
  readonly isLive: boolean
  readonly marks: readonly Instant[]
  /** Of rows, off the marks. */
  readonly edges: readonly Instant[]
}

const MARK_RANKS: readonly Rank[] = ['rest', 'second_mark', 'third_mark']

/** Around a half-hour mark at which a standing row begins, ends or runs, or the car charges. */
function callsAround({ refresh, phases }: RefreshInput, isLive: boolean, mark: Instant): Candidate[] {
  const time = clockTime(mark)
  const later = refresh.boundaryAfter.map((offset, nth) =>
    ordinary(
      'boundary',
      MARK_RANKS[nth] ?? 'third_mark',
      mark + offset + phases.mark,
      `${seconds(offset)} after the mark at ${time}`,
    ),
  )
  const before = ordinary(
    'boundary',
    'rest',
    mark - refresh.boundaryBefore + phases.mark,
    `${seconds(refresh.boundaryBefore)} before the mark at ${time}`,
  )
  return isLive ? [before, ...later] : later
}

/** Marks that have calls: the one that began this half hour, and the next two as far as they can be foreseen. */
export function marksOf({ rules, now }: RefreshInput, car: CarState): Instant[] {
  const next = halfHourCeil(now + 1)
  const ahead = [next, next + HALF_HOUR].filter(mark => marksMatter(car, rules, mark, now))
  return car.mark === halfHourStart(now) ? [car.mark, ...ahead] : ahead
}

/** Beginnings and ends of rows off the marks: there is the last chance to hear that a row was withdrawn or goes on. */
export const edgesOffMarks = ({ rules, now }: RefreshInput, car: CarState): Instant[] =>
  standingOrEndedRows(car, rules.settings, now)
    .flatMap(row => [row.start, row.end])
    .filter(edge => edge !== halfHourStart(edge) && edge > now - HALF_HOUR && edge <= now + HALF_HOUR)

function callsAroundEdge({ refresh, phases }: RefreshInput, edge: Instant): Candidate[] {
  const [after] = refresh.boundaryAfter
  const call = (offset: number, when: string): Candidate =>
    ordinary('boundary', 'rest', edge + offset + phases.mark, `${when} a dispatch begins or ends at ${clockTime(edge)}`)
  const before = call(-refresh.boundaryBefore, `${seconds(refresh.boundaryBefore)} before`)
  return after === undefined ? [before] : [before, call(after, `${seconds(after)} after`)]
}

/** Of a car with these marks and edges; `isLive`: a signal of the house tells whether it draws. */
export const boundary = (input: RefreshInput, { marks, edges, isLive }: Bounds): Candidate[] =>
  [
    ...marks.flatMap(mark => callsAround(input, isLive, mark)),
    ...edges.flatMap(edge => callsAroundEdge(input, edge)),
  ].filter(call => call.at > last(input))
