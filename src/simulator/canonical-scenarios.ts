/** The canonical days as scenarios, each alone and from the beginning. */
import type { Instant } from '../clock.ts'
import { atLocalTime, londonDate } from '../time/london.ts'
import { eveOfClockChange } from './calendar.ts'
import * as days from './canonical-days.ts'
import { aCar, aSecondCar } from './cars.ts'
import { type Day, playDay } from './day.ts'
import type { Scenario } from './scenarios.ts'

const alone = (day: Day, startInstant?: (today: Instant) => Instant): Scenario => ({
  name: day.name,
  description: day.description,
  startInstant: startInstant ?? (today => atLocalTime(londonDate(today), day.starts)),
  household: { cars: [{ spec: aCar(), behaviour: () => day.behaviour }] },
  play: stage => playDay(day, stage, stage.household.cars[0], stage.startedAt),
})

const twoCars: Scenario = {
  name: 'day-j',
  description: 'two cars: one plugs in at 19:00, the other at 23:50',
  startInstant: today => atLocalTime(londonDate(today), days.DAY_J[0].starts),
  household: {
    cars: [
      { spec: aCar(), behaviour: () => days.DAY_J[0].behaviour },
      { spec: aSecondCar(), behaviour: () => days.DAY_J[1].behaviour },
    ],
  },
  play: stage => {
    stage.household.cars.forEach((car, index) => {
      playDay(days.DAY_J[index] ?? days.DAY_J[0], stage, car, stage.startedAt)
    })
  },
}

export const CANONICAL_SCENARIOS: readonly Scenario[] = [
  alone(days.DAY_A),
  alone(days.DAY_B),
  alone(days.DAY_C),
  alone(days.DAY_D),
  alone(days.DAY_E),
  alone(days.DAY_F),
  alone(days.DAY_G),
  alone(days.DAY_H),
  alone(days.DAY_I),
  twoCars,
  alone(days.DAY_K, today => atLocalTime(eveOfClockChange(today), days.DAY_K.starts)),
  alone(days.DAY_N),
]
