/** What happens in the household: named days, each with the moment at which it likes to begin. */
import { type Clock, type Instant, MINUTE, SECOND } from '../clock.ts'
import { addDays, atLocalTime, londonDate, type TimeOfDay } from '../time/london.ts'
import type { LivingAccount, Product } from './account.ts'
import { type Behaviour, FIXED } from './behaviour.ts'
import { CANONICAL_SCENARIOS } from './canonical-scenarios.ts'
import { aCar } from './cars.ts'
import type { Faults } from './faults.ts'
import type { Household, HouseholdOptions } from './household.ts'
import { rowsAtTimes, smartRow } from './plan.ts'
import type { Random } from './random.ts'
import { RANDOM_DAYS } from './random-days.ts'
import type { SupplyOptions } from './supplies.ts'
import { TARIFF_SCENARIOS } from './tariff-scenarios.ts'
import { YEARS } from './years.ts'

/** What a scenario plays on. Everything it arranges ends with the simulator. */
export interface Stage {
  readonly clock: Clock
  readonly startedAt: Instant
  readonly household: Household
  /** None where the household is played without an Octopus in front of it. */
  readonly account?: LivingAccount
  readonly faults: Faults
  readonly random: Random
  at(at: Instant, task: () => void): void
  /** Plugs a car in or pulls the plug then, unless somebody else has the plug in hand. */
  plug(at: Instant, plugged: boolean, car?: string): void
}

export interface Scenario {
  readonly name: string
  readonly description: string
  /** When it likes to begin, on the day that contains `today`. */
  startInstant(today: Instant): Instant
  readonly household: Pick<HouseholdOptions, 'cars' | 'meter' | 'spillOver'>
  /** Tariffs and meters, where it minds. */
  readonly supply?: SupplyOptions
  /** What the account pays by at first, where the scenario minds and names no tariff. */
  product?(random: Random): Product
  play(stage: Stage): void
}

/** At a local time of today's date. */
export const startsAt =
  (time: TimeOfDay) =>
  (today: Instant): Instant =>
    atLocalTime(londonDate(today), time)

/** A first window outside the night, from about eleven to thirty-one minutes after the plan, then two by night. */
const DEMO: Behaviour = {
  ...FIXED,
  planMade: () => 75 * SECOND,
  plan: ({ at, chargerKw }) => {
    const first = Math.floor(at / MINUTE) * MINUTE + 11 * MINUTE
    const night = [
      ['23:30', '01:30'],
      ['03:00', '05:07'],
    ] as const
    return [smartRow(first, first + 20 * MINUTE, chargerKw), ...rowsAtTimes(at, night, chargerKw)]
  },
}

const demo: Scenario = {
  name: 'demo',
  description: 'plug in, a plan with a window by day, a change while it runs, unplug: all within an hour',
  startInstant: startsAt('17:50'),
  household: { cars: [{ spec: aCar(), behaviour: () => DEMO }] },
  supply: { export: 'outgoing', gas: 'gas_flexible', historyDays: 35 },
  play: stage => {
    const { startedAt, household } = stage
    const yesterday = addDays(londonDate(startedAt), -1)
    for (const meter of Object.values(household.meters))
      meter.completeDayAt(yesterday, Math.min(meter.completeAt(yesterday), startedAt + 5 * MINUTE))
    stage.plug(startedAt + 2 * MINUTE, true)
    // A quarter of an hour before the end, so that whoever asks every ten minutes learns of it in time.
    stage.at(startedAt + 20 * MINUTE, () => {
      const car = household.car()
      const [running, ...others] = car?.listed() ?? []
      if (car === undefined || running === undefined || running.start > stage.clock.now()) return
      car.replacePlan([smartRow(running.start, running.end + 3 * MINUTE, car.spec.chargerKw), ...others])
    })
    stage.plug(startedAt + 44 * MINUTE, false)
  },
}

/** From the plug-in: capable after 5 s, a plan after 15 s, one row from two to five minutes. */
const NOW: Behaviour = {
  ...FIXED,
  plugNoticed: () => 5 * SECOND,
  planMade: () => 10 * SECOND,
  plan: ({ at, chargerKw }) => [smartRow(at + 105 * SECOND, at + 285 * SECOND, chargerKw)],
  drawBegins: () => 20 * SECOND,
  flagClears: () => 20 * SECOND,
  planRanOut: () => 20 * SECOND,
  unplugNoticed: () => 20 * SECOND,
}

const now: Scenario = {
  name: 'now',
  description: 'on plug-in a window from two to five minutes ahead, for trying a client by hand',
  startInstant: today => today,
  household: { cars: [{ spec: aCar(), behaviour: () => NOW }] },
  play: stage => stage.plug(stage.startedAt, true),
}

export const SCENARIOS: readonly Scenario[] = [
  demo,
  now,
  ...CANONICAL_SCENARIOS,
  ...RANDOM_DAYS,
  YEARS,
  ...TARIFF_SCENARIOS,
]

export const scenarioNamed = (name: string): Scenario | undefined => SCENARIOS.find(each => each.name === name)
