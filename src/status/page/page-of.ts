/** The page model of one instant. Pure: the same input gives the same page. */
import { HALF_HOUR } from '../../clock.ts'
import type { CarView, MeterView } from '../../snapshot.ts'
import { budgetOf, dueOf } from './calls.ts'
import { changesOf } from './changes.ts'
import { dayOf, importMeter } from './day.ts'
import type { PageInput } from './input.ts'
import type { CarCard, PageModel } from './model.ts'
import { timelineOf } from './timeline.ts'
import { topicsOf } from './topics.ts'

export function pageOf(input: PageInput): PageModel {
  const { at, speed, version, docsUrl, health, snapshot } = input
  return {
    at,
    speed,
    version,
    docs: docsUrl,
    health: {
      status: health.status,
      reasons: health.reasons,
      broker_connected: health.broker_connected,
      api_status: health.api_status,
      store: health.store,
    },
    account: accountOf(input),
    cars: (snapshot?.cars ?? []).map(cardOf),
    timeline: timelineOf(input),
    changes: changesOf(input.changes),
    day: dayOf(input),
    budget: budgetOf(input),
    ages: agesOf(input),
    notices: (snapshot?.account.notices ?? []).map(({ code, since, car, action }) => ({
      code,
      since,
      car: car ?? null,
      action,
      link: `${docsUrl}/notices.md#${code}`,
    })),
    topics: topicsOf(input),
    refresh: dueOf(input),
  }
}

function accountOf(input: PageInput): PageModel['account'] {
  const account = input.snapshot?.account
  if (account === undefined) return null
  const { value, until, expectedUntil, policy } = account.houseCheap
  // Where no dispatch makes anything cheap, that none runs is no reason.
  const reason =
    account.dispatchIsCheap || account.houseCheap.reason !== 'no_dispatch' ? account.houseCheap.reason : 'not_off_peak'
  return {
    slug: account.slug,
    offPeak: account.offPeak,
    cheap: account.hasNight ? { value, reason, until, expectedUntil, policy } : null,
    rate: rateOf(importMeter(input)),
    smartHalfHours: account.dispatchIsCheap && policy === 'charge_cap' ? account.smartHalfHours.used : null,
    available: account.available,
  }
}

function rateOf(meter: MeterView | undefined): NonNullable<PageModel['account']>['rate'] {
  const current = meter?.rates.current
  if (current == null) return null
  return { now: current.rate, next: meter?.rates.next?.rate ?? null, changesAt: current.end }
}

const cardOf = (car: CarView): CarCard => ({
  slug: car.slug,
  name: car.name,
  pluggedIn: car.pluggedIn,
  pluggedSource: car.pluggedSource,
  tellsCharging: car.hasCharging,
  charging: car.charging,
  dispatching: car.dispatchActive,
  boosting: car.boosting,
  suspended: car.suspended,
  state: car.state,
  battery: car.stateOfCharge,
  target: car.chargeTarget,
  readyBy: car.readyBy,
  current: car.current,
  next: car.next,
  plannedKwh: car.plannedKwh,
})

/** Octopus tells readings the next day: after two days the newest one is no longer young. */
const READINGS_YOUNG = 96 * HALF_HOUR

/** How old each thing is that can grow old, the most important first. */
function agesOf({ at, snapshot }: PageInput): PageModel['ages'] {
  if (snapshot === null) return []
  const { account, cars, meters } = snapshot
  const ages = [{ what: 'Answer of Octopus', at: account.dataLastRetrieved, isStale: !account.available }]
  for (const car of cars) {
    const named = (what: string) => (cars.length > 1 ? `${what} of ${car.name}` : what)
    // A plan that is no longer to be trusted counts nothing.
    ages.push({ what: named('Plan'), at: car.plan.fetchedAt, isStale: car.plannedCount === null })
    if (car.stateOfCharge !== null)
      ages.push({ what: named('Battery'), at: car.stateOfCharge.at, isStale: !account.available })
  }
  for (const { slug, latestReading } of meters)
    ages.push({
      what: `Readings of ${slug.replaceAll('_', ' ')}`,
      at: latestReading,
      isStale: latestReading === null || at - latestReading > READINGS_YOUNG,
    })
  return ages
}
