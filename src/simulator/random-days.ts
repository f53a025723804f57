/** A household that nobody wrote down: one day after another by the measured distributions, without end. */
import { HOUR, MINUTE, SECOND } from '../clock.ts'
import { addDays, atLocalTime, type LondonDate, londonDate } from '../time/london.ts'
import { seededBehaviour } from './behaviour.ts'
import { aCar } from './cars.ts'
import { drawnDay, USUAL } from './habits.ts'
import type { Scenario, Stage } from './scenarios.ts'

function live(stage: Stage, date: LondonDate): void {
  const car = stage.household.cars[0]
  const { plugIn, leave, used, stays } = drawnDay(stage.random, date, USUAL)
  if (!stays && plugIn > stage.clock.now()) {
    stage.at(plugIn, () => car.drive(car.plugged ? 0 : used))
    stage.plug(plugIn + SECOND, true)
    stage.plug(leave, false)
  }
  stage.at(atLocalTime(addDays(date, 1), '08:30') - HOUR * 5, () => live(stage, addDays(date, 1)))
}

/** What Octopus's own weather does to a client: rates per call, and a block of the network now and then. */
function weather(stage: Stage, date: LondonDate): void {
  const { random, faults } = stage
  const from = atLocalTime(date, '12:00') + random.between(0, 24 * HOUR)
  const blocked = random.chance(0.03)
  const until = from + random.between(5 * MINUTE, HOUR)
  if (blocked) faults.inject({ kind: 'cloudfront_403', from, until })
  stage.at(atLocalTime(addDays(date, 1), '11:59'), () => weather(stage, addDays(date, 1)))
}

const household = {
  cars: [{ spec: aCar(), behaviour: (random: Stage['random']) => seededBehaviour(random, 'charger') }],
  spillOver: 0.1,
  meter: { lateDays: 0.05, gaps: 0.0002 },
}

export const DAY_SCENARIO: Scenario = {
  name: 'day',
  description: 'a random household by the measured distributions, day after day; another --seed is another household',
  startInstant: today => atLocalTime(londonDate(today), '06:00'),
  household,
  play: stage => live(stage, londonDate(stage.startedAt)),
}

const roughDay: Scenario = {
  ...DAY_SCENARIO,
  name: 'rough-day',
  description: 'the same with bad weather at Octopus: timeouts, failed plans, blocks of an hour',
  play: stage => {
    live(stage, londonDate(stage.startedAt))
    weather(stage, londonDate(stage.startedAt))
    stage.faults.inject({ kind: 'timeout', probability: 0.01 })
    stage.faults.inject({ kind: 'KT-CT-4340', probability: 0.01 })
    stage.faults.inject({ kind: 'http_502', probability: 0.005 })
    stage.faults.inject({ kind: 'KT-CT-1199', probability: 0.003 })
  },
}

export const RANDOM_DAYS: readonly Scenario[] = [DAY_SCENARIO, roughDay]
