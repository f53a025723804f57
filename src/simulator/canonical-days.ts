/** Days that show one thing each, with the measured lags and no chance in them. Times are London's. */
import { HOUR, type Instant, MINUTE, SECOND } from '../clock.ts'
import { halfHourCeil } from '../time/london.ts'
import { type Day, planned, type Scene } from './day.ts'
import { rowsAtTimes, smartRow } from './plan.ts'

const flaps = ({ plug }: Scene, from: Instant): void => {
  for (let flap = 0; flap < 4; flap += 1) {
    const at = from + flap * 90 * SECOND
    plug(at, false)
    plug(at + 6 * SECOND, true)
  }
}

export const DAY_A: Day = {
  name: 'overnight',
  description: 'day A: plug in at 18:10, charge 23:30-02:00 and 04:30-05:30, unplug at 07:40',
  starts: '18:00',
  behaviour: planned([
    ['23:30', '02:00'],
    ['04:30', '05:30'],
  ]),
  plug: ['18:10', '07:40'],
}

export const DAY_B: Day = {
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
}

export const DAY_C: Day = {
  name: 'day-c',
  description: 'plugged in by day from 09:00, one burst 12:00-13:05',
  starts: '08:45',
  behaviour: planned([['12:00', '13:05']]),
  plug: ['09:00', '17:00'],
}

export const DAY_D: Day = {
  name: 'day-d',
  description: 'one row over the whole night and both its ends, 22:41-05:53',
  starts: '18:00',
  behaviour: planned([['22:41', '05:53']]),
  plug: ['18:10', '07:40'],
}

export const DAY_E: Day = {
  name: 'day-e',
  description: 'a boost 17:30-19:00, then smart charging by night',
  starts: '17:00',
  behaviour: planned([['23:30', '04:00']], { commandTaken: () => 0 }),
  plug: ['17:20', '07:40'],
  happens: ({ car, time, at }) => {
    at(time('17:30'), () => car.boost())
    at(time('19:00'), () => car.cancelBoost())
  },
}

export const DAY_F: Day = {
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
}

export const DAY_G: Day = {
  name: 'day-g',
  description: 'the plug flaps for 6 s, four times from 20:00',
  starts: '18:00',
  behaviour: planned([['23:30', '04:30']]),
  plug: ['18:10', '07:40'],
  happens: scene => flaps(scene, scene.time('20:00')),
}

export const DAY_H: Day = {
  name: 'day-h',
  description: 'the car is full: the whole plan is withdrawn at 01:35',
  starts: '18:00',
  behaviour: planned([
    ['00:30', '02:00'],
    ['02:30', '05:30'],
    ['06:30', '07:00'],
  ]),
  plug: ['18:10', '07:40'],
  happens: ({ car, time, at }) => at(time('01:35'), () => car.replacePlan([])),
}

export const DAY_I: Day = {
  name: 'day-i',
  description: 'the API says "not here" and plans nothing from 21:00 to 23:00 while the car charges',
  starts: '18:00',
  behaviour: planned([
    ['21:15', '22:45'],
    ['23:30', '03:00'],
  ]),
  plug: ['18:10', '07:40'],
  happens: ({ car, time, at }) => {
    at(time('21:00') + MINUTE, () => car.conceal(true))
    at(time('23:00'), () => car.conceal(false))
  },
}

/** The two cars of day J, each a day of its own. */
export const DAY_J: readonly [Day, Day] = [
  {
    name: 'day-j, first car',
    description: 'plugs in at 19:00',
    starts: '18:30',
    behaviour: planned([['23:30', '04:30']]),
    plug: ['19:00', '07:30'],
  },
  {
    name: 'day-j, second car',
    description: 'plugs in at 23:50',
    starts: '18:30',
    behaviour: planned([['00:30', '03:12']]),
    plug: ['23:50', '07:45'],
  },
]

export const DAY_K: Day = {
  name: 'day-k',
  description:
    'the night on which the clocks change: rows before, across and after the hour that is missing or comes twice',
  starts: '18:00',
  behaviour: planned([
    ['22:41', '00:30'],
    ['00:45', '03:10'],
    ['04:30', '05:53'],
  ]),
  plug: ['18:10', '07:40'],
}

export const DAY_N: Day = {
  name: 'day-n',
  description: 'the six hours are used up by night: 11:40-12:10 is over the cap before noon and under it after',
  starts: '18:00',
  behaviour: planned([
    ['23:30', '05:30'],
    ['11:40', '12:10'],
  ]),
  plug: ['18:10', '12:40'],
  arrivesWith: 8,
  happens: ({ car, time, at }) => {
    const usual = car.targetPercent
    at(time('18:05'), () => car.prefer(100, car.readyBy))
    at(time('12:35'), () => car.prefer(usual, car.readyBy))
  },
}
