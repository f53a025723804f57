/** Households for these tests: a car whose cable, plan and lags a test has in its hand. Instants are UTC milliseconds. */
import { HOUR, type Instant, MINUTE, SECOND } from '../../src/clock.ts'
import type { DispatchRow } from '../../src/intelligent/types.ts'
import { type Behaviour, FIXED } from '../../src/simulator/behaviour.ts'
import { aCar, aSecondCar } from '../../src/simulator/cars.ts'
import { smartRow } from '../../src/simulator/plan.ts'
import type { Scenario } from '../../src/simulator/scenarios.ts'

/** A Monday in winter, when London's clocks show UTC, far from the night and two minutes after a mark. */
export const MONDAY = Date.parse('2026-11-23T12:02:00Z')

export const CHARGER_KW = 7.2

/** Rows at so many minutes after the plan was asked for. */
export const rowsAfter =
  (...minutes: readonly (readonly [number, number])[]) =>
  (at: Instant): DispatchRow[] =>
    minutes.map(([from, to]) => smartRow(at + from * MINUTE, at + to * MINUTE, CHARGER_KW))

/** Two rows that are hours away, so that nothing happens at any mark of the next hours. */
const LATER = rowsAfter([8 * 60, 9 * 60], [10 * 60, 11 * 60])

const behaviour = (plan: (at: Instant) => DispatchRow[], change: Partial<Behaviour>): Behaviour => ({
  ...FIXED,
  plugNoticed: () => 0,
  planMade: () => 0,
  plan: ({ at }) => plan(at),
  drawBegins: () => 20 * SECOND,
  flagClears: () => 20 * SECOND,
  unplugNoticed: () => 30 * SECOND,
  ...change,
})

/** Plugged in from the start, with a plan at once. */
export const pluggedIn = (plan: (at: Instant) => DispatchRow[] = LATER, change: Partial<Behaviour> = {}): Scenario => ({
  name: 'plugged in',
  description: 'plugged in from the start, with a plan at once',
  startInstant: today => today,
  household: { cars: [{ spec: aCar(), behaviour: () => behaviour(plan, change) }] },
  // Now, and not a tick later: the topics tell of it before the bridge listens.
  play: stage => stage.household.car()?.plug(),
})

/** Two cars, the first plugged in from the start, the other not at all. */
export const twoCars: Scenario = {
  name: 'two cars',
  description: 'one car plugged in, the other away',
  startInstant: today => today,
  household: {
    cars: [
      { spec: aCar(), behaviour: () => behaviour(LATER, {}) },
      { spec: aSecondCar(), behaviour: () => behaviour(rowsAfter([HOUR / MINUTE, 2 * (HOUR / MINUTE)]), {}) },
    ],
  },
  play: stage => stage.household.car('car')?.plug(),
}
