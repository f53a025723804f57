import { readFileSync } from 'node:fs'
import type { Duplex } from 'node:stream'
import type { IClientOptions } from 'mqtt'
import { BridgeError } from '../errors.ts'

/** Where the broker is and who we are there. Files are paths; they are read at each connection, so they may be renewed. */
export interface BrokerSettings {
  /** `mqtt`, `mqtts`, `ws` or `wss`. A user name and password in it count where the fields of their own are absent. */
  readonly url: string
  readonly username?: string | undefined
  readonly password?: string | undefined
  /** PEM. Takes the place of the public certificate authorities; used with `mqtts` and `wss`, as the next two. */
  readonly caFile?: string | undefined
  readonly certFile?: string | undefined
  readonly keyFile?: string | undefined
  /** 4 is MQTT 3.1.1. */
  readonly protocolVersion: 4 | 5
  readonly clientId: string
  /** Published by the broker, retained with QoS 1, when we are gone without a goodbye. */
  readonly will: { readonly topic: string; readonly payload: string }
  /** Gives the bytes' way to the broker, anew for each connection, in place of a socket to `url`. */
  readonly dial?: (() => Duplex) | undefined
}

type Scheme = 'mqtt' | 'mqtts' | 'ws' | 'wss'
const PORTS: Record<Scheme, number> = { mqtt: 1883, mqtts: 8883, ws: 80, wss: 443 }
const isScheme = (text: string): text is Scheme => Object.hasOwn(PORTS, text)

/** Seconds. A broker tells the others of our sudden death after one and a half times this. */
const KEEPALIVE = 30
/** Milliseconds of real time for TCP, TLS and the broker's first answer together. */
const CONNECT_TIMEOUT = 20_000

function parse(url: string): { scheme: Scheme; parsed: URL } {
  const parsed = URL.canParse(url) ? new URL(url) : null
  const scheme = parsed?.protocol.slice(0, -1) ?? ''
  // The text is not repeated, since it may hold a password.
  if (!parsed || !isScheme(scheme) || parsed.hostname === '') {
    throw new BridgeError(
      'MQTT_UNREACHABLE',
      'mqtt.url is not an address such as mqtt://broker:1883 (or mqtts, ws, wss)',
    )
  }
  return { scheme, parsed }
}

/** The broker's address without user name, password or query: fit for a log. */
export function brokerPlace(url: string): string {
  try {
    const { scheme, parsed } = parse(url)
    return `${scheme}://${parsed.hostname}:${parsed.port || PORTS[scheme]}`
  } catch {
    return 'the broker'
  }
}

function decoded(text: string): string | undefined {
  if (text === '') return undefined
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function fileOf(key: string, path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new BridgeError('MQTT_UNREACHABLE', `cannot read mqtt.${key} ${path}: check the path and its permissions`, {
      cause,
    })
  }
}

/** What mqtt.js needs for one connection. Throws MQTT_UNREACHABLE for an address or a file that cannot be used. */
export function clientOptions(settings: BrokerSettings): IClientOptions {
  const { scheme, parsed } = parse(settings.url)
  const websocket = scheme === 'ws' || scheme === 'wss'
  // A socket wants an IPv6 address bare, a websocket's URL wants it in brackets.
  const host = websocket ? parsed.hostname : parsed.hostname.replace(/^\[(.*)\]$/, '$1')
  const username = settings.username ?? decoded(parsed.username)
  const password = settings.password ?? decoded(parsed.password)
  const { caFile, certFile, keyFile } = settings
  const encrypted = scheme === 'mqtts' || scheme === 'wss'
  return {
    protocol: scheme,
    host,
    hostname: host,
    port: Number(parsed.port) || PORTS[scheme],
    ...(websocket && { path: `${parsed.pathname || '/'}${parsed.search}` }),
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    protocolVersion: settings.protocolVersion,
    clientId: settings.clientId,
    // A fixed client id makes the broker publish an old connection's will before it lets the new one in. Nothing is
    // kept for us at the broker: we subscribe and publish everything anew on each connection, and a command that was
    // sent an hour ago must not be obeyed now.
    clean: true,
    will: { topic: settings.will.topic, payload: Buffer.from(settings.will.payload), qos: 1, retain: true },
    keepalive: KEEPALIVE,
    connectTimeout: CONNECT_TIMEOUT,
    // Each connection is a client of its own; waiting, queueing and subscribing again are ours.
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    // Else it makes a buffer for each of 65,536 packet ids beforehand, which is 8 MB for life and saves next to nothing.
    writeCache: false,
    timerVariant: 'native',
    // Its own debugging lines have whole packets in them, and would be put together for nobody.
    log: () => {},
    ...(encrypted && {
      rejectUnauthorized: true,
      ...(caFile !== undefined && { ca: fileOf('ca_file', caFile) }),
      ...(certFile !== undefined && { cert: fileOf('cert_file', certFile) }),
      ...(keyFile !== undefined && { key: fileOf('key_file', keyFile) }),
    }),
  }
}
