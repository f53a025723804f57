/** What a reader with perfect knowledge would show, and what the house was billed. Derived from a recording alone. */
import { HALF_HOUR, HOUR, type Instant, MINUTE } from '../src/clock.ts'
import { ALLOWANCE } from '../src/intelligent/dispatching.ts'
import { covers } from '../src/intelligent/rows.ts'
import { OFF_PEAK } from '../src/simulator/plan.ts'
import { halfHourStart, type Interval, lastNoon, nightAtOrAfter } from '../src/time/london.ts'
import { type Moment, momentAt, type Recording } from './recording.ts'
import { addStep, indexAt, type Step } from './steps.ts'

/** A row that was listed for so long before its edge was known beforehand. */
const KNOWN_BEFORE = 5 * MINUTE
/** Below this a car only trickles, which is not billed as smart charging. */
const CHARGES_ABOVE_WATTS = 1_000
/** A half hour with so much smart charging in it counts, in watt-hours. */
const COUNTS_FROM_WH = 10

export interface Edge {
  readonly at: Instant
  readonly value: boolean
  /** When it turns back: what has not followed until then never will. */
  readonly until: Instant
  readonly known: boolean
}

export const isPlanned = ({ state, rows }: Pick<Moment, 'state' | 'rows'>, at: Instant): boolean =>
  state === 'SMART_CONTROL_IN_PROGRESS' && rows.some(row => row.type === 'SMART' && row.end > at)

const isActive = (moment: Moment, at: Instant): boolean =>
  moment.plugged &&
  moment.state === 'SMART_CONTROL_IN_PROGRESS' &&
  moment.rows.some(row => row.type === 'SMART' && covers(row, at))

/** Whether Octopus lists, for a plugged-in car under smart control, a smart row that covers the instant. */
export function truthOf({ moments, end }: Recording): Step<boolean>[] {
  const truth: Step<boolean>[] = []
  moments.forEach((moment, index) => {
    const until = moments[index + 1]?.at ?? end
    const edges = moment.rows.flatMap(row => [row.start, row.end]).filter(at => at > moment.at && at < until)
    for (const at of [moment.at, ...edges.sort((a, b) => a - b)]) addStep(truth, at, isActive(moment, at))
  })
  return truth
}

/** The row that makes the edge was listed, with this very instant, in all of the five minutes before it. */
function wasListed({ moments }: Recording, { at, value }: Step<boolean>): boolean {
  const first = indexAt(moments, at - KNOWN_BEFORE)
  return moments
    .slice(first)
    .filter(moment => moment.at < at)
    .every(({ rows }) => rows.some(row => row.type === 'SMART' && (value ? row.start : row.end) === at))
}

export const edgesOf = (recording: Recording, truth: readonly Step<boolean>[]): Edge[] =>
  truth
    .map((step, index) => ({
      ...step,
      until: truth[index + 1]?.at ?? recording.end,
      known: wasListed(recording, step),
    }))
    .slice(1)

export function nightsOf({ begin, end }: Recording): Interval[] {
  const nights: Interval[] = []
  for (let at = begin; at < end; at = nights.at(-1)?.end ?? end) nights.push(nightAtOrAfter(at, OFF_PEAK))
  return nights
}

/** Half hours at the cheap rate because of smart charging: the first twelve from noon to noon in which the car really charged. */
export function billedCheap(recording: Recording): Interval[] {
  const { moments, end } = recording
  const wattHours = new Map<Instant, number>()
  moments.forEach((moment, index) => {
    if (moment.watts < CHARGES_ABOVE_WATTS) return
    const until = moments[index + 1]?.at ?? end
    for (let from = moment.at; from < until; ) {
      const half = halfHourStart(from)
      const to = Math.min(until, half + HALF_HOUR)
      wattHours.set(half, (wattHours.get(half) ?? 0) + (moment.watts * (to - from)) / HOUR)
      from = to
    }
  })
  const used = new Map<Instant, number>()
  return [...wattHours]
    .filter(([, wh]) => wh >= COUNTS_FROM_WH)
    .map(([half]) => half)
    .sort((a, b) => a - b)
    .filter(half => {
      const noon = lastNoon(half)
      used.set(noon, (used.get(noon) ?? 0) + 1)
      return (used.get(noon) ?? 0) <= ALLOWANCE
    })
    .map(start => ({ start, end: start + HALF_HOUR }))
}

export interface PlugIn extends Interval {
  /** When Octopus listed the first plan of this stay. */
  readonly plannedAt: Instant
}

/** Plug-ins after which Octopus made a plan. */
export const plugInsOf = (recording: Recording): PlugIn[] =>
  recording.stays.flatMap(stay => {
    const atFirst = isPlanned(momentAt(recording, stay.start), stay.start) ? stay.start : undefined
    const later = recording.moments.find(
      ({ at, ...moment }) => at > stay.start && at < stay.end && isPlanned(moment, at),
    )
    const plannedAt = atFirst ?? later?.at
    return plannedAt === undefined ? [] : [{ ...stay, plannedAt }]
  })
