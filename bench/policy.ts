/** The same simulated household days for every policy; only the decision when to ask differs. */
import { HOUR } from '../src/clock.ts'
import { addDays } from '../src/time/london.ts'
import { type Measured, measure, minutesPerDay, type Reality, realityOf, round, spread, together } from './measure.ts'
import { blueprint, everyThreeMinutes, seedAuthor, shownBy } from './others.ts'
import { configFor, Ours, type Shown, TOPICS } from './ours.ts'
import { type Recording, record } from './recording.ts'
import { ourOtherRequests, REFERENCE_AUTOMATIC, REFERENCE_MANUAL, REFERENCE_OTHER } from './requests.ts'
import { World } from './world.ts'

export interface PolicyOptions {
  readonly seed: number
  readonly days: number
  /** For our own policies: the content of `intelligent.refresh`, in YAML's short form; the defaults without it. */
  readonly refresh?: string
  /** How long after Octopus changed a plan the charger says so, milliseconds. */
  readonly scheduleLag?: number
}

/** Each household lives so many days, and then another one goes on. */
const DAYS_OF_A_HOUSEHOLD = 10
/** The first day. London's clocks go back within the sixty days from here. */
const FIRST_DATE = '2026-10-01'

/** What a load costs that runs because of a false "cheap". */
const LOAD_KW = 7
const POUNDS_PER_KWH = 0.2

export interface Policy {
  /** Plays it; what it showed is the answer. */
  readonly play: (world: World) => Shown
  readonly otherRequests: (world: World) => number
}

const ours = (ev: string, refresh?: string): Policy => ({
  play: world => {
    const daemon = new Ours(world, configFor(ev, refresh))
    daemon.start()
    world.run()
    return daemon
  },
  otherRequests: world =>
    ourOtherRequests(world.recording, world.calls, world.random.fork('readings').between(0, HOUR)),
})

const theirs = (start: (world: World) => void): Policy => ({
  play: world => {
    start(world)
    world.run()
    return shownBy(world)
  },
  otherRequests: world => REFERENCE_OTHER * world.recording.days,
})

export const policiesWith = (refresh?: string) => ({
  ours: ours(TOPICS.charger, refresh),
  oursWithoutSchedule: ours(TOPICS.withoutSchedule, refresh),
  oursPlugAndCharging: ours(TOPICS.plugAndCharging, refresh),
  oursPlugAlone: ours(TOPICS.plugAlone, refresh),
  oursNoPlugTopic: ours(TOPICS.none, refresh),
  everyThreeMinutes: theirs(everyThreeMinutes),
  blueprint: theirs(blueprint),
  seedAuthor: theirs(seedAuthor),
})

export type PolicyName = keyof ReturnType<typeof policiesWith>

export function recordings({ seed, days, scheduleLag }: Omit<PolicyOptions, 'refresh'>): Recording[] {
  const list: Recording[] = []
  for (let from = 0; from < days; from += DAYS_OF_A_HOUSEHOLD) {
    const length = Math.min(DAYS_OF_A_HOUSEHOLD, days - from)
    list.push(record(`${seed}/${list.length}`, addDays(FIRST_DATE, from), length, scheduleLag))
  }
  return list
}

export const measured = (policy: Policy, realities: readonly Reality[]): Measured =>
  together(
    realities.map(reality => {
      const world = new World(reality.recording)
      const shown = policy.play(world)
      return measure(reality, world, shown, policy.otherRequests(world))
    }),
  )

const mapped = <A, B>(of: Record<PolicyName, A>, change: (value: A) => B): Record<PolicyName, B> =>
  Object.fromEntries(Object.entries(of).map(([name, value]) => [name, change(value)])) as Record<PolicyName, B>

export function measuredPolicies(options: PolicyOptions): Record<PolicyName, Measured> {
  const realities = recordings(options).map(realityOf)
  return mapped(policiesWith(options.refresh), policy => measured(policy, realities))
}

export function runPolicies(options: PolicyOptions) {
  const all = measuredPolicies(options)
  const policies = mapped(all, figures)
  return {
    seed: options.seed,
    days: options.days,
    refresh: options.refresh ?? null,
    households: Math.ceil(options.days / DAYS_OF_A_HOUSEHOLD),
    reference: { automatic: REFERENCE_AUTOMATIC, manual: REFERENCE_MANUAL, otherThanDispatch: REFERENCE_OTHER },
    goals: { ours: goals(policies, 'ours'), oursWithoutSchedule: goals(policies, 'oursWithoutSchedule') },
    policies,
  }
}

export type PolicyReport = ReturnType<typeof runPolicies>
export type Figures = ReturnType<typeof figures>

export function figures(sum: Measured) {
  const { days } = sum
  const known = spread(sum.knownLags)
  const late = spread(sum.lateLags)
  const plan = spread(sum.plugToPlan)
  const falselyCheap = minutesPerDay(sum.falselyCheap, days)
  return {
    dispatchRequestsPerDay: round(sum.dispatchRequests / days),
    requestsPerDay: round((sum.dispatchRequests + sum.otherRequests) / days),
    worstHour: sum.worstHour,
    wrongMinutesPerDay: minutesPerDay(sum.wrong, days),
    unknownMinutesPerDay: minutesPerDay(sum.unknown, days),
    knownEdgeLagP95Seconds: known.p95Seconds,
    lateEdgeLagP95Seconds: late.p95Seconds,
    plugToPlanP95Seconds: plan.p95Seconds,
    knownEdges: known,
    lateEdges: late,
    missedEdges: sum.missedEdges,
    plugToPlan: plan,
    planSeenAfterOctopus: spread(sum.planSeenAfter),
    falselyCheapMinutesPerDay: falselyCheap,
    falselyCheapPoundsPerYear: round((sum.falselyCheap / HOUR / days) * 365 * LOAD_KW * POUNDS_PER_KWH, 2),
    falselyCheapPoundsPerDay: round((sum.falselyCheap / HOUR / days) * LOAD_KW * POUNDS_PER_KWH, 3),
    cheapUnseenMinutesPerDay: minutesPerDay(sum.cheapUnseen, days),
  }
}

const goal = (value: number, below: number) => ({ reached: value < below, value, below: round(below) })

const goals = (policies: Record<PolicyName, Figures>, name: PolicyName) => ({
  requestsBelowASixthOfTheReference: goal(policies[name].requestsPerDay, REFERENCE_AUTOMATIC / 6),
  lateEdgeLagP95BelowHalfOfEveryThreeMinutes: goal(
    policies[name].lateEdgeLagP95Seconds,
    policies.everyThreeMinutes.lateEdgeLagP95Seconds / 2,
  ),
})
