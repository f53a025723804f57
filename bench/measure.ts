/** What a policy was worth on one recording, and how several recordings add up. Pure. Instants and durations are milliseconds. */
import { HOUR, type Instant, MINUTE, SECOND } from '../src/clock.ts'
import type { Shown } from './ours.ts'
import type { Recording } from './recording.ts'
import { complement, indexAt, intersection, length, type Step, stretches } from './steps.ts'
import { billedCheap, type Edge, edgesOf, isPlanned, nightsOf, plugInsOf, truthOf } from './truth.ts'
import type { World } from './world.ts'

export interface Spread {
  readonly count: number
  readonly meanSeconds: number
  readonly p95Seconds: number
  readonly maxSeconds: number
}

/** Sums over all households, and every single lag. */
export interface Measured {
  readonly days: number
  readonly dispatchRequests: number
  readonly otherRequests: number
  readonly worstHour: number
  readonly wrong: number
  readonly unknown: number
  readonly falselyCheap: number
  readonly cheapUnseen: number
  readonly knownLags: readonly number[]
  readonly lateLags: readonly number[]
  /** Edges that turned back before the policy had followed. */
  readonly missedEdges: number
  readonly plugToPlan: readonly number[]
  /** The part of it after Octopus had the plan. */
  readonly planSeenAfter: readonly number[]
}

/** How the recording really was; the same for every policy. */
export interface Reality {
  readonly recording: Recording
  readonly truth: readonly Step<boolean>[]
  readonly edges: readonly Edge[]
  readonly plugIns: ReturnType<typeof plugInsOf>
  readonly byDayBilled: ReturnType<typeof billedCheap>
  readonly byDayNotBilled: ReturnType<typeof billedCheap>
}

export function realityOf(recording: Recording): Reality {
  const whole = { start: recording.begin, end: recording.end }
  const truth = truthOf(recording)
  const day = complement(nightsOf(recording), whole)
  const billed = billedCheap(recording)
  return {
    recording,
    truth,
    edges: edgesOf(recording, truth),
    plugIns: plugInsOf(recording),
    byDayBilled: intersection(day, billed),
    byDayNotBilled: intersection(day, complement(billed, whole)),
  }
}

/** From the edge until it is shown; until the next edge where it never is. */
function lagOf({ at, value, until }: Edge, shown: Shown['active']): number {
  for (let index = indexAt(shown, at); index < shown.length; index += 1) {
    const step = shown[index]
    if (step === undefined || step.at >= until) break
    if (step.value === value) return Math.max(0, step.at - at)
  }
  return until - at
}

export function worstHourOf(calls: readonly Instant[]): number {
  let from = 0
  let worst = 0
  calls.forEach((at, index) => {
    while ((calls[from] ?? at) <= at - HOUR) from += 1
    worst = Math.max(worst, index - from + 1)
  })
  return worst
}

/** The first answer, asked for after the plug went in, that brought a plan. */
function planSeenAt({ replies }: World, plugIn: { start: Instant; end: Instant }): Instant {
  const first = replies.find(reply => reply.askedAt >= plugIn.start && isPlanned(reply, reply.at))
  return Math.min(first?.at ?? plugIn.end, plugIn.end)
}

export function measure(reality: Reality, world: World, shown: Shown, otherRequests: number): Measured {
  const { recording, truth, edges, plugIns, byDayBilled, byDayNotBilled } = reality
  const { end, days } = recording
  const wrong = [true, false].map(value => {
    const real = stretches(truth, end, is => is === value)
    return length(
      intersection(
        real,
        stretches(shown.active, end, is => is !== value),
      ),
    )
  })
  const lags = edges.map(edge => ({ edge, lag: lagOf(edge, shown.active) }))
  const seen = plugIns.map(plugIn => ({ plugIn, at: planSeenAt(world, plugIn) }))
  const saidCheap = stretches(shown.cheap, end, is => is === true)
  return {
    days,
    dispatchRequests: world.calls.length,
    otherRequests,
    worstHour: worstHourOf(world.calls),
    wrong: wrong.reduce((sum, part) => sum + part, 0),
    unknown: length(stretches(shown.active, end, is => is === null)),
    falselyCheap: length(intersection(byDayNotBilled, saidCheap)),
    cheapUnseen: length(byDayBilled) - length(intersection(byDayBilled, saidCheap)),
    knownLags: lags.filter(({ edge }) => edge.known).map(({ lag }) => lag),
    lateLags: lags.filter(({ edge }) => !edge.known).map(({ lag }) => lag),
    missedEdges: lags.filter(({ edge, lag }) => edge.at + lag >= edge.until && edge.until < end).length,
    plugToPlan: seen.map(({ plugIn, at }) => at - plugIn.start),
    planSeenAfter: seen.map(({ plugIn, at }) => Math.max(0, at - plugIn.plannedAt)),
  }
}

/** All households as one. */
export function together(parts: readonly Measured[]): Measured {
  const sum = (of: (part: Measured) => number) => parts.reduce((total, part) => total + of(part), 0)
  return {
    days: sum(part => part.days),
    dispatchRequests: sum(part => part.dispatchRequests),
    otherRequests: sum(part => part.otherRequests),
    worstHour: Math.max(...parts.map(part => part.worstHour)),
    wrong: sum(part => part.wrong),
    unknown: sum(part => part.unknown),
    falselyCheap: sum(part => part.falselyCheap),
    cheapUnseen: sum(part => part.cheapUnseen),
    knownLags: parts.flatMap(part => part.knownLags),
    lateLags: parts.flatMap(part => part.lateLags),
    missedEdges: sum(part => part.missedEdges),
    plugToPlan: parts.flatMap(part => part.plugToPlan),
    planSeenAfter: parts.flatMap(part => part.planSeenAfter),
  }
}

export const round = (value: number, digits = 1): number => Number(value.toFixed(digits))

/** Mean, 95th percentile (the nearest rank) and largest of a list of lags; zeros of an empty one. */
export function spread(lags: readonly number[]): Spread {
  const sorted = [...lags].sort((a, b) => a - b)
  const mean = sorted.length === 0 ? 0 : sorted.reduce((sum, lag) => sum + lag, 0) / sorted.length
  return {
    count: sorted.length,
    meanSeconds: round(mean / SECOND),
    p95Seconds: round((sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0) / SECOND),
    maxSeconds: round((sorted.at(-1) ?? 0) / SECOND),
  }
}

export const minutesPerDay = (duration: number, days: number): number => round(duration / MINUTE / days, 2)
