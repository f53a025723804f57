/** After the last trouble has ended, everything that is shown agrees with what Octopus says, within a stated time. */
import { HOUR, type Instant, MINUTE, SECOND } from '../../../src/clock.ts'
import type { Moment } from '../world/truth.ts'
import type { MakeInvariant } from './invariant.ts'
import { planOf, type ShownPlan, timesOf } from './plan.ts'

/** The longest wait after refusals: an hour and its jitter, and the request itself. */
export const AFTER_TROUBLE = 67 * MINUTE
/** How soon a change at Octopus is known where nothing else tells of it: the longest interval while idle, and some. */
export const AFTER_CHANGE = 62 * MINUTE
/** A car that Octopus lists anew is found when the account is read again, once a day. */
const LISTED_LONG = 26 * HOUR

const rowText = (start: Instant, end: Instant, type: string | null): string =>
  `${new Date(start).toISOString().slice(0, 19)}Z ${new Date(end).toISOString().slice(0, 19)}Z ${type}`

type Row = ReturnType<typeof timesOf>['rows'][number]

const text = (rows: readonly Row[]): string =>
  rows
    .map(({ start, end, type }) => rowText(start, end, type))
    .sort()
    .join(', ')

/** What was compared, and what came of it as long as no row of either ends. */
interface Compared {
  readonly plan: ShownPlan | undefined
  readonly truth: Moment
  readonly from: Instant
  readonly until: Instant
  /** Null where they agree. */
  readonly problem: string | null
}

/** What stands of a plan at `at`, against what Octopus lists then. */
function compare(plan: ShownPlan | undefined, truth: Moment, at: Instant): Compared {
  const shownRows = plan === undefined ? [] : timesOf(plan).rows
  const stands = ({ end }: Row) => end > at
  const shown = plan === undefined ? 'nothing' : text(shownRows.filter(stands))
  const should = text(truth.rows.filter(stands))
  const ends = [...shownRows, ...truth.rows].filter(stands).map(({ end }) => end)
  const problem = shown === should ? null : `shows [${shown}], Octopus lists [${should}]`
  return { plan, truth, from: at, until: Math.min(Number.POSITIVE_INFINITY, ...ends), problem }
}

export const agrees: MakeInvariant = (scene, complain, count) => {
  const newest = new Map<string, Compared>()
  return {
    name: 'agrees-after-trouble',
    check: () => {
      const { now, parts } = scene
      if (!scene.calmFor(AFTER_TROUBLE) || !scene.clockRightFor(AFTER_TROUBLE)) return
      count()
      if (scene.shown('availability') !== 'online') complain(`availability shows ${scene.shown('availability')}`)
      const status = scene.shown('account/api_status')
      if (status !== 'ok' && status !== 'slow') complain(`account/api_status shows ${status}`)
      for (const key of parts.truth.cars) {
        const listed = scene.listing(key)
        if (listed.listedSince === null || now - listed.listedSince < LISTED_LONG) continue
        const changed = parts.truth.changedAt(key)
        if (now - changed < AFTER_CHANGE) continue
        const truth = parts.truth.current(key)
        const plan = planOf(scene, listed.slug)
        const state = scene.shown(listed.slug, 'intelligent_state')
        count()
        if (state !== truth.state)
          complain(`${listed.slug}/intelligent_state shows ${state}, Octopus says ${truth.state}`)
        const at = now + SECOND
        let compared = newest.get(key)
        const holds = compared?.plan === plan && compared?.truth === truth && compared.from <= at && at < compared.until
        if (compared === undefined || !holds) compared = compare(plan, truth, at)
        newest.set(key, compared)
        if (compared.problem !== null) complain(`${listed.slug}/plan ${compared.problem}`)
      }
    },
  }
}
