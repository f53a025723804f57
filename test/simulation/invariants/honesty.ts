/** Nothing is shown as fresh that is older than it says, and nothing is shown that Octopus never said. */
import { HOUR, type Instant, MINUTE, SECOND } from '../../../src/clock.ts'
import { Lasting, type MakeInvariant } from './invariant.ts'
import { planOf, type ShownPlan } from './plan.ts'

/** From reading the plan at Octopus to its arrival here, with the shown time cut to whole seconds. */
const ON_ITS_WAY = 3 * SECOND

/** Every plan that is shown was listed by Octopus at the moment that it says it is from. */
export const planIsTrue: MakeInvariant = (scene, complain, count) => {
  const looked = new Map<string, string>()
  const newest = new Map<string, ShownPlan>()
  return {
    name: 'plan-as-octopus-said',
    check: () => {
      if (!scene.isClear(SECOND) || !scene.clockRightFor(2 * HOUR)) return
      for (const key of scene.parts.truth.cars) {
        const { slug } = scene.listing(key)
        const plan = planOf(scene, slug)
        if (plan === undefined || plan.fetched_at === null || newest.get(slug) === plan) continue
        newest.set(slug, plan)
        if (looked.get(slug) === `${plan.fetched_at} ${plan.rows.length}`) continue
        looked.set(slug, `${plan.fetched_at} ${plan.rows.length}`)
        const fetched = Date.parse(plan.fetched_at)
        const age = scene.now - fetched
        // Older than the truth is kept for; or its stamp was set back with the clock, and says less than it could.
        if (age > 5 * HOUR || !scene.clockRightFor(age + MINUTE)) continue
        count()
        const shown = plan.rows.map(row => `${row.start} ${row.end} ${row.type}`).sort()
        const moments = scene.parts.truth.between(key, fetched - ON_ITS_WAY, fetched + SECOND)
        const isSaid = (at: Instant) =>
          moments.some(({ rows }) => {
            const said = rows
              .filter(row => row.end > at)
              .map(row => `${iso(row.start)} ${iso(row.end)} ${row.type}`)
              .sort()
            return said.length === shown.length && said.every((row, index) => row === shown[index])
          })
        const instants = [fetched + SECOND, fetched, fetched - SECOND, fetched - ON_ITS_WAY]
        if (!instants.some(isSaid))
          complain(`${slug}/plan of ${plan.fetched_at} shows [${shown.join(', ')}], which Octopus did not list then`)
      }
    },
  }
}

const iso = (at: Instant): string => `${new Date(at).toISOString().slice(0, 19)}Z`

/** Twice the longest interval between two requests. */
const FRESH_FOR = 2 * HOUR

/** `availability` and the age of the data are what they say. */
export const freshness: MakeInvariant = (scene, complain, count) => {
  const wrong = new Lasting(SECOND)
  let answeredAt: Instant = Number.NEGATIVE_INFINITY
  let shownBefore = ''
  let retrieved: Instant = Number.NaN
  return {
    name: 'never-fresher-than-it-is',
    onRequest: ({ status, errorCodes, names }) => {
      if (
        !scene.troubled &&
        status === 200 &&
        errorCodes.length === 0 &&
        names.some(name => DISPATCH_NAMES.includes(name))
      )
        answeredAt = scene.now
    },
    // A store that could not be written shows an older answer at the next start, and says so by its age.
    onProcess: () => {
      answeredAt = Number.NEGATIVE_INFINITY
    },
    check: () => {
      const { now } = scene
      // Stamps are set back with a clock, and not forward again: that answer looks older than it is until the next one.
      if (!scene.clockRightFor(MINUTE)) answeredAt = Number.NEGATIVE_INFINITY
      if (!scene.isClear(SECOND) || !scene.clockRightFor(3 * HOUR)) return wrong.forget()
      const shown = scene.shown('account/data_last_retrieved')
      if (shown === undefined || shown === 'None') return
      count()
      if (shown !== shownBefore) retrieved = Date.parse(shown)
      shownBefore = shown
      if (wrong.wrong('ahead', retrieved > now + SECOND, now)) complain(`data_last_retrieved ${shown} lies ahead`)
      const online = scene.shown('availability') === 'online'
      if (wrong.wrong('stale', online && now - retrieved > FRESH_FOR + SECOND, now))
        complain(`availability is online, and the newest answer is from ${shown}`)
      if (wrong.wrong('old', answeredAt - retrieved > 2 * MINUTE, now))
        complain(`data_last_retrieved shows ${shown}, and Octopus answered later than that`)
    },
  }
}

const DISPATCH_NAMES = ['flexPlannedDispatches', 'completedDispatches']
