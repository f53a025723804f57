/**
 * Every way in which the project says no. The list is closed: each code has a section in docs/errors.md, and a test
 * holds the two together.
 */
export const ERROR_CODES = [
  'CONFIG_NOT_FOUND',
  'CONFIG_UNREADABLE',
  'CONFIG_INVALID',
  'MQTT_UNREACHABLE',
  'MQTT_REFUSED',
  'OCTOPUS_UNREACHABLE',
  'OCTOPUS_TIMEOUT',
  'OCTOPUS_SERVER_ERROR',
  'OCTOPUS_BAD_ANSWER',
  'OCTOPUS_BLOCKED',
  'OCTOPUS_THROTTLED',
  'OCTOPUS_KEY_REJECTED',
  'OCTOPUS_TOKEN_REFUSED',
  'OCTOPUS_TOKENS_SPENT',
  'OCTOPUS_FORBIDDEN',
  'OCTOPUS_SCHEMA_CHANGED',
  'OCTOPUS_REFUSED',
  'OCTOPUS_NOT_ADMITTED',
  'HOMEASSISTANT_UNREACHABLE',
  'HOMEASSISTANT_TOKEN_REJECTED',
  'HOMEASSISTANT_REFUSED',
  'HOMEASSISTANT_NOT_WRITTEN',
  'ACCOUNT_NOT_FOUND',
  'REQUEST_INVALID',
  'REQUEST_FAILED',
  'STATUS_LISTEN_FAILED',
  'STORE_UNAVAILABLE',
  'BACKUP_NOT_MADE',
  'RESTORE_REFUSED',
  'REMOVE_REFUSED',
  'SUPERVISOR_UNREACHABLE',
] as const

export type ErrorCode = (typeof ERROR_CODES)[number]

/**
 * The one error class. `message` is a line for a person that says what to do; `details` are facts fit for a log.
 * A `cause` that could carry a secret (a request's variables, a URL with a password) is never kept as it is: the room
 * that throws rebuilds it from what is safe.
 */
export class BridgeError extends Error {
  override readonly name = 'BridgeError'
  readonly code: ErrorCode
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; details?: Record<string, unknown> } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.code = code
    this.details = options.details ?? {}
  }
}

export const isBridgeError = (error: unknown, code?: ErrorCode): error is BridgeError =>
  error instanceof BridgeError && (code === undefined || error.code === code)

/** One line about anything that was thrown. */
export const describeError = (error: unknown): string => (error instanceof Error ? error.message : String(error))
