/** Finds, reads and checks the configuration. */
import { BridgeError } from '../errors.ts'
import { checkCars } from './car-checks.ts'
import { type Config, toConfig } from './config.ts'
import { crossCheck } from './cross-checks.ts'
import { CONFIG_VARIABLE, type Environment, overlay } from './environment.ts'
import { type ConfigFiles, filesIn, WHY_UNREAD } from './files.ts'
import { addIssues } from './issues.ts'
import { allParams, type Presets } from './presets.ts'
import { type Place, Problems } from './problems.ts'
import { fileSchema } from './schema.ts'
import { resolveSecrets } from './secrets.ts'
import { emptyMapping, isMapping, type Mapping } from './tree.ts'
import { readYaml } from './yaml-file.ts'

export interface LoadOptions {
  /** `--config` */
  readonly path?: string | undefined
  readonly env: Environment
  /** Relative paths begin here. */
  readonly cwd: string
  readonly presets: Presets
  /** Another file system, for tests. */
  readonly files?: ConfigFiles
  /** What a command can do without; by default it needs both. */
  readonly needs?: { readonly octopus?: boolean; readonly broker?: boolean }
}

export interface LoadedConfig {
  readonly config: Config
  /** The file as the user knows it; null where the environment alone was enough. */
  readonly file: string | null
}

/** Where a configuration is looked for when nobody names one. */
export const DEFAULT_PATHS = ['./config.yaml', '/config/config.yaml'] as const

/**
 * Loads the configuration: `path`, else `$OCTOPUS2MQTT_CONFIG`, else `./config.yaml`, else `/config/config.yaml`, else the
 * environment alone. Throws CONFIG_NOT_FOUND (a named file is not there), CONFIG_UNREADABLE, or CONFIG_INVALID with every
 * problem at once.
 */
export function loadConfig(options: LoadOptions): LoadedConfig {
  const files = options.files ?? filesIn(options.cwd)
  const found = find(options, files)
  return {
    config: readConfig(found?.text ?? '', found?.name ?? 'environment', {
      ...options,
      files,
    }),
    file: found?.name ?? null,
  }
}

/** What the file says, as it stands there and unchecked; empty where there is none. Throws as `loadConfig` does where there is no reading it. */
export function treeInFile(options: LoadOptions): Mapping {
  const found = find(options, options.files ?? filesIn(options.cwd))
  return readYaml(found?.text ?? '', options.env).tree ?? emptyMapping()
}

interface Found {
  readonly name: string
  readonly text: string
}

function find({ path, env }: LoadOptions, files: ConfigFiles): Found | undefined {
  const named = path ?? (env[CONFIG_VARIABLE] || undefined)
  for (const candidate of named === undefined ? DEFAULT_PATHS : [named]) {
    const name = candidate.replace(/^\.\//, '')
    const read = files.read(candidate)
    if ('text' in read) return { name, text: read.text }
    if (read.failed === 'missing' && named === undefined) continue
    if (read.failed === 'missing')
      throw new BridgeError('CONFIG_NOT_FOUND', `${name}: there is no such file`, about(name))
    const why = WHY_NOT[read.failed]
    throw new BridgeError('CONFIG_UNREADABLE', `${name}: ${why}`, about(name))
  }
  return undefined
}

const WHY_NOT = {
  ...WHY_UNREAD,
  directory: 'this is a directory; a container engine makes one where the file to mount is missing',
}

const about = (file: string) => ({ details: { file } })

/** Checks the text of a file, under the name that messages give it, with the environment on top. */
export function readConfig(text: string, name: string, options: Omit<LoadOptions, 'path'>): Config {
  const { env, presets } = options
  const files = options.files ?? filesIn(options.cwd)
  const places = new Map<string, Place>()
  const secrets = secretsIn(env)
  const problems = new Problems(places, secrets)

  const yaml = readYaml(text, env)
  for (const [path, line] of yaml.lines) places.set(path, { line })
  for (const { path, line, message } of yaml.problems) problems.add(path, message, { line })
  if (yaml.tree === undefined && problems.any) throw problems.toError(name)

  const tree: Mapping = yaml.tree ?? emptyMapping()
  overlay(tree, env, allParams(presets), places, problems)
  const offPeakConfigured = isMapping(tree.intelligent) && tree.intelligent.off_peak !== undefined
  resolveSecrets(tree, files, problems, secrets)
  checkCars(tree.ev, presets, problems)
  crossCheck(tree, { octopus: true, broker: true, ...options.needs }, files, problems)
  const parsed = fileSchema.safeParse(tree)
  if (!parsed.success) addIssues(problems, parsed.error.issues)
  if (problems.any || !parsed.success) throw problems.toError(name)
  return toConfig(parsed.data, offPeakConfigured)
}

/** Values whose names say that they are secret, so that no message repeats one. */
function secretsIn(env: Environment): Set<string> {
  const secret = Object.entries(env).filter(([name]) => /(key|token|password|passwd|secret)$/i.test(name))
  return new Set(secret.flatMap(([, value]) => (value === undefined || value.trim() === '' ? [] : [value.trim()])))
}
