/** What went wrong between us and Home Assistant, as one of our codes with a line that says what to do. */
import { BridgeError, isBridgeError } from '../../errors.ts'

const unreachable = (place: string, why: string, details: Record<string, unknown> = {}): BridgeError =>
  new BridgeError('HOMEASSISTANT_UNREACHABLE', `${place} ${why}`, { details })

export const tokenRejected = (place: string): BridgeError =>
  new BridgeError(
    'HOMEASSISTANT_TOKEN_REJECTED',
    `${place} does not accept homeassistant.token: make a new long-lived access token there, in the profile of an administrator under Security`,
  )

export const notAdministrator = (place: string): BridgeError =>
  new BridgeError(
    'HOMEASSISTANT_TOKEN_REJECTED',
    `${place} lets only administrators write statistics: make the long-lived access token of homeassistant.token in the profile of an administrator`,
  )

export const notWritten = (place: string, rows: number, name: string): BridgeError =>
  new BridgeError(
    'HOMEASSISTANT_NOT_WRITTEN',
    `${place} took the rows of ${name} and does not show them yet: look at its log, at the recorder and at the disk`,
    { details: { rows } },
  )

export const connectionEnded = (place: string): BridgeError => unreachable(place, 'ended the connection')

export const noAnswer = (place: string): BridgeError =>
  unreachable(place, 'does not answer: check homeassistant.url and the network, and whether it is busy')

export const notHomeAssistant = (place: string): BridgeError =>
  unreachable(place, 'does not speak as Home Assistant does: check homeassistant.url')

/** By codes of Node's sockets and of OpenSSL. */
const SOCKET: readonly (readonly [RegExp, string])[] = [
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'cannot be found: check the host name in homeassistant.url, and the name server'],
  [/^ECONNREFUSED$/, 'refuses connections: check that it runs, and the port in homeassistant.url'],
  [/^(ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/, 'does not answer: check homeassistant.url, the network and the firewall'],
  [
    /SELF_SIGNED|UNABLE_TO_(VERIFY|GET)/,
    'shows a certificate that is not trusted here: set homeassistant.ca_file to the certificate authority that signed it',
  ],
  [/^CERT_HAS_EXPIRED$/, "shows a certificate that has expired: renew it, or set this machine's clock"],
  [/ALTNAME/, 'shows a certificate made for another name: use the name it was made for in homeassistant.url'],
  [/^EPROTO$|SSL/, 'does not speak TLS on this port: use http:// in homeassistant.url, or the port for TLS'],
]

/** By the status of an answer that is no websocket. */
const STATUS: readonly (readonly [RegExp, string])[] = [
  [/^403$/, 'refuses this machine: see whether its address stands in ip_bans.yaml there'],
  [/^50\d$/, 'is not up yet'],
]

/** What kept a socket from opening. The library's own words stay out: only codes are looked at. */
export function notOpened(place: string, error: unknown): BridgeError {
  if (isBridgeError(error)) return error
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
  const status = /Unexpected server response: (\d{3})/.exec(String(message))?.[1]
  const [list, key] = status === undefined ? [SOCKET, String(code)] : [STATUS, status]
  const known = list.find(([pattern]) => pattern.test(key))?.[1]
  if (known !== undefined) return unreachable(place, known, { problem: key })
  return status === undefined
    ? unreachable(place, 'cannot be reached: check homeassistant.url and the network')
    : unreachable(place, 'has no websocket there: check homeassistant.url', { status: Number(status) })
}

/** What Home Assistant answered to a command; or that the connection ended before it did. */
export function refused(place: string, command: string, error: unknown): BridgeError {
  if (isBridgeError(error)) return error
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
  if (typeof code !== 'string') return connectionEnded(place)
  if (code === 'unauthorized') return notAdministrator(place)
  const said = typeof message === 'string' ? message.slice(0, 200) : ''
  const advice =
    code === 'unknown_command'
      ? 'its recorder does not run (yet)'
      : `please report it, with the version of Home Assistant: ${said}`
  return new BridgeError('HOMEASSISTANT_REFUSED', `${place} refused ${command} (${code}): ${advice}`, {
    details: { command, reason: code },
  })
}
