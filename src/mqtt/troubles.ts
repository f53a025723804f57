import type { Instant } from '../clock.ts'
import { BridgeError } from '../errors.ts'

/** A trouble and what kind it is; one of a kind is said once. */
export interface Trouble {
  readonly kind: string
  readonly error: BridgeError
}

interface Where {
  /** The broker's address without secrets. */
  readonly place: string
  readonly encrypted: boolean
  readonly hasUser: boolean
}

type Advice = (where: Where) => string

const refusedUser: Advice = ({ hasUser }) =>
  hasUser
    ? 'does not accept the user name or the password: check mqtt.username and mqtt.password, and what the broker allows this client id'
    : 'wants a user name and a password: set mqtt.username and mqtt.password'
const wrongVersion: Advice = () => 'does not speak this version of MQTT: set mqtt.protocol_version to 4 (or 5)'
const wrongId: Advice = () => 'does not accept our client id: set another mqtt.client_id'
const tooBusy: Advice = () => 'is not ready to take clients: look at its log'
const banned: Advice = () => 'has banned this client: look at its log'

/** Answers to CONNECT. Below 128 those of MQTT 3.1.1 (section 3.2.2.3), above those of MQTT 5 (section 3.2.2.2). */
const REFUSALS: Readonly<Record<number, Advice>> = {
  1: wrongVersion,
  2: wrongId,
  3: tooBusy,
  4: refusedUser,
  5: refusedUser,
  132: wrongVersion,
  133: wrongId,
  134: refusedUser,
  135: refusedUser,
  136: tooBusy,
  137: tooBusy,
  138: banned,
  140: refusedUser,
  151: tooBusy,
  159: tooBusy,
}

const noSuchHost: Advice = () => 'cannot be found: check the host name in mqtt.url, and the name server'
const noRoute: Advice = () => 'does not answer: check the host and port in mqtt.url, the network and the firewall'
const untrusted: Advice = () =>
  'shows a certificate that is not trusted here: set mqtt.ca_file to the certificate authority that signed it'
const notTls: Advice = () => 'does not speak TLS on this port: use mqtt:// (or ws://), or the port for TLS'
const certificateWanted: Advice = () =>
  'does not accept our client certificate, or wants one: set mqtt.cert_file and mqtt.key_file'
const reset: Advice = ({ encrypted }) =>
  encrypted
    ? 'cut the connection before it let us in: check that the port is the one for TLS, and whether it wants a client certificate'
    : 'cut the connection before it let us in: check the port, and whether it wants TLS (mqtts://)'

/** Codes of Node's sockets and of OpenSSL. */
const SOCKET: Readonly<Record<string, Advice>> = {
  ENOTFOUND: noSuchHost,
  EAI_AGAIN: noSuchHost,
  ECONNREFUSED: () => 'refuses connections: check that it runs, and the port in mqtt.url',
  ETIMEDOUT: noRoute,
  EHOSTUNREACH: noRoute,
  ENETUNREACH: noRoute,
  ECONNRESET: reset,
  EPIPE: reset,
  EPROTO: notTls,
  ERR_SSL_WRONG_VERSION_NUMBER: notTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: notTls,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  CERT_HAS_EXPIRED: () => "shows a certificate that has expired: renew it, or set this machine's clock",
  CERT_NOT_YET_VALID: () => "shows a certificate that is not valid yet: set this machine's clock",
  ERR_TLS_CERT_ALTNAME_INVALID: () =>
    'shows a certificate made for another name: use the name it was made for in mqtt.url',
}

/** TLS alerts by which a broker refuses us, not we it. */
const CERTIFICATE_ALERT = /ALERT_(CERTIFICATE|BAD_CERTIFICATE|UNKNOWN_CA|HANDSHAKE_FAILURE)/

/** A field of whatever was thrown. */
const fieldOf = (error: unknown, name: 'code' | 'message'): unknown =>
  typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined

/** The code of an error: a text of Node's or OpenSSL's, a number of the broker's. */
export const codeOf = (error: unknown): unknown => fieldOf(error, 'code')

function advice(error: unknown, code: unknown): { kind: string; refused: boolean; says: Advice } {
  const message = String(fieldOf(error, 'message'))
  if (typeof code === 'number') {
    return { kind: String(code), refused: true, says: REFUSALS[code] ?? (() => `ended the connection (code ${code})`) }
  }
  if (typeof code === 'string') {
    const known = SOCKET[code]
    if (known) return { kind: code, refused: false, says: known }
    if (CERTIFICATE_ALERT.test(code)) return { kind: 'certificate', refused: true, says: certificateWanted }
    if (code.startsWith('ERR_OSSL')) {
      const says = () => 'was not asked: mqtt.ca_file, mqtt.cert_file or mqtt.key_file is no PEM, or they do not match'
      return { kind: 'pem', refused: false, says }
    }
    return { kind: code, refused: false, says: () => `cannot be reached (${code})` }
  }
  if (message.includes('timeout')) {
    return { kind: 'timeout', refused: false, says: () => 'does not answer: check that this is an MQTT port' }
  }
  if (message.includes('Unexpected server response')) {
    const says = () => 'answers, but not as a websocket: check the path in mqtt.url (often /mqtt)'
    return { kind: 'websocket', refused: false, says }
  }
  return { kind: 'not MQTT', refused: false, says: () => 'does not speak MQTT: check the port in mqtt.url' }
}

/**
 * Why a try did not lead to a connection, or why a connection ended, as a line that says what to do.
 * `error` is null where the other side just closed; `wasUp` says that the connection had been established.
 */
export function explain(error: unknown, wasUp: boolean, where: Where): Trouble {
  if (error instanceof BridgeError) return { kind: error.message, error }
  const code = codeOf(error)
  if (wasUp) {
    const why = typeof code === 'string' || typeof code === 'number' ? ` (${code})` : ''
    const message = `the connection to ${where.place} ended${why}: trying again`
    return { kind: 'lost', error: new BridgeError('MQTT_UNREACHABLE', message, { details: { reason: code ?? null } }) }
  }
  const { kind, refused, says } = error === null ? { kind: 'cut', refused: false, says: reset } : advice(error, code)
  const message = `${where.place} ${says(where)}`
  const details = { reason: code ?? kind }
  return { kind, error: new BridgeError(refused ? 'MQTT_REFUSED' : 'MQTT_UNREACHABLE', message, { details }) }
}

/** Somebody else keeps taking our place at the broker; `until` is when we try again. */
export const contested = (place: string, clientId: string, until: Instant): BridgeError =>
  new BridgeError(
    'MQTT_REFUSED',
    `${place} lets us in and throws us out again and again: another client, perhaps a second octopus2mqtt, uses the client id ` +
      `"${clientId}"; stop one of them, or set another mqtt.client_id. If there is none, look at the broker's log. This one stays ` +
      `away from the broker for five minutes, also where the other is stopped before; a restart tries at once`,
    { details: { reason: 'contested', until } },
  )
