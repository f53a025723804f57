/** What a person should know and do something about, derived from an account's state at one instant. Pure. */
import { type Instant, MINUTE } from '../clock.ts'
import type { Notice, NoticeCode } from '../snapshot.ts'
import type { Rules } from './dispatching.ts'
import { deafAt } from './draw.ts'
import { firstAfter, type Lasting, remembered } from './remembered.ts'
import { planStaysUntil } from './rows.ts'
import type { CarState } from './state.ts'

/** One line each that says what to do; docs/notices.md has a section for each. */
export const NOTICE_ACTIONS: Readonly<Record<NoticeCode, string>> = {
  key_rejected:
    'Octopus refuses the API key: if it lasts, make a new one in your Octopus dashboard and put it in octopus.api_key',
  api_blocked: "Octopus's network edge blocks us; the key is not at fault. It passes by itself: wait, do not restart",
  api_throttled: 'Octopus says there were too many requests: look for another program that uses the same account',
  api_unreachable: 'Octopus cannot be reached: check the Internet connection and DNS of this machine',
  schema_changed: 'Octopus changed its API; a smaller request is used instead. Update octopus2mqtt',
  plug_silent: 'Nothing usable came on the plug topic: check ev.plugged.topic and what publishes it',
  plug_contradicted:
    'The plug topic says unplugged, but the car charges or Octopus sees it: check what publishes the topic',
  plugged_not_seen: 'The car is plugged in but Octopus does not see it: check its link in the Octopus app',
  plugged_no_plan: 'The car is plugged in but Octopus made no plan: check the charge target in the Octopus app',
  charging_without_plan:
    'The car charges outside any plan, so at the normal price: check its own schedule, and boosts in the app',
  plan_without_charging:
    'A planned dispatch runs but the car does not charge: check the charger and the charge limit of the car',
  car_lost_connection: 'Octopus lost its connection to the car: sign in again in the Octopus app',
  meter_data_late: "Yesterday's meter readings are not complete yet; nothing to do, they are asked for again",
  storage_degraded:
    'The store cannot be written, so a restart would forget: check storage.path, its rights and the disk',
  clock_jumped: "This machine's clock was set or the machine slept: check its time synchronisation",
  statistics_not_sent: 'Home Assistant does not take the statistics: check homeassistant.url and homeassistant.token',
  second_daemon:
    'A second octopus2mqtt runs on the same broker and topic: stop one, or give it another mqtt.base_topic',
}

/** How long something must last before it is worth saying. */
/** A source that restarts is silent for a moment; that is no news. */
const SILENT_AFTER = 5 * MINUTE
const NOT_SEEN_AFTER = 15 * MINUTE
const NO_PLAN_AFTER = 30 * MINUTE
const WITHOUT_PLAN_AFTER = 5 * MINUTE
const WITHOUT_CHARGING_AFTER = 10 * MINUTE

/** When the condition began, or null where it does not hold. A notice opens once it has lasted `lasts`. */
interface Condition {
  readonly code: NoticeCode
  readonly began: Instant | null
  readonly lasts: number
}

const later = (...instants: (Instant | null | undefined)[]): Instant =>
  Math.max(...instants.filter((at): at is Instant => at != null), 0)

function conditions(car: CarState): Condition[] {
  const topic = car.signals.plugged
  const plugOn = topic.source === 'live' && topic.value === true
  const state = car.status?.state ?? null
  const since = (holds: boolean, ...instants: (Instant | null | undefined)[]) => (holds ? later(...instants) : null)
  const turnedAt = car.plug.turnedAt
  const stateSince = car.status?.since
  const hadPlan = (car.plannedAt ?? 0) >= (turnedAt ?? 0)
  return [
    { code: 'plug_silent', began: since(topic.source === 'stale', topic.staleSince), lasts: SILENT_AFTER },
    { code: 'plug_contradicted', began: since(car.contradicted !== null, car.contradictedAt), lasts: 0 },
    {
      code: 'plugged_not_seen',
      began: since(plugOn && state === 'SMART_CONTROL_NOT_AVAILABLE', topic.since, stateSince),
      lasts: NOT_SEEN_AFTER,
    },
    {
      // Once there was a plan in this plug-in, an empty one only means that the car is full.
      code: 'plugged_no_plan',
      began: since(car.plug.value === true && state === 'SMART_CONTROL_CAPABLE' && !hadPlan, turnedAt),
      lasts: NO_PLAN_AFTER,
    },
    { code: 'charging_without_plan', began: car.unplannedSince, lasts: WITHOUT_PLAN_AFTER },
    {
      code: 'plan_without_charging',
      began: car.missedSince,
      lasts: WITHOUT_CHARGING_AFTER,
    },
    { code: 'car_lost_connection', began: since(state === 'LOST_CONNECTION', stateSince), lasts: 0 },
  ]
}

interface Noticed extends Lasting {
  readonly open: readonly Notice[]
  /** When the next one opens by itself; infinity where none does. */
  readonly next: Instant
}

const noticed = remembered((car, rules: Rules, at): Noticed => {
  const found = conditions(car).flatMap(({ code, began, lasts }) =>
    began === null ? [] : [{ code, since: began + lasts }],
  )
  const next = firstAfter(
    at,
    found.map(({ since }) => since),
  )
  return {
    open: found
      .filter(({ since }) => since <= at)
      .map(({ code, since }) => ({ code, since, action: NOTICE_ACTIONS[code], car: car.slug })),
    next,
    until: Math.min(next, planStaysUntil(car, rules.settings, at), deafAt(car, at)),
  }
})

/** Open notices about one car. */
export const carNotices = (car: CarState, rules: Rules, at: Instant): readonly Notice[] => noticed(car, rules, at).open

/** When the next notice about the car opens by itself. */
export function nextNoticeEdge(car: CarState, rules: Rules, at: Instant): Instant | null {
  const { next } = noticed(car, rules, at)
  return Number.isFinite(next) ? next : null
}
