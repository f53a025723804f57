/**
 * Inside a Home Assistant app: what the user wrote on the app's configuration tab, and the broker that the Supervisor knows
 * of, as the environment variables that mean the same. So they beat a file, and are checked like everything else.
 */
import { readFileSync } from 'node:fs'
import { type Clock, SECOND } from '../clock.ts'
import type { Mapping } from '../config/tree.ts'
import { BridgeError } from '../errors.ts'
import { type Fetch, textOf } from '../fetch.ts'
import { SUPERVISOR } from '../status/guard.ts'

type Environment = Readonly<Record<string, string | undefined>>

export interface SupervisorPlace {
  readonly env: Environment
  readonly clock: Clock
  readonly fetch: Fetch
  readonly say: (line: string) => void
  /** Where the Supervisor puts the options. */
  readonly optionsFile?: string
  /** `http://supervisor` */
  readonly url?: string
  /** What the configuration file says, unchecked. */
  readonly inFile: Mapping
  /** Where nothing is asked of the broker, the Supervisor is not asked for one. */
  readonly needsBroker?: boolean
}

/** Who may always connect: ingress and watchdog, and the image's own health check from within. */
const ALWAYS = [SUPERVISOR, '127.0.0.1']

/** Options that are no key of the configuration but stand for several. */
const ENERGY_DASHBOARD = 'energy_dashboard'

const PATIENCE = 120 * SECOND
const ONE_ANSWER = 10 * SECOND
/** Bytes. */
const LARGEST_ANSWER = 1024 * 1024
const FIRST_WAIT = SECOND
const LONGEST_WAIT = 10 * SECOND

const TOKEN = 'SUPERVISOR_TOKEN'
const ALLOW = 'OCTOPUS2MQTT_STATUS_ALLOW'

/** Whether this process is a Home Assistant app. */
export const isApp = (env: Environment): boolean => (env[TOKEN] ?? '') !== ''

/**
 * The environment with what the app's options and the Supervisor add to it. Explicit values win: the Supervisor is asked for
 * a broker only where neither options, nor the environment, nor a file say anything of one. Throws CONFIG_UNREADABLE where
 * the options are none, and SUPERVISOR_UNREACHABLE.
 */
export async function appEnvironment(place: SupervisorPlace): Promise<Environment> {
  const { env, inFile, needsBroker = true } = place
  const options = readOptions(place.optionsFile ?? '/data/options.json')
  const own = variablesOf(options)
  const isSaid = (section: string, keys: readonly string[]) => {
    const said = inFile[section]
    return keys.some(
      key =>
        [own, env].some(variables => (variables[variableOf(section, key)] ?? '') !== '') ||
        (isMapping(said) && said[key] !== undefined),
    )
  }
  const statistics: Record<string, string> =
    options[ENERGY_DASHBOARD] === true && !isSaid('homeassistant', ['url'])
      ? {
          OCTOPUS2MQTT_HOMEASSISTANT_URL: 'http://supervisor/core',
          OCTOPUS2MQTT_HOMEASSISTANT_TOKEN: env[TOKEN] ?? '',
        }
      : {}
  const status = isMapping(inFile.status) ? inFile.status : {}
  const allowed = [...ALWAYS, ...(listed(own[ALLOW]) ?? [status.allow ?? []].flat())]
  const made: Environment = { ...env, ...statistics, ...own, [ALLOW]: JSON.stringify(allowed) }
  const saysBroker = (env.MQTT_URL ?? '') !== '' || isSaid('mqtt', ['url', 'username', 'password', 'password_file'])
  if (saysBroker || !needsBroker) return made
  return { ...made, ...brokerVariables(await askForBroker(place)) }
}

type Options = Readonly<Record<string, unknown>>

const isMapping = (value: unknown): value is Options =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function readOptions(file: string): Options {
  try {
    const options: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (isMapping(options)) return options
  } catch {
    // Said below, without a path or a word of it: they hold the key.
  }
  const message = "the app's options cannot be read: save them once more on its configuration tab, and restart it"
  throw new BridgeError('CONFIG_UNREADABLE', message)
}

const variableOf = (section: string, key: string) => `OCTOPUS2MQTT_${section}_${key}`.toUpperCase()

const isNothing = (value: unknown) => value === null || value === undefined || value === ''

/** `{"mqtt": {"url": "…"}}` as `OCTOPUS2MQTT_MQTT_URL`. What is null or empty is not said, in a list neither. */
function variablesOf(options: Options): Record<string, string> {
  const variables: Record<string, string> = {}
  for (const [section, keys] of Object.entries(options)) {
    if (!isMapping(keys)) continue
    for (const [key, value] of Object.entries(keys)) {
      const said: unknown = Array.isArray(value) ? value.filter(item => !isNothing(item)) : value
      if (isNothing(said) || (Array.isArray(said) && said.length === 0)) continue
      variables[variableOf(section, key)] = typeof said === 'object' ? JSON.stringify(said) : String(said)
    }
  }
  return variables
}

/** A list of ours as it was; undefined where there is none. */
const listed = (json: string | undefined): unknown[] | undefined =>
  json === undefined ? undefined : (JSON.parse(json) as unknown[])

interface BrokerService {
  readonly host: string
  readonly port: number
  readonly username?: string | null
  readonly password?: string | null
  readonly ssl?: boolean
}

function brokerVariables({ host, port, username, password, ssl }: BrokerService): Record<string, string> {
  // The app's own localhost is not where the broker is.
  const place = ['localhost', '127.0.0.1', '::1'].includes(host) ? 'core-mosquitto' : host
  return {
    OCTOPUS2MQTT_MQTT_URL: `${ssl === true ? 'mqtts' : 'mqtt'}://${place.includes(':') ? `[${place}]` : place}:${port}`,
    ...(username && { OCTOPUS2MQTT_MQTT_USERNAME: username }),
    ...(password && { OCTOPUS2MQTT_MQTT_PASSWORD: password }),
  }
}

/** Asks until there is an answer: after a boot the Supervisor, and the broker that tells it of itself, take their time. */
async function askForBroker({
  env,
  clock,
  fetch,
  say,
  url = 'http://supervisor',
}: SupervisorPlace): Promise<BrokerService> {
  const begun = clock.monotonic()
  let wait = FIRST_WAIT
  for (;;) {
    const answer = await askOnce(`${url}/services/mqtt`, env[TOKEN] ?? '', clock, fetch)
    if (typeof answer !== 'string') return answer
    const message = `the Supervisor names no MQTT broker (${answer})`
    if (clock.monotonic() - begun + wait > PATIENCE)
      throw new BridgeError(
        'SUPERVISOR_UNREACHABLE',
        `${message}: install and start the Mosquitto app and add Home Assistant's MQTT integration, or write mqtt.url into the app's configuration`,
      )
    say(`${message}; asking again in ${wait / SECOND} s`)
    const pause = wait
    await new Promise<void>(resolve => void clock.after(pause, resolve))
    wait = Math.min(2 * wait, LONGEST_WAIT)
  }
}

/** What it says, or why there is no saying. Nothing of an answer is repeated: it may hold a password. */
async function askOnce(url: string, token: string, clock: Clock, fetch: Fetch): Promise<BrokerService | string> {
  const controller = new AbortController()
  const cancel = clock.after(ONE_ANSWER, () => controller.abort())
  try {
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${token}` },
      redirect: 'manual',
      signal: controller.signal,
    })
    if (response.status !== 200) return `HTTP ${response.status}`
    const body: unknown = JSON.parse((await textOf(response, LARGEST_ANSWER)) ?? '')
    const data = isMapping(body) ? body.data : null
    return isService(data) ? data : 'an answer without host and port'
  } catch {
    return controller.signal.aborted ? 'no answer in time' : 'it cannot be reached'
  } finally {
    cancel()
  }
}

const isService = (data: unknown): data is BrokerService =>
  isMapping(data) &&
  typeof data.host === 'string' &&
  data.host !== '' &&
  Number.isInteger(data.port) &&
  [data.username, data.password].every(text => text === undefined || text === null || typeof text === 'string')
