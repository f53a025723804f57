/**
 * `octopus2mqtt setup`: for anyone who has no configuration yet. Serves one page that shows what to write and checks it while it is
 * typed. It writes no file, calls nobody, keeps nothing, and reads no file that the text names.
 */
import { readListen } from '../config/checks.ts'
import type { ConfigFiles } from '../config/files.ts'
import { readConfig } from '../config/load.ts'
import type { Problem } from '../config/problems.ts'
import { isBridgeError } from '../errors.ts'
import { startStatusServer } from '../status/server.ts'
import { PRESETS } from '../vehicle/presets.ts'
import { EXIT } from './exit.ts'

export const EXAMPLE = `octopus:
  api_key: \${OCTOPUS_API_KEY}
mqtt:
  url: mqtt://localhost:1883
`

/** Where `run` would listen by default, and as the image says. */
const DEFAULT_LISTEN = '127.0.0.1:8099'
const LISTEN_VARIABLE = 'OCTOPUS2MQTT_STATUS_LISTEN'

/** A file that the text names is taken to be there, and to hold something: what it holds is nobody's business here. */
const UNREAD: ConfigFiles = { read: () => ({ text: 'not-read' }) }

/**
 * What this process has in its environment is not used: whoever sees the page could feel their way to it. A variable is taken
 * to hold what fits in its place, so one value of each kind is tried: an address, a number, a duration, a word and so on.
 */
const STAND_INS = [
  'mqtt://set-where-it-runs',
  'set-where-it-runs',
  '5',
  '30s',
  '23:30',
  '127.0.0.1:8099',
  'true',
  'info',
]

/** What would be wrong with this text at a start, where every `${NAME}` in it is set to what fits and every file is there. */
export function problemsOf(text: string): readonly Problem[] {
  const names = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name)
  const [first = '', ...others] = STAND_INS
  return (names.length === 0 ? [] : others).reduce(
    (left, value) => {
      if (left.length === 0) return left
      const again = problemsWhere(text, names, value)
      return left.filter(({ path, line }) => again.some(each => each.path === path && each.line === line))
    },
    problemsWhere(text, names, first),
  )
}

function problemsWhere(text: string, names: readonly string[], value: string): readonly Problem[] {
  const env = Object.fromEntries(names.map(name => [name, value]))
  try {
    readConfig(text, 'config.yaml', { env, cwd: '/', presets: PRESETS, files: UNREAD })
    return []
  } catch (error) {
    if (isBridgeError(error, 'CONFIG_INVALID')) return error.details.problems as readonly Problem[]
    throw error
  }
}

export async function setup(options: { listen?: string }, asked: Promise<NodeJS.Signals>): Promise<number> {
  const { listen } = options
  const read = readListen(listen ?? (process.env[LISTEN_VARIABLE] || DEFAULT_LISTEN))
  if ('refused' in read) {
    process.stderr.write(`octopus2mqtt: ${listen === undefined ? LISTEN_VARIABLE : '--listen'}: ${read.refused}\n`)
    return EXIT.configWrong
  }
  const server = await startStatusServer({
    ...read.value,
    elsewhere: 'Choose another with --listen',
    setup: { example: EXAMPLE, check: problemsOf },
  })
  process.stdout.write(
    `What to write, checked while you type:  ${server.url}/\nIt writes no file and calls nobody. Ctrl-C ends it.\n`,
  )
  await asked
  await server.close()
  return EXIT.done
}
