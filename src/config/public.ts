/** The configuration as anyone may see it: on `bridge/info`, on the status page. */
import { type Config, camelKey } from './config.ts'
import { formatDuration } from './values.ts'
import { FIELDS } from './walk.ts'

const HIDDEN = '***'

/** Paths of `Config` by what may be shown of them. */
const camelPath = (path: readonly string[]): string => path.map(camelKey).join('.')
const DURATIONS = new Set(FIELDS.filter(field => field.form?.duration).map(field => camelPath(field.path)))
const SECRETS = new Set(FIELDS.filter(field => field.form?.secret).map(field => camelPath(field.path)))
const FILES = new Set(FIELDS.filter(field => field.form?.file !== undefined).map(field => camelPath(field.path)))

/**
 * The configuration in its own snake_case keys, without secrets and without paths of this machine; durations as they
 * are written, the account number masked.
 */
export function publicConfig(config: Config): Record<string, unknown> {
  const { host, port } = config.status.listen
  const shown = {
    ...config,
    octopus: {
      ...config.octopus,
      ...(config.octopus.account === undefined ? {} : { account: maskAccount(config.octopus.account) }),
    },
    mqtt: { ...config.mqtt, url: config.mqtt.url.replace(/\?.*$/, '') },
    status: { ...config.status, listen: host.includes(':') ? `[${host}]:${port}` : `${host}:${port}` },
  }
  return publicNode(shown, '') as Record<string, unknown>
}

/** `A-12****CD`; a number too short to be masked so is hidden whole. */
export const maskAccount = (account: string): string =>
  account.length < 8 ? HIDDEN : `${account.slice(0, 4)}****${account.slice(-2)}`

function publicNode(node: unknown, path: string): unknown {
  if (SECRETS.has(path)) return node === '' ? '' : HIDDEN
  if (typeof node === 'number' && DURATIONS.has(path)) return formatDuration(node)
  if (Array.isArray(node)) return node.map(item => publicNode(item, path))
  if (typeof node !== 'object' || node === null) return node
  const entries = Object.entries(node).flatMap(([key, value]): [string, unknown][] => {
    const below = path === '' ? key : `${path}.${key}`
    return value === undefined || FILES.has(below) ? [] : [[snakeKey(key), publicNode(value, below)]]
  })
  return Object.fromEntries(entries)
}

const snakeKey = (key: string): string => key.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
