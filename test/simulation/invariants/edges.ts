/** A known edge is never missed: what is shown at an instant is what the shown plan says of that instant. */
import { type Instant, MINUTE, SECOND } from '../../../src/clock.ts'
import type { Scene } from '../world/scene.ts'
import { Lasting, type MakeInvariant } from './invariant.ts'
import { londonNight } from './london.ts'
import { isSmart, planOf, timesOf } from './plan.ts'

/** Contract, section 5: edges change what is shown within 100 ms. */
const AT_ONCE = 100
const TRUSTED = 30 * MINUTE
/** Times are shown in whole seconds, so what hangs on one is looked at beside it only. */
const ROUNDED = 2 * SECOND
/** How long a car that was unplugged counts as one that just was. */
const LINGERS = 2 * MINUTE

/** When a car was last shown as unplugged, and whether that was seen: while the broker was away it may have ended long before. */
interface Left {
  readonly until: Instant
  readonly isSeen: boolean
}

/** What `dispatch_active` has to show now, told from the other topics of the car alone; undefined where they leave it open. */
function expected(scene: Scene, car: string, left: Left | undefined): string | undefined {
  const { now } = scene
  const plan = planOf(scene, car)
  if (plan === undefined || plan.fetched_at === null) return undefined
  const unplugged = scene.shown(car, 'plugged_in') === 'OFF'
  const { fetchedAt, rows } = timesOf(plan)
  const age = now - fetchedAt
  if (Math.abs(age - TRUSTED) < ROUNDED) return undefined
  if (scene.shown(car, 'boosting') === 'ON') return 'OFF'
  if (age > TRUSTED) {
    if (unplugged) return 'OFF'
    const since = left === undefined ? Number.POSITIVE_INFINITY : now - left.until
    if (Math.abs(since - LINGERS) < ROUNDED) return undefined
    if (since > LINGERS) return 'None'
    return left?.isSeen ? 'OFF' : undefined
  }
  const suspended = scene.shown(car, 'smart_charging_suspended') === 'ON'
  if (unplugged || suspended || plan.state !== 'SMART_CONTROL_IN_PROGRESS') return 'OFF'
  return rows.some(row => isSmart(row) && row.start <= now && now < row.end) ? 'ON' : 'OFF'
}

export const knownEdge: MakeInvariant = (scene, complain, count) => {
  const wrong = new Lasting(AT_ONCE)
  const left = new Map<string, Left>()
  let losses = 0
  const unplugged = new Set<string>()
  /** A start that lost its store knows no account, and what an earlier one showed stands until it does. */
  let speaks = false
  return {
    name: 'known-edge',
    onProcess: () => {
      speaks = false
      // A store that was lost, or full, does not know who was unplugged.
      if (scene.parts.disk.losses !== losses) left.clear()
      losses = scene.parts.disk.losses
    },
    onPublish: ({ topic, payload }) => {
      if (!topic.startsWith(scene.account)) return
      speaks ||= scene.parts.daemon.bridge !== null
      if (!topic.endsWith('/plugged_in')) return
      const car = topic.slice(scene.account.length + 1, -'/plugged_in'.length)
      if (payload === 'OFF') unplugged.add(car)
      else if (unplugged.delete(car)) left.set(car, { until: scene.now, isSeen: scene.isClear(SECOND) })
    },
    check: () => {
      const { now } = scene
      const looks = speaks && scene.isClear(SECOND) && scene.clockRightFor(31 * MINUTE)
      if (!looks) return wrong.forget()
      for (const car of scene.carSlugs) {
        const should = expected(scene, car, left.get(car))
        const is = scene.shown(car, 'dispatch_active')
        count()
        if (wrong.wrong(`${car} active`, should !== undefined && is !== should, now))
          complain(`${car}/dispatch_active shows ${is}, its own plan and state say ${should}`)
        const dispatching = scene.shown(car, 'intelligent_dispatching')
        const night = londonNight(now) ? 'ON' : is
        if (wrong.wrong(`${car} dispatching`, dispatching !== night, now))
          complain(`${car}/intelligent_dispatching shows ${dispatching}, must be ${night}`)
      }
    },
  }
}

/** The night is ON whatever Octopus answers, to the instant, by the clock on London's walls. */
export const night: MakeInvariant = (scene, complain, count) => {
  const wrong = new Lasting(AT_ONCE)
  return {
    name: 'night',
    check: () => {
      const { now } = scene
      if (!scene.isClear(SECOND) || !scene.clockRightFor(SECOND)) return wrong.forget()
      const is = scene.shown('account/off_peak')
      // Before the account was read nobody knows that it has a night.
      if (is === undefined) return
      count()
      const should = londonNight(now) ? 'ON' : 'OFF'
      if (wrong.wrong('night', is !== should, now)) complain(`account/off_peak shows ${is}, must be ${should}`)
      const cheap = scene.shown('account/house_cheap')
      if (wrong.wrong('cheap by night', should === 'ON' && cheap !== 'ON', now))
        complain(`account/house_cheap shows ${cheap} in the night`)
    },
  }
}
