/**
 * The household, simulated once and written down: no policy changes what the car and Octopus do, so each one is played
 * against the same recording.
 */
import { type Instant, SECOND } from '../src/clock.ts'
import type { DispatchRow } from '../src/intelligent/types.ts'
import { Faults } from '../src/simulator/faults.ts'
import { Household } from '../src/simulator/household.ts'
import { seededRandom } from '../src/simulator/random.ts'
import { type Stage, scenarioNamed } from '../src/simulator/scenarios.ts'
import { Timers } from '../src/simulator/timers.ts'
import { addDays, type Interval, type LondonDate, startOfDay, toIso } from '../src/time/london.ts'
import { benchClock } from './clock.ts'
import { indexAt } from './steps.ts'

/** What Octopus would answer, and what the charger does, from `at` until the next moment. */
export interface Moment {
  readonly at: Instant
  readonly plugged: boolean
  readonly state: string
  readonly rows: readonly DispatchRow[]
  readonly watts: number
}

/** What the charger says over MQTT. */
export interface Message {
  readonly at: Instant
  readonly topic: 'ev/plugged' | 'ev/charging' | 'ev/power' | 'ev/schedule'
  readonly payload: string
}

export interface Recording {
  readonly seed: string
  readonly begin: Instant
  readonly end: Instant
  readonly days: number
  /** In time order, one for each instant; the first at `begin`. */
  readonly moments: readonly Moment[]
  readonly messages: readonly Message[]
  /** From each plug-in to the unplugging. */
  readonly stays: readonly Interval[]
  /** When all readings of a day can be had. */
  readonly readingsCompleteAt: (date: LondonDate) => Instant
}

// assumption: a charger knows its new schedule, and says so, ten seconds after Octopus's plan has changed.
const SCHEDULE_LAG = 10 * SECOND

export const momentAt = ({ moments }: Pick<Recording, 'moments'>, at: Instant): Moment => {
  const moment = moments[indexAt(moments, at)]
  if (moment === undefined) throw new RangeError('A recording has a moment')
  return moment
}

/** The scenario `day` from the morning of `date` on, for so many days; the charger says its schedule so late. */
export function record(seed: string, date: LondonDate, days: number, scheduleLag = SCHEDULE_LAG): Recording {
  const scenario = scenarioNamed('day')
  if (scenario === undefined) throw new RangeError('The scenario "day" is gone')
  const begin = scenario.startInstant(startOfDay(date))
  const end = scenario.startInstant(startOfDay(addDays(date, days)))
  const clock = benchClock(begin)
  const random = seededRandom(seed)
  const household = new Household({ clock, seed, ...scenario.household })
  const timers = new Timers(clock)
  let arranged = 0
  const at: Stage['at'] = (instant, task) => {
    arranged += 1
    timers.at(`scene ${arranged}`, instant, task)
  }
  const writer = new Writer(household, scheduleLag)
  writer.note(begin, false)
  household.on(({ at: when, type }) => writer.note(when, type === 'plan'))
  scenario.play({
    clock,
    startedAt: begin,
    household,
    faults: new Faults(clock, random.fork('faults')),
    random: random.fork('scenario'),
    at,
    plug: (instant, plugged, name) =>
      at(instant, () => (plugged ? household.car(name)?.plug() : household.car(name)?.unplug())),
  })
  clock.runTo(end)
  timers.stop()
  household.stop()
  const { moments } = writer
  const messages = writer.messages.filter(message => message.at < end).sort((a, b) => a.at - b.at)
  const readingsCompleteAt = (day: LondonDate) => household.meter.completeAt(day)
  return { seed, begin, end, days, moments, messages, stays: staysIn(messages, end), readingsCompleteAt }
}

class Writer {
  readonly moments: Moment[] = []
  readonly messages: Message[] = []
  readonly #car: Household['cars'][0]
  readonly #scheduleLag: number
  readonly #said = new Map<string, string>()

  constructor(household: Household, scheduleLag: number) {
    this.#car = household.cars[0]
    this.#scheduleLag = scheduleLag
  }

  note(at: Instant, isNewPlan: boolean): void {
    const car = this.#car
    const rows = car.listed()
    if (this.moments.at(-1)?.at === at) this.moments.pop()
    this.moments.push({ at, plugged: car.plugged, state: car.state, rows, watts: car.charger.watts })
    this.#say(at, 'ev/plugged', String(car.plugged))
    this.#say(at, 'ev/charging', String(car.charger.watts > 0))
    this.#say(at, 'ev/power', String(car.charger.watts))
    const [first] = rows
    // The beginning of its first session, as a charger says it when Octopus gives it a new schedule.
    if (car.plugged && isNewPlan && first !== undefined) {
      this.#say(at + this.#scheduleLag, 'ev/schedule', toIso(first.start))
    }
  }

  #say(at: Instant, topic: Message['topic'], payload: string): void {
    if (this.#said.get(topic) === payload) return
    this.#said.set(topic, payload)
    this.messages.push({ at, topic, payload })
  }
}

function staysIn(messages: readonly Message[], end: Instant): Interval[] {
  const turns = messages.filter(({ topic }) => topic === 'ev/plugged')
  return turns.flatMap(({ at, payload }, index) =>
    payload === 'true' ? [{ start: at, end: turns[index + 1]?.at ?? end }] : [],
  )
}
