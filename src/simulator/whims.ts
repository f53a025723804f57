/** What a customer, a charger or a cloud may do while a car is plugged in on an ordinary day; on most days nothing. */
import { HOUR, type Instant, MINUTE, SECOND } from '../clock.ts'
import type { Scene } from './day.ts'
import type { Random } from './random.ts'

type Doing = (scene: Omit<Scene, 'time'>, random: Random, at: Instant, leave: Instant) => void

/** Each has an end of its own, before the cable goes out where it would otherwise last for ever. */
const WHIMS: readonly (readonly [probability: number, doing: Doing])[] = [
  // A test spike or two.
  [
    0.08,
    ({ car, at }, random, from) => {
      for (let spike = random.whole(1, 3), when = from; spike > 0; spike -= 1, when += random.between(2, 9) * MINUTE) {
        at(when, () => car.charger.test())
      }
    },
  ],
  // A boost, cancelled or left to run.
  [
    0.04,
    ({ car, at }, random, from) => {
      at(from, () => car.boost())
      if (random.chance(0.7)) at(from + random.between(5 * MINUTE, 2 * HOUR), () => car.cancelBoost())
    },
  ],
  // Smart control off and on again, now and then only after the next plug-in.
  [
    0.04,
    ({ car, at }, random, from) => {
      at(from, () => car.suspend())
      at(from + random.between(MINUTE, random.chance(0.2) ? 20 * HOUR : 3 * HOUR), () => {
        if (car.suspended) car.resume()
      })
    },
  ],
  [
    0.03,
    ({ car, at }, random, from) => {
      at(from, () => car.say('LOST_CONNECTION'))
      at(from + random.between(3 * MINUTE, 3 * HOUR), () => car.regain())
    },
  ],
  // Another target, another time.
  [
    0.03,
    ({ car, at }, random, from) => {
      const target = random.pick([60, 70, 80, 90, 100])
      const readyBy = random.pick(['04:00', '06:30', '07:30', '09:00', '11:00'])
      at(from, () => car.prefer(target, readyBy))
    },
  ],
  // "Not here" while it charges.
  [
    0.02,
    ({ car, at }, random, from) => {
      at(from, () => car.conceal(true))
      at(from + random.between(10 * MINUTE, 3 * HOUR), () => car.conceal(false))
    },
  ],
  // The cable out and in again: a flap, or a car that was moved.
  [
    0.05,
    ({ plug }, random, from, leave) => {
      const back = from + (random.chance(0.6) ? 6 * SECOND : random.between(MINUTE, 40 * MINUTE))
      if (back >= leave) return
      plug(from, false)
      plug(back, true)
    },
  ],
]

/** Each of them comes by its own chance, some minutes after the plug-in at the earliest. */
export function whim(scene: Omit<Scene, 'time'>, random: Random, plugIn: Instant, leave: Instant): void {
  for (const [probability, doing] of WHIMS) {
    const from = Math.round(plugIn + random.between(4 * MINUTE, Math.max(5 * MINUTE, leave - plugIn)))
    if (random.chance(probability) && from < leave) doing(scene, random, from, leave)
  }
}
