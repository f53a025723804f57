/** After the last trouble has ended, everything that is shown agrees with what Octopus says, within a stated time. */
import { HOUR, type Instant, MINUTE, SECOND } from '../../../src/clock.ts'
import type { Moment } from '../world/truth.ts'
import type { ShownPlan } from './edges.ts'
import type { MakeInvariant } from './invariant.ts'

/** The longest wait after refusals: an hour and its jitter, and the request itself. */
export const AFTER_TROUBLE = 67 * MINUTE
/** How soon a change at Octopus is known where nothing else tells of it: the longest interval while idle, and some. */
export const AFTER_CHANGE = 62 * MINUTE
/** A car that Octopus lists anew is found when the account is read again, once a day. */
const LISTED_LONG = 26 * HOUR

const rowText = (start: Instant, end: Instant, type: string | null): string =>
  `${new Date(start).toISOString().slice(0, 19)}Z ${new Date(end).toISOString().slice(0, 19)}Z ${type}`

const truthText = (moment: Moment, at: Instant): string =>
  moment.rows
    .filter(row => row.end > at)
    .map(row => rowText(row.start, row.end, row.type))
    .sort()
    .join(', ')

const shownText = (plan: ShownPlan, at: Instant): string =>
  plan.rows
    .filter(row => Date.parse(row.end) > at)
    .map(row => rowText(Date.parse(row.start), Date.parse(row.end), row.type))
    .sort()
    .join(', ')

export const agrees: MakeInvariant = (scene, complain, count) => ({
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
      const plan = scene.shownJson<ShownPlan>(`${listed.slug}/plan`)
      const state = scene.shown(`${listed.slug}/intelligent_state`)
      count()
      if (state !== truth.state)
        complain(`${listed.slug}/intelligent_state shows ${state}, Octopus says ${truth.state}`)
      const shown = plan === undefined ? 'nothing' : shownText(plan, now + SECOND)
      const should = truthText(truth, now + SECOND)
      if (shown !== should) complain(`${listed.slug}/plan shows [${shown}], Octopus lists [${should}]`)
    }
  },
})
