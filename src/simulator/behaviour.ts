/**
 * How long everything takes and what the plan is. `SEEDED` draws from the distributions that were measured and proposed
 * for real households; a canonical day gives fixed values.
 */
import { HALF_HOUR, HOUR, type Instant, MINUTE, SECOND } from '../clock.ts'
import type { DispatchRow } from '../intelligent/types.ts'
import { halfHourCeil, isNight } from '../time/london.ts'
import { afterFates, nextFate } from './fates.ts'
import { nextTime, OFF_PEAK, type PlanRequest, revisedPlan, seededPlan } from './plan.ts'
import type { Random } from './random.ts'

/** All waits in milliseconds. */
export interface Behaviour {
  /** Plugged in → SMART_CONTROL_CAPABLE. */
  plugNoticed(): number
  /** SMART_CONTROL_CAPABLE → a plan; null where none comes by itself. */
  planMade(): number | null
  plan(request: PlanRequest): readonly DispatchRow[]
  /** When Octopus changes its mind next; null for never. */
  nextRevision(at: Instant, rows: readonly DispatchRow[]): Instant | null
  revise(rows: readonly DispatchRow[], request: PlanRequest): readonly DispatchRow[]
  /** A row begins → the charger draws. */
  drawBegins(): number
  /** A row ends → the charger's flag clears; until then it trickles at 0.7 A. */
  flagClears(): number
  /** Last row ended → SMART_CONTROL_CAPABLE. */
  planRanOut(): number
  /** Unplugged → SMART_CONTROL_NOT_AVAILABLE; null where the state sticks. */
  unplugNoticed(): number | null
  /** SMART_CONTROL_NOT_AVAILABLE, at that instant → the planned list is emptied. */
  planLingers(at: Instant): number
  /** End of a half hour → its row in the completed list. */
  completedWritten(): number
  /** A command of the customer → its effect. */
  commandTaken(): number
}

/** The measured medians, with no chance in them: what the canonical days start from. */
export const FIXED: Omit<Behaviour, 'plan'> = {
  plugNoticed: () => 75 * SECOND,
  planMade: () => 60 * SECOND,
  nextRevision: () => null,
  revise: rows => rows,
  drawBegins: () => 97 * SECOND,
  flagClears: () => 90 * SECOND,
  planRanOut: () => 90 * SECOND,
  unplugNoticed: () => 2 * MINUTE,
  planLingers: () => 0,
  completedWritten: () => 10 * MINUTE,
  commandTaken: () => 20 * SECOND,
}

/** Next of a Poisson stream (three an hour by day and evening, one by night) and of three in ten half-hour marks. */
function seededRevision(at: Instant, random: Random): Instant {
  const mean = isNight(at, OFF_PEAK) ? HOUR : 20 * MINUTE
  const byItself = at + Math.max(10 * SECOND, random.exponential(mean))
  for (let mark = halfHourCeil(at + 2 * MINUTE); mark - 2 * MINUTE < byItself; mark += HALF_HOUR) {
    if (!random.chance(0.3)) continue
    const atMark = mark + random.between(-2 * MINUTE, MINUTE)
    return Math.round(Math.min(byItself, Math.max(atMark, at + SECOND)))
  }
  return Math.round(byItself)
}

/** `integration`: a charger tells Octopus of the plug in a minute, a car's cloud in several. */
export function seededBehaviour(random: Random, integration: 'charger' | 'car'): Behaviour {
  const notice = random.fork('notice')
  const plan = random.fork('plan')
  const revisions = random.fork('revisions')
  const draw = random.fork('draw')
  const leave = random.fork('leave')
  const completed = random.fork('completed')
  const key = String(random.next())
  return {
    plugNoticed: () => {
      const wait =
        integration === 'charger'
          ? notice.lognormal(75 * SECOND, 4 * MINUTE)
          : notice.lognormal(6 * MINUTE, 14 * MINUTE)
      return Math.min(15 * MINUTE, Math.max(5 * SECOND, wait))
    },
    planMade: () =>
      plan.chance(0.08) ? 30 * MINUTE + plan.between(0, 10 * MINUTE) : plan.lognormal(MINUTE, 4 * MINUTE),
    plan: request => seededPlan(request, plan),
    nextRevision: (at, rows) =>
      Math.min(seededRevision(at, revisions), nextFate(rows, key, at) ?? Number.POSITIVE_INFINITY),
    revise: (rows, request) => {
      const fated = afterFates(rows, key, request.at, request.chargerKw)
      return fated === rows ? revisedPlan(rows, request, revisions) : fated
    },
    drawBegins: () => draw.between(60 * SECOND, 130 * SECOND),
    flagClears: () => draw.between(60 * SECOND, 120 * SECOND),
    planRanOut: () => draw.between(60 * SECOND, 4 * MINUTE),
    unplugNoticed: () => (leave.chance(0.03) ? null : leave.lognormal(2 * MINUTE, 10 * MINUTE)),
    planLingers: at => (leave.chance(0.1) ? leave.between(10 * MINUTE, Math.max(HOUR, nextTime(at, '12:00') - at)) : 0),
    completedWritten: () => completed.between(3 * MINUTE, 30 * MINUTE),
    commandTaken: () => draw.between(10 * SECOND, 40 * SECOND),
  }
}
