/** `npm run bench -- schedule`: looks for the best values of `intelligent.refresh` on some households and judges them on others. */

import { MINUTE, SECOND } from '../src/clock.ts'
import { type Reality, realityOf } from './measure.ts'
import { configFor, TOPICS } from './ours.ts'
import { type PictureData, percentiles } from './picture.ts'
import {
  type Figures,
  figures,
  measured,
  measuredPolicies,
  type PolicyName,
  policiesWith,
  recordings,
} from './policy.ts'
import { REFERENCE_AUTOMATIC } from './requests.ts'
import { type Choice, descend, frontier, type Point, type Space } from './search.ts'

export interface ScheduleOptions {
  /** The households that are judged on, the same as those of the bench `policy` with this seed. */
  readonly seed: number
  readonly days: number
  /** How often each search goes round all keys, and how long each household that it learns from lives. */
  readonly rounds: number
  readonly learnDays: number
}

/** Other seeds than anybody judges by. */
const LEARN_SEEDS = [1001, 1002, 1003, 1004]

/** What is tried; everything else stays at its default, since hardly a minute or a request depends on it. */
const SPACE: Space = {
  boundary_after: ['[10s]', '[20s]', '[50s]', '[20s, 80s]', '[20s, 80s, 140s]'],
  boundary_before: ['20s', '40s', '90s'],
  settling_first: ['15s', '30s'],
  steady: ['3m', '4m', '5m', '8m'],
  steady_with_signal: ['4m', '5m', '6m', '8m', '12m'],
  steady_with_schedule: ['4m', '6m', '10m', '15m', '25m'],
  steady_after_mark_with_signal: ['6m', '10m', '15m'],
  idle_no_source_active: ['5m', '6m', '10m'],
}

/** Keys that make no difference to a policy, because of what it hears. */
const DEAF_TO: Readonly<Partial<Record<PolicyName, readonly string[]>>> = {
  ours: ['steady', 'idle_no_source_active'],
  oursWithoutSchedule: ['steady', 'steady_with_schedule', 'idle_no_source_active'],
  oursNoPlugTopic: ['steady_with_schedule', 'steady_with_signal', 'steady_after_mark_with_signal', 'boundary_before'],
}
const SEARCHED = ['ours', 'oursWithoutSchedule', 'oursNoPlugTopic'] as const
type Searched = (typeof SEARCHED)[number]

/** What one request a day may cost, in wrong minutes a day: each price finds another place on the frontier. */
const PRICES = [0, 0.005, 0.05]

export interface Tried extends Point {
  readonly refresh: string
}

const yaml = (choice: Choice): string =>
  `{${Object.entries(choice)
    .map(([key, value]) => `${key}: ${value}`)
    .join(', ')}}`

/** As a person would write it, and as it stands in the space. */
function written(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`
  const duration = Number(value)
  return duration % MINUTE === 0 && duration > 2 * MINUTE ? `${duration / MINUTE}m` : `${duration / SECOND}s`
}

/** The defaults, as far as they are looked at. */
export function defaultsIn(space: Space): Choice {
  const values = new Map<string, unknown>(Object.entries(configFor(TOPICS.charger).intelligent.refresh))
  const camel = (key: string) => key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
  return Object.fromEntries(Object.keys(space).map(key => [key, written(values.get(camel(key)))]))
}

/** Plays a policy with a choice of values, once for each that makes a difference to it. */
class Trials {
  readonly #realities: readonly Reality[]
  readonly #known = new Map<string, Figures>()

  constructor(realities: readonly Reality[]) {
    this.#realities = realities
  }

  figures(name: Searched, choice: Choice): Figures {
    const deaf = DEAF_TO[name] ?? []
    const heard = yaml(Object.fromEntries(Object.entries(choice).filter(([key]) => !deaf.includes(key))))
    const key = `${name} ${heard}`
    const known = this.#known.get(key) ?? figures(measured(policiesWith(heard)[name], this.#realities))
    this.#known.set(key, known)
    return known
  }

  /** Every choice that was tried with it. */
  of(name: Searched): Tried[] {
    return [...this.#known].flatMap(([key, { requestsPerDay, wrongMinutesPerDay }]) =>
      key.startsWith(`${name} `) ? [{ refresh: key.slice(name.length + 1), requestsPerDay, wrongMinutesPerDay }] : [],
    )
  }
}

export function runSchedule({ seed, days, rounds, learnDays }: ScheduleOptions, space: Space = SPACE) {
  const learn = new Trials(LEARN_SEEDS.flatMap(each => recordings({ seed: each, days: learnDays }).map(realityOf)))
  const judge = new Trials(recordings({ seed, days }).map(realityOf))
  const start = defaultsIn(space)
  const found = PRICES.map(price => {
    const cost = (name: Searched, choice: Choice) => {
      const { wrongMinutesPerDay, requestsPerDay } = learn.figures(name, choice)
      return wrongMinutesPerDay + price * requestsPerDay
    }
    const all = (choice: Choice) => SEARCHED.reduce((sum, name) => sum + cost(name, choice), 0)
    return { price, choice: descend(space, start, all, rounds) }
  })
  const judged = (name: Searched, refresh: Choice) => {
    const { requestsPerDay, wrongMinutesPerDay, lateEdgeLagP95Seconds, worstHour } = judge.figures(name, refresh)
    return { requestsPerDay, wrongMinutesPerDay, lateEdgeLagP95Seconds, worstHour }
  }
  const allOf = (choice: Choice) =>
    Object.fromEntries(SEARCHED.map(name => [name, judged(name, choice)])) as Record<
      Searched,
      ReturnType<typeof judged>
    >
  const frontiers = SEARCHED.map(name => {
    for (const { refresh } of learn.of(name)) judge.figures(name, choiceOf(refresh))
    return [name, frontier(judge.of(name))] as const
  })
  return {
    seed,
    days,
    learnSeeds: LEARN_SEEDS,
    learnDays,
    below: Number((REFERENCE_AUTOMATIC / 6).toFixed(1)),
    tried: Object.fromEntries(SEARCHED.map(name => [name, judge.of(name)])) as Record<Searched, Tried[]>,
    defaults: { refresh: yaml(start), ...allOf(start) },
    found: found.map(({ price, choice }) => ({ price, refresh: yaml(choice), ...allOf(choice) })),
    frontiers: Object.fromEntries(frontiers) as Record<Searched, Tried[]>,
  }
}

export type ScheduleReport = ReturnType<typeof runSchedule>

/** What the picture shows: the best of what was tried, and where each policy stands on the same household days. */
export function pictureData(report: ScheduleReport): PictureData {
  const { seed, days, below, tried, frontiers } = report
  const all = Object.entries(measuredPolicies({ seed, days }))
  const policies = all.map(([name, each]) => {
    const { requestsPerDay, wrongMinutesPerDay } = figures(each)
    return [name, { requestsPerDay, wrongMinutesPerDay }] as const
  })
  const bare = (of: Readonly<Record<string, readonly Point[]>>) =>
    Object.fromEntries(
      Object.entries(of).map(([name, points]) => [
        name,
        points.map(({ requestsPerDay, wrongMinutesPerDay }) => ({ requestsPerDay, wrongMinutesPerDay })),
      ]),
    )
  const lags = all
    .filter(([name]) => LAGS_SHOWN.includes(name))
    .map(([name, each]) => [name, percentiles(each)] as const)
  return {
    seed,
    days,
    below,
    policies: Object.fromEntries(policies),
    tried: bare(tried),
    frontiers: bare(frontiers),
    lateEdges: Object.fromEntries(lags),
  }
}

const LAGS_SHOWN = ['ours', 'oursWithoutSchedule', 'everyThreeMinutes', 'blueprint', 'seedAuthor']

/** Reads `{a: 1s, b: [2s, 3s]}` back. */
const choiceOf = (text: string): Choice =>
  Object.fromEntries([...text.matchAll(/(\w+): (\[[^\]]*\]|[^,}]+)/g)].map(([, key, value]) => [key, value]))
