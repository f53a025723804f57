/** What must be right between the keys of `ev`, and what the presets decide. Works on the tree, valid or not. */

import { readTopic } from './checks.ts'
import { addUnknownKey } from './issues.ts'
import { suggestion } from './nearest.ts'
import type { PresetKeys, Presets } from './presets.ts'
import type { Problems } from './problems.ts'
import { carShape, DEFAULT_TOPICS } from './section-ev.ts'
import { isMapping, type Mapping, type Tree } from './tree.ts'

type Path = readonly (string | number)[]

const SIGNALS = ['plugged', 'charging', 'power', 'at_home', 'schedule_changed'] as const

export function checkCars(ev: Tree | undefined, presets: Presets, problems: Problems): void {
  const cars: [Tree, Path][] = Array.isArray(ev)
    ? ev.map((car, index): [Tree, Path] => [car, ['ev', index]])
    : ev === undefined
      ? []
      : [[ev, ['ev']]]
  const devices = new Set<string>()
  for (const [car, path] of cars) {
    if (!isMapping(car)) continue
    checkPreset(car, path, presets, problems)
    for (const name of SIGNALS) {
      const hasDefault = cars.length === 1 && car.preset === undefined && name in DEFAULT_TOPICS
      checkSignal(car[name], [...path, name], { mayBeNone: name === 'plugged', hasDefault }, problems)
    }
    if (cars.length > 1) checkOneOfSeveral(car, path, { presets, devices }, problems)
  }
}

interface Others {
  readonly presets: Presets
  /** Of the cars before it. */
  readonly devices: Set<string>
}

function checkOneOfSeveral(car: Mapping, path: Path, { presets, devices }: Others, problems: Problems): void {
  const device = typeof car.device === 'string' ? car.device.trim().toLowerCase() : undefined
  if (device === undefined) problems.add([...path, 'device'], 'required where several cars are listed: its id or name')
  else if (devices.has(device)) problems.add([...path, 'device'], 'this car is listed twice')
  else devices.add(device)
  if (car.plugged === undefined && !tellsPlug(presetOf(car, presets))) {
    problems.add([...path, 'plugged'], 'required where several cars are listed: a topic, or none')
  }
}

const presetOf = (car: Mapping, presets: Presets): PresetKeys | undefined =>
  typeof car.preset === 'string' ? presets.get(car.preset.trim()) : undefined

const tellsPlug = (preset: PresetKeys | undefined): boolean =>
  preset !== undefined && (preset.signals === undefined || (preset.signals.plugged ?? []).length > 0)

function checkPreset(car: Mapping, path: Path, presets: Presets, problems: Problems): void {
  const extra = Object.keys(car).filter(key => !Object.hasOwn(carShape, key))
  const preset = presetOf(car, presets)
  if (typeof car.preset === 'string' && preset === undefined) {
    problems.add([...path, 'preset'], `there is no such preset${suggestion(car.preset, [...presets.keys()])}`)
    return
  }
  const params = preset?.params ?? []
  for (const key of extra) {
    const value = car[key]
    if (!params.includes(key)) addUnknownKey(problems, [...path, key], [...Object.keys(carShape), ...params])
    else if (typeof value !== 'string') problems.add([...path, key], 'expected a single value')
    else if (value.trim() === '') problems.add([...path, key], 'this is empty')
    else if (!preset?.texts?.includes(key)) {
      // A preset makes topics of it.
      const read = readTopic(value)
      if ('refused' in read) problems.add([...path, key], read.refused)
    }
  }
  for (const key of params) {
    if (!(key in car) && preset?.defaults[key] === undefined) problems.add([...path, key], 'required by this preset')
  }
}

interface About {
  readonly mayBeNone: boolean
  /** Whether the signal has a topic without being given one. */
  readonly hasDefault: boolean
}

function checkSignal(signal: Tree | undefined, path: Path, about: About, problems: Problems): void {
  if (Array.isArray(signal)) {
    const inList = { ...about, hasDefault: false }
    for (const [index, source] of signal.entries()) checkListed(source, [...path, index], inList, problems)
    return
  }
  if (isNone(signal) && !about.mayBeNone) problems.add(path, 'only ev.plugged can be none; leave this key out')
  if (!isMapping(signal)) return
  const { sources } = signal
  if (sources === undefined) {
    const says = SOURCE_KEYS.filter(key => key in signal)
    if (says.length > 0) checkSource(signal, path, about, problems)
    return
  }
  for (const key of ['topic', ...SOURCE_KEYS]) {
    if (key in signal)
      problems.add([...path, key], 'give either this or sources; in a list it belongs into each source')
  }
  if (Array.isArray(sources)) checkSignal(sources, [...path, 'sources'], about, problems)
}

/** Keys that make no sense without a topic. */
const SOURCE_KEYS = ['json', 'true_values', 'false_values', 'above', 'below', 'unit', 'availability'] as const

const isNone = (tree: Tree | undefined): boolean => typeof tree === 'string' && tree.trim().toLowerCase() === 'none'

function checkListed(source: Tree, path: Path, about: About, problems: Problems): void {
  if (isMapping(source)) checkSource(source, path, about, problems)
  else if (isNone(source)) problems.add(path, 'none cannot stand in a list of sources')
}

function checkSource(source: Mapping, path: Path, about: About, problems: Problems): void {
  if (source.topic === undefined && !about.hasDefault)
    problems.add([...path, 'topic'], 'required: which topic is this?')
  if (numberIn(source.above) < numberIn(source.below))
    problems.add([...path, 'below'], 'must not be greater than above')
  checkOverlap(source, path, problems)
}

/** NaN, which is neither less nor more than anything, where there is no number. */
const numberIn = (tree: Tree | undefined): number => (typeof tree === 'string' ? Number(tree) : Number.NaN)

function checkOverlap(source: Mapping, path: Path, problems: Problems): void {
  const listed = (tree: Tree | undefined): string[] =>
    (Array.isArray(tree) ? tree : [tree]).flatMap(word => (typeof word === 'string' ? [word.trim().toLowerCase()] : []))
  const yes = listed(source.true_values)
  if (listed(source.false_values).some(word => yes.includes(word))) {
    problems.add([...path, 'false_values'], 'a value stands in true_values and in false_values')
  }
}
