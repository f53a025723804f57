/**
 * The environment as a layer above the file: `OCTOPUS2MQTT_<SECTION>_<KEY>`, one variable for each key. Lists, and the
 * mappings that may also be written shorter (`ev` and its signals), are JSON.
 */
import { suggestion } from './nearest.ts'
import type { Place, Problems } from './problems.ts'
import { emptyMapping, isMapping, type Mapping, type Tree } from './tree.ts'
import { FIELDS, type Field, variableOf } from './walk.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** Names the configuration file itself. */
export const CONFIG_VARIABLE = 'OCTOPUS2MQTT_CONFIG'
const PREFIX = 'OCTOPUS2MQTT_'
/** What Kubernetes and Docker's links put beside a service of our name. */
const NOT_OURS = /^OCTOPUS2MQTT_(SERVICE_(HOST|PORT)|PORT)(_|$)/

/** For `octopus2mqtt run` with nothing but the environment. */
const CONVENIENCE = [
  { variable: 'OCTOPUS_API_KEY', section: 'octopus', key: 'api_key', twin: 'api_key_file' },
  { variable: 'MQTT_URL', section: 'mqtt', key: 'url', twin: undefined },
] as const

/** Every variable and the key that it sets; `params` are those of all presets, which stand beside `ev.preset`. */
export function variables(params: readonly string[]): Map<string, Pick<Field, 'path' | 'form' | 'flexible'>> {
  const settable = FIELDS.filter(field => field.form !== undefined || field.flexible)
  const names = new Map<string, Pick<Field, 'path' | 'form' | 'flexible'>>()
  for (const param of params)
    names.set(variableOf(['ev', param]), { path: ['ev', param], form: undefined, flexible: false })
  for (const field of settable) names.set(variableOf(field.path), field)
  return names
}

/** Lays the environment over `tree` (which it changes) and notes the place of each value it set. */
export function overlay(
  tree: Mapping,
  env: Environment,
  params: readonly string[],
  places: Map<string, Place>,
  problems: Problems,
): void {
  const known = variables(params)
  // Shorter paths first, so that OCTOPUS2MQTT_EV as a whole does not undo OCTOPUS2MQTT_EV_PLUGGED.
  const given = Object.keys(env)
    .filter(name => name.startsWith(PREFIX) && name !== CONFIG_VARIABLE && !NOT_OURS.test(name))
    .sort((a, b) => (known.get(a)?.path.length ?? 0) - (known.get(b)?.path.length ?? 0))
  for (const variable of given) {
    const value = env[variable]
    if (value === undefined || value === '') continue
    const field = known.get(variable)
    if (field === undefined) {
      problems.add([variable], `unknown variable${suggestion(variable, [...known.keys()])}`, { variable })
      continue
    }
    const read = fromVariable(value, field)
    openShortForm(tree, field.path)
    if ('refused' in read) problems.add(field.path, read.refused, { variable })
    else if (!put(tree, field.path, read.tree)) {
      problems.add(field.path, 'the file says this as a list or as none; set it there', { variable })
    } else markPlace(places, field.path.join('.'), { variable })
  }
  for (const { variable, section, key, twin } of CONVENIENCE) {
    const value = env[variable]
    const there = tree[section]
    if (value === undefined || value === '' || (there !== undefined && !isMapping(there))) continue
    if (there !== undefined && (key in there || (twin !== undefined && twin in there))) continue
    put(tree, [section, key], value)
    markPlace(places, `${section}.${key}`, { variable })
  }
}

/** The value at `path` now comes from elsewhere, with everything in it. */
function markPlace(places: Map<string, Place>, path: string, place: Place): void {
  for (const known of [...places.keys()]) if (known.startsWith(`${path}.`)) places.delete(known)
  places.set(path, place)
}

function fromVariable(value: string, field: Pick<Field, 'form' | 'flexible'>): { tree: Tree } | { refused: string } {
  const isList = field.form?.list === true
  if (!isList && !(field.flexible && /^\s*[[{]/.test(value))) return { tree: value }
  const refused = isList ? 'expected a list as JSON, such as ["on","1"]' : 'expected JSON'
  try {
    const parsed: unknown = JSON.parse(value)
    return isList && !Array.isArray(parsed) ? { refused } : { tree: fromJson(parsed) ?? emptyMapping() }
  } catch {
    return { refused }
  }
}

/** JSON as the tree that the same words in YAML would give. */
export function fromJson(json: unknown): Tree | undefined {
  if (json === null || json === undefined) return undefined
  if (Array.isArray(json)) return json.map(item => fromJson(item) ?? String(item))
  if (typeof json !== 'object') return String(json)
  const mapping = emptyMapping()
  for (const [key, value] of Object.entries(json)) {
    const below = fromJson(value)
    if (below !== undefined) mapping[key] = below
  }
  return mapping
}

/** `plugged: garage/plug` as the mapping it stands for, so that one key of it can be set. */
function openShortForm(tree: Mapping, [section, signal, key]: readonly string[]): void {
  const ev = section === 'ev' ? tree.ev : undefined
  if (!isMapping(ev) || signal === undefined || key === undefined) return
  const short = ev[signal]
  if (typeof short === 'string' && short.trim().toLowerCase() !== 'none') {
    const opened = emptyMapping()
    opened.topic = short
    ev[signal] = opened
  }
}

/** Sets a value, making the mappings on the way; false where something that is no mapping stands in the way. */
function put(tree: Mapping, path: readonly string[], value: Tree): boolean {
  const [key = '', ...rest] = path
  if (rest.length === 0) {
    tree[key] = value
    return true
  }
  const below = tree[key] ?? emptyMapping()
  if (!isMapping(below)) return false
  tree[key] = below
  return put(below, rest, value)
}
