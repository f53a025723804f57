/** How Octopus is doing, from the outcomes of our calls: `api_status`, and the notices about it. Pure. */
import { HOUR, type Instant, MINUTE, SECOND } from '../clock.ts'
import { ERROR_CODES, type ErrorCode } from '../errors.ts'
import { NOTICE_ACTIONS } from '../intelligent/notices.ts'
import { aNumber, anInstant, fields, oneOf, orNull } from '../shape.ts'
import { API_STATUSES, type ApiStatus, type Notice, type NoticeCode } from '../snapshot.ts'

/** Kept in the store, so that a restart does not forget that the key was rejected. */
export interface ApiHealth {
  readonly status: ApiStatus | null
  readonly since: Instant
  /** Failures in a row. */
  readonly failures: number
  /** The code of the last failure while it lasts. */
  readonly code: ErrorCode | null
  /** When Octopus first, and last, refused the full request because it had changed its schema. */
  readonly schemaChanged: { readonly first: Instant; readonly last: Instant } | null
}

/** The shape in which it comes back. */
export const someHealth = fields<ApiHealth>({
  status: orNull(oneOf(...API_STATUSES)),
  since: anInstant,
  failures: aNumber(0, 1e9),
  code: orNull(oneOf(...ERROR_CODES)),
  schemaChanged: orNull(fields<NonNullable<ApiHealth['schemaChanged']>>({ first: anInstant, last: anInstant })),
})

/** An answer that takes longer than this is late for a person who waits for it. */
const SLOW = 8 * SECOND
/** One failed call is no news; an hour without an answer is. */
const UNREACHABLE_FAILURES = 3
const UNREACHABLE_FOR = 10 * MINUTE
const SCHEMA_NEWS_LASTS = 25 * HOUR

const STATUS: Partial<Record<ErrorCode, ApiStatus>> = {
  OCTOPUS_THROTTLED: 'throttled',
  OCTOPUS_BLOCKED: 'blocked',
  OCTOPUS_KEY_REJECTED: 'rejected',
  OCTOPUS_TOKEN_REFUSED: 'rejected',
  OCTOPUS_FORBIDDEN: 'rejected',
  OCTOPUS_SCHEMA_CHANGED: 'rejected',
}

export const unknownHealth = (at: Instant): ApiHealth => ({
  status: null,
  since: at,
  failures: 0,
  code: null,
  schemaChanged: null,
})

/** After a call that ended well (`code` null) or with an error, having taken `took` milliseconds. */
export function afterCall(health: ApiHealth, code: ErrorCode | null, took: number, at: Instant): ApiHealth {
  const changed = health.schemaChanged
  const schemaChanged = code === 'OCTOPUS_SCHEMA_CHANGED' ? { first: changed?.first ?? at, last: at } : changed
  const status = code === null ? (took > SLOW ? 'slow' : 'ok') : (STATUS[code] ?? 'unreachable')
  const since = status === health.status ? health.since : at
  return { status, since, failures: code === null ? 0 : health.failures + 1, code, schemaChanged }
}

/** A refused token is replaced; when one after the other is refused, somebody has to look. */
const REFUSED_TOKENS = 2
const KEY_CODES: readonly (ErrorCode | null)[] = ['OCTOPUS_KEY_REJECTED', 'OCTOPUS_FORBIDDEN']

const NOTICES: Partial<Record<ApiStatus, NoticeCode>> = {
  throttled: 'api_throttled',
  blocked: 'api_blocked',
  rejected: 'key_rejected',
  unreachable: 'api_unreachable',
}

export function apiNotices(health: ApiHealth, at: Instant): Notice[] {
  const notice = (code: NoticeCode, since: Instant): Notice => ({ code, since, action: NOTICE_ACTIONS[code] })
  const open: Notice[] = []
  const code = health.status === null ? undefined : NOTICES[health.status]
  const passing =
    health.status === 'unreachable' && health.failures < UNREACHABLE_FAILURES && at - health.since < UNREACHABLE_FOR
  // Only the key itself is a person's to mend.
  const lasts = health.code === 'OCTOPUS_TOKEN_REFUSED' && health.failures > REFUSED_TOKENS
  const notTheKey = health.status === 'rejected' && !KEY_CODES.includes(health.code) && !lasts
  if (code !== undefined && !passing && !notTheKey) open.push(notice(code, health.since))
  const { schemaChanged } = health
  if (schemaChanged && at - schemaChanged.last < SCHEMA_NEWS_LASTS)
    open.push(notice('schema_changed', schemaChanged.first))
  return open
}
