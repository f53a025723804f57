/**
 * Whether this process does its work. It is unwell only by its own fault, or without a broker for long: an orchestrator
 * that restarted us because Octopus has a bad day would make things worse. The age of the data is a field.
 */
import { type Clock, type Instant, MINUTE } from '../clock.ts'
import { toIso } from '../time/london.ts'

export interface HealthInput {
  /** Our next edge and call; null where there is none yet. */
  readonly due: { readonly edge: Instant; readonly refresh: Instant | null } | null
  /** The next attempt to read the account, while it is not known. */
  readonly nextLook: Instant | null
  readonly brokerAwaySince: Instant | null
  readonly dataAt: Instant | null
  readonly apiStatus: string | null
  readonly storeDegraded: string | null
  readonly startedAt: Instant
  readonly version: string
}

export interface Health {
  readonly status: 'ok' | 'unwell'
  /** Why it is unwell; empty when it is not. */
  readonly reasons: readonly string[]
  readonly version: string
  readonly uptime_seconds: number
  readonly broker_connected: boolean
  readonly data_age_seconds: number | null
  readonly data_last_retrieved: string | null
  readonly next_refresh: string | null
  readonly api_status: string | null
  readonly store: string
}

const OVERDUE = 2 * MINUTE
const BROKER_AWAY = 10 * MINUTE

/** Pure. */
export function healthOf(input: HealthInput, now: Instant): Health {
  const { due, brokerAwaySince, dataAt } = input
  const next = due?.refresh ?? input.nextLook
  const reasons = [
    due !== null && now - due.edge > OVERDUE ? 'an edge is overdue' : null,
    due !== null && due.refresh !== null && now - due.refresh > OVERDUE ? 'the next refresh is overdue' : null,
    brokerAwaySince !== null && now - brokerAwaySince > BROKER_AWAY ? 'no broker for ten minutes' : null,
  ].filter(reason => reason !== null)
  return {
    status: reasons.length === 0 ? 'ok' : 'unwell',
    reasons,
    version: input.version,
    uptime_seconds: Math.round((now - input.startedAt) / 1000),
    broker_connected: brokerAwaySince === null,
    data_age_seconds: dataAt === null ? null : Math.round((now - dataAt) / 1000),
    data_last_retrieved: dataAt === null ? null : toIso(dataAt),
    next_refresh: next === null ? null : toIso(next),
    api_status: input.apiStatus,
    store: input.storeDegraded ?? 'ok',
  }
}

export const healthNow = (input: HealthInput, clock: Clock): Health => healthOf(input, clock.now())
