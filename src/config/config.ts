/** The configuration as the rest of the program knows it: camelCase, durations in milliseconds, secrets resolved. */
import { type CarConfig, normaliseCars } from './cars.ts'
import { splitCredentials } from './checks.ts'
import type { Parsed } from './schema.ts'

type Camel<S extends string> = S extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : S

/** The same shape with camelCase keys, read-only all the way down. */
export type Camelled<T> = T extends readonly (infer I)[]
  ? readonly Camelled<I>[]
  : T extends object
    ? { readonly [K in keyof T as K extends string ? Camel<K> : K]: Camelled<T[K]> }
    : T

type Plain = Camelled<Omit<Parsed, 'octopus' | 'mqtt' | 'homeassistant' | 'ev' | 'intelligent'>>

export interface Config extends Plain {
  readonly octopus: Camelled<Omit<Parsed['octopus'], 'api_key' | 'api_key_file'>> & { readonly apiKey: string }
  /** `url` holds no user name and no password; it may be logged. */
  readonly mqtt: Camelled<Omit<Parsed['mqtt'], 'url' | 'password_file' | 'protocol_version'>> & {
    readonly url: string
    readonly protocolVersion: 4 | 5
  }
  readonly homeassistant: Camelled<Omit<Parsed['homeassistant'], 'token_file'>>
  /** One for one car, or one for each `device`; never empty. */
  readonly ev: readonly CarConfig[]
  readonly intelligent: Camelled<Omit<Parsed['intelligent'], 'off_peak'>> & {
    /** London times of day. `configured`: the user wrote it, so there is a night on any tariff. */
    readonly offPeak: { readonly start: string; readonly end: string; readonly configured: boolean }
  }
}

/** Builds the configuration from what the schema and all checks have let through. */
export function toConfig(parsed: Parsed, offPeakConfigured: boolean): Config {
  const { octopus, mqtt, homeassistant, ev, intelligent, ...plain } = parsed
  const { api_key: apiKey = '', api_key_file: _keyFile, ...account } = octopus
  const { url = NO_BROKER, password_file: _passwordFile, protocol_version: version, ...broker } = mqtt
  const { token_file: _tokenFile, ...homeAssistant } = homeassistant
  const { off_peak: offPeak, ...charging } = intelligent
  const split = splitCredentials(url)
  const username = notBlank(broker.username) ?? split.username
  const password = notBlank(broker.password) ?? split.password
  const { username: _username, password: _password, ...brokerRest } = broker
  return {
    ...camelled(plain),
    octopus: { ...camelled(account), apiKey },
    mqtt: {
      ...camelled(brokerRest),
      url: split.url,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      protocolVersion: version === '5' ? 5 : 4,
    },
    homeassistant: camelled(homeAssistant),
    ev: normaliseCars(ev),
    intelligent: { ...camelled(charging), offPeak: { ...offPeak, configured: offPeakConfigured } },
  }
}

/** Stands in where a command that needs no broker was given none. */
export const NO_BROKER = 'mqtt://localhost:1883'

/** A variable that is set to nothing is the usual way to say that the broker asks for no user. */
const notBlank = (value: string | undefined): string | undefined => (value === '' ? undefined : value)

export const camelKey = (key: string): string => key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

function camelled<T>(value: T): Camelled<T> {
  const convert = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(convert)
    if (typeof node !== 'object' || node === null) return node
    const entries = Object.entries(node).filter(([, below]) => below !== undefined)
    return Object.fromEntries(entries.map(([key, below]) => [camelKey(key), convert(below)]))
  }
  return convert(value) as Camelled<T>
}

/** Every secret in it, for whoever redacts what is written out. */
export const secretsOf = (config: Config): string[] =>
  [config.octopus.apiKey, config.mqtt.password, config.homeassistant.token].filter(
    (secret): secret is string => secret !== undefined && secret !== '',
  )
