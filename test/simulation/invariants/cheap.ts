/** The whole house is shown as cheap by day only where the policy's own reasons were there to be seen. */
import { HALF_HOUR, type Instant, MINUTE, SECOND } from '../../../src/clock.ts'
import type { MakeInvariant } from './invariant.ts'
import { londonNight } from './london.ts'
import { isSmart, planOf, type ShownPlan, timesOf } from './plan.ts'

/** Contract, section 4: cheap time is held over its end so long while a car still draws. */
const HELD = 150 * SECOND
const CONFIRMS_BEFORE = 2 * MINUTE
/** A plan is trusted no longer. */
const ASKED_WITHIN = 30 * MINUTE

interface CheapAttributes {
  readonly reason: string
  readonly policy: 'whole_slot' | 'charge_cap'
}

const halfHourOf = (at: Instant): Instant => Math.floor(at / HALF_HOUR) * HALF_HOUR

/** Drops what is older than a day from half hours that came in order. */
function forgetOld(halfHours: Set<Instant>, half: Instant): void {
  for (const old of halfHours) {
    if (old >= half - 48 * HALF_HOUR) break
    halfHours.delete(old)
  }
}

/** Rows that were ever shown, so that a window is seen whole when its first part has ended. */
class Windows {
  #rows: { readonly start: Instant; readonly end: Instant }[] = []
  #newest: ShownPlan | null = null

  add(plan: ShownPlan, now: Instant): void {
    if (plan !== this.#newest) {
      for (const row of timesOf(plan).rows) {
        if (!isSmart(row)) continue
        if (!this.#rows.some(known => known.start === row.start && known.end === row.end)) this.#rows.push(row)
      }
    }
    this.#newest = plan
    const isOld = (row: { readonly end: Instant }) => row.end <= now - 24 * HALF_HOUR
    if (this.#rows.some(isOld)) this.#rows = this.#rows.filter(row => !isOld(row))
  }

  /** The earliest that a window over `at` can have begun. */
  startOver(at: Instant): Instant {
    let start = at
    for (let grew = true; grew; ) {
      grew = false
      for (const row of this.#rows) {
        if (row.start >= start || row.end < start) continue
        start = row.start
        grew = true
      }
    }
    return start
  }
}

export const cheapHasACause: MakeInvariant = (scene, complain, count) => {
  /** Half hours of the last day that had a cause, and those that were shown as cheap. */
  const caused = new Set<Instant>()
  const windows = new Map<string, Windows>()
  let heldFrom: Instant | null = null
  let wasCheap = false

  const drewIn = (slug: string, since: Instant): boolean => {
    const heard = scene.heardDrawing(slug)
    return heard.drawing || (heard.until !== null && heard.until >= since)
  }

  const look = (now: Instant, policy: CheapAttributes['policy']): void => {
    const half = halfHourOf(now)
    for (const slug of scene.carSlugs) {
      const plan = planOf(scene, slug)
      if (plan === undefined || plan.fetched_at === null) continue
      const known = windows.get(slug) ?? new Windows()
      windows.set(slug, known)
      known.add(plan, now)
      if (scene.shown(slug, 'dispatch_active') !== 'ON') continue
      const confirmed = timesOf(plan).fetchedAt + SECOND >= known.startOver(now) - CONFIRMS_BEFORE
      if (drewIn(slug, half) || (policy === 'whole_slot' && confirmed)) caused.add(half)
    }
    forgetOld(caused, half)
  }

  /**
   * While the broker is away a cause is shown to nobody, and the half hour is cheap to its end all the same: also where Octopus
   * has withdrawn the row since it was last asked.
   */
  const lookBehind = (now: Instant): void => {
    const { truth } = scene.parts
    const dispatched = truth.cars.some(key =>
      truth
        .between(key, now - ASKED_WITHIN, now)
        .some(({ rows }) => rows.some(row => row.type !== 'BOOST' && row.start <= now && now < row.end)),
    )
    if (dispatched) caused.add(halfHourOf(now))
  }

  return {
    name: 'cheap-has-a-cause',
    check: () => {
      const { now } = scene
      const attributes = scene.shownJson<CheapAttributes>('account/house_cheap/attributes')
      if (!scene.isClear(SECOND) || !scene.clockRightFor(40 * MINUTE)) {
        lookBehind(now)
        if (scene.isClear(0) && attributes !== undefined) look(now, attributes.policy)
        // What was ON before it is looked at need not turn ON.
        wasCheap = scene.shown('account/house_cheap') === 'ON'
        heldFrom = null
        return
      }
      if (attributes === undefined) return
      look(now, attributes.policy)
      const cheap = scene.shown('account/house_cheap') === 'ON'
      if (!cheap || londonNight(now)) {
        wasCheap = cheap
        heldFrom = null
        return
      }
      count()
      if (caused.has(halfHourOf(now))) {
        wasCheap = true
        heldFrom = null
        return
      }
      if (heldFrom === null) {
        if (!wasCheap && !scene.clearedWithin(MINUTE))
          complain(`house_cheap turned ON (${attributes.reason}) without a cause`)
        heldFrom = now
      }
      if (now - heldFrom > HELD + SECOND)
        complain(
          `house_cheap is ON (${attributes.reason}) without a cause for ${Math.round((now - heldFrom) / SECOND)} s`,
        )
    },
  }
}

/** A boost alone, whatever it draws, turns nothing cheap. */
export const boostIsNeverCheap: MakeInvariant = (scene, complain, count) => {
  /** Half hours in which something other than a boost could have been a reason. */
  const smart = new Set<Instant>()
  return {
    name: 'boost-never-cheap',
    check: () => {
      const { now } = scene
      const half = halfHourOf(now)
      const isTruly = () =>
        scene.parts.truth.cars.some(key => {
          const moments = scene.parts.truth.between(key, now - 45 * MINUTE, now)
          return moments.some(({ rows }) =>
            rows.some(row => row.type !== 'BOOST' && row.start <= now && row.end > half),
          )
        })
      if (!smart.has(half) && (londonNight(now) || isTruly())) smart.add(half)
      forgetOld(smart, half)
      if (!scene.isClear(SECOND) || !scene.clockRightFor(HALF_HOUR)) return
      const boosted = scene.parts.truth.cars.some(key => scene.parts.truth.current(key).state === 'BOOSTING')
      if (!boosted) return
      count()
      const held = now - half < HELD + SECOND && smart.has(half - HALF_HOUR)
      if (scene.shown('account/house_cheap') === 'ON' && !smart.has(half) && !held)
        complain('house_cheap is ON, and nothing but a boost was there in this half hour')
    },
  }
}

/** A reader that was cut off knows when its ON is void. */
export const cheapUntil: MakeInvariant = (scene, complain, count) => ({
  name: 'cheap-says-until-when',
  check: () => {
    const { now } = scene
    if (!scene.isClear(SECOND) || !scene.clockRightFor(MINUTE)) return
    if (scene.shown('account/house_cheap') !== 'ON') return
    count()
    const until = scene.shown('account/house_cheap_until')
    if (until === undefined || until === 'None' || Date.parse(until) + SECOND < now)
      complain(`house_cheap is ON, and house_cheap_until shows ${until}`)
  },
})
