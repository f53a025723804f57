import type { Config } from '../../src/config/config.ts'
import type { ConfigFiles, FileRead } from '../../src/config/files.ts'
import { readConfig } from '../../src/config/load.ts'
import type { Presets } from '../../src/config/presets.ts'
import type { Problem } from '../../src/config/problems.ts'
import { isBridgeError } from '../../src/errors.ts'

export const KEY = 'sk_live_Zq7mNeverShowThis0042'

export const MINIMAL = `octopus:
  api_key: ${KEY}
mqtt:
  url: mqtt://mosquitto:1883
`

export const PRESETS: Presets = new Map([
  ['evcc', { params: ['loadpoint', 'prefix'], defaults: { loadpoint: '1', prefix: 'evcc' } }],
  ['go-e', { params: ['serial'], defaults: {} }],
])

/** A file system of a few files; a directory is `null`, a file that may not be read `undefined`. */
export const filesOf = (files: Record<string, string | null | undefined>): ConfigFiles => ({
  read(path): FileRead {
    if (!(path in files)) return { failed: 'missing' }
    const text = files[path]
    if (text === null) return { failed: 'directory' }
    return text === undefined ? { failed: 'unreadable' } : { text }
  },
})

type Env = Record<string, string | undefined>

export const read = (text: string, env: Env = {}, files: Record<string, string | null> = {}): Config =>
  readConfig(text, 'config.yaml', { env, cwd: '/', presets: PRESETS, files: filesOf(files) })

export interface Refusal {
  readonly message: string
  readonly problems: readonly Problem[]
}

/** Fails unless `load` throws CONFIG_INVALID. */
export function refusalOf(load: () => unknown): Refusal {
  try {
    load()
  } catch (error) {
    if (!isBridgeError(error, 'CONFIG_INVALID')) throw error
    return { message: error.message, problems: error.details.problems as Problem[] }
  }
  throw new Error('the configuration was accepted')
}

export const refused = (text: string, env: Env = {}, files: Record<string, string | null> = {}): Refusal =>
  refusalOf(() => read(text, env, files))

/** `path: message` of each problem. */
export const said = ({ problems }: Refusal): string[] => problems.map(({ path, message }) => `${path}: ${message}`)
