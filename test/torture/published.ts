/** What the world was told before a kill, as far as a restart must still know it. */
import type { Recorded } from '../integration/recorder.ts'
import type { Place } from './place.ts'

interface PublishedPlan {
  /** UTC milliseconds, to the second. */
  readonly fetchedAt: number
  /** `start-end` of each row, UTC milliseconds. */
  readonly rows: readonly string[]
}

export interface Published {
  readonly plan: PublishedPlan | null
  /** Starts of half hours, UTC milliseconds. */
  readonly started: readonly number[]
  /** Start of a half hour of the last complete day → kWh. */
  readonly readings: ReadonlyMap<number, number>
  /** `kind data` of each event but changes of the plan. */
  readonly events: readonly string[]
  readonly planChanges: number
  /** Topics of ours with a retained payload. */
  readonly topics: ReadonlySet<string>
  /** Requests that reached Octopus, by the ledger's kinds. */
  readonly arrived: { readonly dispatch: number; readonly token: number; readonly all: number }
}

interface Charge {
  readonly start: string
  readonly consumption: number
}

const newestOf = (messages: readonly Recorded[], topic: string) =>
  JSON.parse(messages.findLast(message => message.topic === topic)?.payload ?? 'null')

/** `isSettled`: whether a message came long enough before the kill of its life to have been written down as well. */
export function publishedBy(place: Place, isSettled: (message: Recorded) => boolean): Published {
  const { messages } = place.recorder
  const plan = newestOf(messages, place.topic('car/plan'))
  const long = messages.filter(isSettled)
  const attributes = newestOf(messages, place.topic('car/intelligent_dispatching/attributes'))
  const day = newestOf(messages, place.topic('electricity_import/previous_accumulative_consumption/attributes'))
  const events = long
    .filter(({ topic }) => topic === place.topic('bridge/event'))
    .map(({ payload }) => JSON.parse(payload))
  const report = place.simulator.audit.report()
  return {
    plan: plan?.fetched_at
      ? {
          fetchedAt: Date.parse(plan.fetched_at),
          rows: plan.rows.map(
            (row: { start: string; end: string }) => `${Date.parse(row.start)}-${Date.parse(row.end)}`,
          ),
        }
      : null,
    started: (attributes?.started_dispatches ?? []).map(({ start }: { start: string }) => Date.parse(start)),
    readings: new Map((day?.charges ?? []).map(({ start, consumption }: Charge) => [Date.parse(start), consumption])),
    events: events.filter(({ event }) => event !== 'plan_changed').map(eventText),
    planChanges: events.filter(({ event }) => event === 'plan_changed').length,
    topics: new Set(long.filter(({ topic }) => isRetainedOurs(place, topic)).map(({ topic }) => topic)),
    arrived: { dispatch: report.dispatchRequests, token: report.mints, all: report.calls },
  }
}

const eventText = ({ event, at: _at, instance: _instance, ...data }: Record<string, unknown>): string =>
  `${event} ${JSON.stringify(data)}`

/** The state of the bridge is nobody's entity, and events and answers are never retained. */
function isRetainedOurs(place: Place, topic: string): boolean {
  const passing = [
    ...['bridge/state', 'bridge/event', 'car/plan_changed'],
    ...['electricity_import/current_day_rates', 'electricity_import/next_day_rates'],
  ].map(path => place.topic(path))
  return !passing.includes(topic) && !topic.startsWith(`${place.base}/bridge/re`) && topic !== `${place.base}/marker`
}
