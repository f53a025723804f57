/** One car's day as a script: what Octopus plans and when the cable goes in and out. Times are London's. */
import type { Instant } from '../clock.ts'
import { addDays, atLocalTime, londonDate, type TimeOfDay } from '../time/london.ts'
import { type Behaviour, FIXED } from './behaviour.ts'
import type { Car } from './car.ts'
import { rowsAtTimes } from './plan.ts'
import type { Stage } from './scenarios.ts'

export type Window = readonly [TimeOfDay, TimeOfDay]

/** What a day's script may do beside plugging in and out. */
export interface Scene {
  readonly car: Car
  /** The instant of a local time of the day and night that begin with the script. */
  time(time: TimeOfDay): Instant
  at(at: Instant, task: () => void): void
  plug(at: Instant, plugged: boolean): void
}

export interface Day {
  readonly name: string
  readonly description: string
  readonly starts: TimeOfDay
  readonly behaviour: Behaviour
  /** Plug-in and unplug, the latter on the next day where it is earlier by the clock. */
  readonly plug: Window
  /** The battery is at most so full at the plug-in, %. */
  readonly arrivesWith?: number
  readonly happens?: (scene: Scene) => void
}

/** The measured lags with a plan at given times; `change` what the day is about. */
export const planned = (windows: readonly Window[], change: Partial<Behaviour> = {}): Behaviour => ({
  ...FIXED,
  plan: ({ at, chargerKw }) => rowsAtTimes(at, windows, chargerKw),
  ...change,
})

const timesFrom = (from: Instant) => (time: TimeOfDay) => {
  const date = londonDate(from)
  const today = atLocalTime(date, time)
  return today >= from ? today : atLocalTime(addDays(date, 1), time)
}

/** Arranges a day that begins at `from`. The car behaves by it already, or is told to by the caller. */
export function playDay(
  day: Day,
  stage: Pick<Stage, 'at' | 'plug'>,
  car: Car,
  from: Instant,
): { readonly ends: Instant } {
  const time = timesFrom(from)
  const [plugIn, unplug] = [time(day.plug[0]), time(day.plug[1])]
  const { arrivesWith } = day
  if (arrivesWith !== undefined) {
    stage.at(plugIn - 1, () => car.drive(Math.max(0, car.charger.percent - arrivesWith)))
  }
  const plug: Scene['plug'] = (at, plugged) => stage.plug(at, plugged, car.spec.key)
  plug(plugIn, true)
  plug(unplug, false)
  day.happens?.({ car, time, at: stage.at, plug })
  return { ends: unplug }
}
