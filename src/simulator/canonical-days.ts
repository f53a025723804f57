/** Days that show one thing each, with the measured lags and no chance in them. Times are London's. */
import { HOUR, type Instant, MINUTE, SECOND } from '../clock.ts'
import { addDays, atLocalTime, halfHourCeil, londonDate, type TimeOfDay } from '../time/london.ts'
import { type Behaviour, FIXED } from './behaviour.ts'
import { aCar, aSecondCar } from './cars.ts'
import { rowsAtTimes, smartRow } from './plan.ts'
import type { Scenario, Stage } from './scenarios.ts'

type Window = readonly [TimeOfDay, TimeOfDay]

/** The measured lags with a plan at given times; `change` what the day is about. */
const planned = (windows: readonly Window[], change: Partial<Behaviour> = {}): Behaviour => ({
  ...FIXED,
  plan: ({ at, chargerKw }) => rowsAtTimes(at, windows, chargerKw),
  ...change,
})

interface Day {
  readonly name: string
  readonly description: string
  readonly starts: TimeOfDay
  readonly behaviour: Behaviour
  /** Plug-in and unplug, the latter on the next day where it is earlier by the clock. */
  readonly plug: Window
  readonly happens?: (stage: Stage, time: (time: TimeOfDay) => Instant) => void
}

/** Local times of the day and night that begin with the scenario. */
const timesFrom = (startedAt: Instant) => (time: TimeOfDay) => {
  const today = atLocalTime(londonDate(startedAt), time)
  return today >= startedAt ? today : atLocalTime(addDays(londonDate(startedAt), 1), time)
}

const aDay = (day: Day): Scenario => ({
  name: day.name,
  description: day.description,
  startInstant: today => atLocalTime(londonDate(today), day.starts),
  household: { cars: [{ spec: aCar(), behaviour: () => day.behaviour }] },
  play: stage => {
    const time = timesFrom(stage.startedAt)
    stage.plug(time(day.plug[0]), true)
    stage.plug(time(day.plug[1]), false)
    day.happens?.(stage, time)
  },
})

const flaps = (stage: Stage, from: Instant): void => {
  for (let flap = 0; flap < 4; flap += 1) {
    const at = from + flap * 90 * SECOND
    stage.plug(at, false)
    stage.plug(at + 6 * SECOND, true)
  }
}

const twoCars: Scenario = {
  name: 'day-j',
  description: 'two cars: one plugs in at 19:00, the other at 23:50',
  startInstant: today => atLocalTime(londonDate(today), '18:30'),
  household: {
    cars: [
      { spec: aCar(), behaviour: () => planned([['23:30', '04:30']]) },
      { spec: aSecondCar(), behaviour: () => planned([['00:30', '03:12']]) },
    ],
  },
  play: stage => {
    const time = timesFrom(stage.startedAt)
    stage.plug(time('19:00'), true, 'car')
    stage.plug(time('23:50'), true, 'second')
    stage.plug(time('07:30'), false, 'car')
    stage.plug(time('07:45'), false, 'second')
  },
}

export const CANONICAL_DAYS: readonly Scenario[] = [
  aDay({
    name: 'overnight',
    description: 'day A: plug in at 18:10, charge 23:30-02:00 and 04:30-05:30, unplug at 07:40',
    starts: '18:00',
    behaviour: planned([
      ['23:30', '02:00'],
      ['04:30', '05:30'],
    ]),
    plug: ['18:10', '07:40'],
  }),
  aDay({
    name: 'day-b',
    description: 'a slot at once, to the end of the half hour, then the night',
    starts: '18:00',
    behaviour: planned([], {
      plan: ({ at, chargerKw }) => [
        smartRow(at, halfHourCeil(at), chargerKw),
        ...rowsAtTimes(
          at,
          [
            ['23:30', '01:00'],
            ['02:30', '05:00'],
          ],
          chargerKw,
        ),
      ],
    }),
    plug: ['18:09', '07:40'],
  }),
  aDay({
    name: 'day-c',
    description: 'plugged in by day from 09:00, one burst 12:00-13:05',
    starts: '08:45',
    behaviour: planned([['12:00', '13:05']]),
    plug: ['09:00', '17:00'],
  }),
  aDay({
    name: 'day-d',
    description: 'one row over the whole night and both its ends, 22:41-05:53',
    starts: '18:00',
    behaviour: planned([['22:41', '05:53']]),
    plug: ['18:10', '07:40'],
  }),
  aDay({
    name: 'day-e',
    description: 'a boost 17:30-19:00, then smart charging by night',
    starts: '17:00',
    behaviour: planned([['23:30', '04:00']], { commandTaken: () => 0 }),
    plug: ['17:20', '07:40'],
    happens: (stage, time) => {
      stage.at(time('17:30'), () => stage.household.car()?.boost())
      stage.at(time('19:00'), () => stage.household.car()?.cancelBoost())
    },
  }),
  aDay({
    name: 'day-f',
    description: 'unplugged in the middle of a dispatch; the plan stays listed until midday',
    starts: '18:00',
    behaviour: planned(
      [
        ['19:00', '21:00'],
        ['23:30', '05:00'],
      ],
      { planLingers: () => 16 * HOUR },
    ),
    plug: ['18:10', '19:47'],
  }),
  aDay({
    name: 'day-g',
    description: 'the plug flaps for 6 s, four times from 20:00',
    starts: '18:00',
    behaviour: planned([['23:30', '04:30']]),
    plug: ['18:10', '07:40'],
    happens: (stage, time) => flaps(stage, time('20:00')),
  }),
  aDay({
    name: 'day-h',
    description: 'the car is full: the whole plan is withdrawn at 01:35',
    starts: '18:00',
    behaviour: planned([
      ['00:30', '02:00'],
      ['02:30', '05:30'],
      ['06:30', '07:00'],
    ]),
    plug: ['18:10', '07:40'],
    happens: (stage, time) => {
      stage.at(time('01:35'), () => stage.household.car()?.replacePlan([]))
    },
  }),
  aDay({
    name: 'day-i',
    description: 'the API says "not here" and plans nothing from 21:00 to 23:00 while the car charges',
    starts: '18:00',
    behaviour: planned([
      ['21:15', '22:45'],
      ['23:30', '03:00'],
    ]),
    plug: ['18:10', '07:40'],
    happens: (stage, time) => {
      stage.at(time('21:00') + MINUTE, () => stage.household.car()?.conceal(true))
      stage.at(time('23:00'), () => stage.household.car()?.conceal(false))
    },
  }),
  twoCars,
]
