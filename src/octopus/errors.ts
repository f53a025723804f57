/**
 * What went wrong with a call to Octopus, as one of our own codes. Nothing that Octopus wrote is passed on: its messages
 * may repeat a request's variables, and so the API key. Only codes, names of fields and the status go into an error.
 * Sources: Kraken's published error codes; GraphQL errors come with HTTP 200, a removed field with 400, an edge block as
 * 403 with a page that is no JSON. Classified by error code first: an expired token is APPLICATION, throttling AUTHORIZATION.
 */
import { BridgeError } from '../errors.ts'
import { CODES, GRAVEST_FIRST, MESSAGES, type OctopusCode } from './error-table.ts'
import { asListOf, asObject, asText } from './json.ts'

export interface GraphqlError {
  /** `KT-CT-1124`, `OE-0002`; null where there is none, as for a document that does not fit the schema. */
  readonly errorCode: string | null
  readonly errorType: string | null
  /** `flexPlannedDispatches`, dotted. */
  readonly path: string | null
  /** What the schema no longer has, as `Type.field`; null for any other error. */
  readonly missing: string | null
  readonly invalidDocument: boolean
}

export const octopusError = (code: OctopusCode, details: Record<string, unknown> = {}): BridgeError =>
  new BridgeError(code, MESSAGES[code], {
    details: Object.fromEntries(Object.entries(details).filter(([, value]) => value !== null && value !== undefined)),
  })

const MOST_ERRORS = 50
const LONGEST_PATH = 10

/** The `errors` of an answer, with everything left out that could carry what we sent. */
export const readErrors = (errors: unknown): GraphqlError[] => (asListOf(errors, MOST_ERRORS) ?? []).map(readError)

function readError(error: unknown): GraphqlError {
  const { message, path, extensions } = asObject(error) ?? {}
  const { errorCode, errorType } = asObject(extensions) ?? {}
  const field = /Cannot query field ['"](\w{1,60})['"] on type ['"](\w{1,60})['"]/.exec(asText(message) ?? '')
  return {
    errorCode: word(errorCode, /^[A-Z]{2,4}(-[A-Z]{2})?-\d{1,6}$/),
    errorType: word(errorType, /^[A-Z_]{1,30}$/),
    path: (asListOf(path, LONGEST_PATH) ?? []).map(pathStep).join('.') || null,
    missing: field === null ? null : `${field[2]}.${field[1]}`,
    invalidDocument: field !== null || /^(Unknown|Variable|Field|Fragment|Syntax Error)\b/.test(asText(message) ?? ''),
  }
}

const pathStep = (part: unknown): string => word(typeof part === 'number' ? `${part}` : part, /^\w{1,60}$/) ?? '?'

const word = (value: unknown, pattern: RegExp): string | null =>
  typeof value === 'string' && pattern.test(value) ? value : null

function codeOf(error: GraphqlError, status: number): OctopusCode {
  const known = error.errorCode === null ? undefined : CODES.get(error.errorCode)
  if (known !== undefined) return known
  if (error.errorCode === null && (status === 400 || error.invalidDocument)) return 'OCTOPUS_SCHEMA_CHANGED'
  if (error.errorType === 'AUTHORIZATION') return 'OCTOPUS_FORBIDDEN'
  if (error.errorType === 'SERVICE_AVAILABILITY') return 'OCTOPUS_SERVER_ERROR'
  return 'OCTOPUS_REFUSED'
}

/** True where an error among those of a partial answer says that we ask too often. */
export const saysThrottled = (errors: readonly GraphqlError[]): boolean =>
  errors.some(error => error.errorCode !== null && CODES.get(error.errorCode) === 'OCTOPUS_THROTTLED')

/** An answer in JSON with `errors` and nothing of use beside them. */
export function fromGraphqlErrors(
  errors: readonly GraphqlError[],
  http: { status: number; retryAfterMs: number | null },
): BridgeError {
  const classified = errors.map(error => ({ error, code: codeOf(error, http.status) }))
  const gravest = GRAVEST_FIRST.find(one => classified.some(each => each.code === one)) ?? 'OCTOPUS_REFUSED'
  const isCoded = errors.some(error => error.errorCode !== null)
  const byStatus = codeOfStatus(http.status, { isJson: true, api: 'graphql' })
  const code = gravest === 'OCTOPUS_REFUSED' && !isCoded ? (byStatus ?? gravest) : gravest
  const { errorCode, path, missing } = classified.find(each => each.code === code)?.error ?? {}
  return octopusError(code, { ...http, errorCode, path, missing })
}

/** An answer that is told by its HTTP status alone; null for one that is fine so far. */
export function fromStatus(
  status: number,
  options: { isJson: boolean; retryAfterMs: number | null; api: 'graphql' | 'rest' },
): BridgeError | null {
  const code = codeOfStatus(status, options)
  return code === null ? null : octopusError(code, { status, retryAfterMs: options.retryAfterMs })
}

function codeOfStatus(
  status: number,
  { isJson, api }: { isJson: boolean; api: 'graphql' | 'rest' },
): OctopusCode | null {
  if (status === 429) return 'OCTOPUS_THROTTLED'
  if (status >= 500) return 'OCTOPUS_SERVER_ERROR'
  if (status === 403) return isJson ? 'OCTOPUS_FORBIDDEN' : 'OCTOPUS_BLOCKED'
  if (status === 401) return api === 'rest' ? 'OCTOPUS_KEY_REJECTED' : 'OCTOPUS_TOKEN_REFUSED'
  if (status >= 200 && status < 300) return isJson ? null : 'OCTOPUS_BAD_ANSWER'
  return api === 'rest' && isJson ? 'OCTOPUS_REFUSED' : 'OCTOPUS_BAD_ANSWER'
}
