/** A real value, made wrong: one of its leaves, its keys, its rows, or its bytes. */
import fc from 'fast-check'
import { hostileLeaf, hostileName, hostileTime } from './hostile-values.ts'

type Path = readonly (string | number)[]

/** Where every value of a tree stands, the root included. */
function pathsOf(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [at]
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? value.map((item, index) => [index, item])
    : Object.entries(value)
  return [at, ...entries.flatMap(([key, below]) => pathsOf(below, [...at, key]))]
}

/** The tree with what stands at `path` replaced by what `change` makes of it; `undefined` takes it away. */
function changed(value: unknown, path: Path, change: (old: unknown) => unknown): unknown {
  const [step, ...rest] = path
  if (step === undefined) return change(value)
  if (Array.isArray(value)) {
    const items = value.map((item, index) => (index === step ? changed(item, rest, change) : item))
    return items.filter(item => item !== undefined)
  }
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, below]) =>
    key === step ? [key, changed(below, rest, change)] : [key, below],
  )
  return Object.fromEntries(entries.filter(([, below]) => below !== undefined))
}

type Change = (old: unknown) => unknown

/** Keys of Octopus's answers that become times, numbers, ids and names of ours. */
const KEYS = [
  ...['start', 'end', 'timestamp', 'validFrom', 'validTo', 'interval_start', 'time', 'max', 'value', 'consumption'],
  ...[
    'energyAddedKwh',
    'delta',
    'id',
    'name',
    'number',
    'mpan',
    'serialNumber',
    'currentState',
    'type',
    'token',
    'exp',
  ],
]

/** Every value of this key, however deep. */
const everywhere = (value: unknown, key: string, leaf: unknown): unknown => {
  if (Array.isArray(value)) return value.map(item => everywhere(item, key, leaf))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  return Object.fromEntries(entries.map(([name, below]) => [name, name === key ? leaf : everywhere(below, key, leaf)]))
}

const change: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 6,
    arbitrary: hostileLeaf.map(
      (leaf): Change =>
        () =>
          leaf,
    ),
  },
  { weight: 2, arbitrary: fc.constant<Change>(() => undefined) },
  { weight: 1, arbitrary: fc.constant<Change>(old => [old, old]) },
  { weight: 1, arbitrary: fc.constant<Change>(old => ({ value: old })) },
  {
    weight: 1,
    arbitrary: fc.tuple(hostileName, hostileLeaf).map(
      ([name, leaf]): Change =>
        old =>
          typeof old === 'object' && old !== null && !Array.isArray(old)
            ? Object.fromEntries([...Object.entries(old), [name, leaf]])
            : old,
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(2, 50, 5_000).map(
      (many): Change =>
        old =>
          Array.isArray(old) ? Array.from({ length: many }, () => old).flat() : old,
    ),
  },
)

/** One to three changes, each somewhere in the tree as it is by then. */
export const mutations: fc.Arbitrary<(tree: unknown) => unknown> = fc
  .array(
    fc.oneof(
      { weight: 2, arbitrary: fc.tuple(fc.nat(), change) },
      { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...KEYS), fc.oneof(hostileTime, hostileLeaf)) },
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map(steps => tree => {
    let now = tree
    for (const step of steps) {
      const [where, make] = step
      if (typeof where === 'string') now = everywhere(now, where, make)
      else {
        const paths = pathsOf(now)
        now = changed(now, paths[where % paths.length] ?? [], make as Change)
      }
    }
    return now
  })

type ByteChange = readonly ['flip' | 'cut' | 'drop' | 'repeat', number, number]

const byteChange: fc.Arbitrary<ByteChange> = fc.tuple(
  fc.constantFrom('flip', 'cut', 'drop', 'repeat'),
  fc.nat(),
  fc.integer({ min: 1, max: 255 }),
)

/** One to `most` changes of the bytes. */
export const byteMutations = (most = 3): fc.Arbitrary<(bytes: Buffer) => Buffer> =>
  fc.array(byteChange, { minLength: 1, maxLength: most }).map(steps => bytes => {
    let now: Buffer = Buffer.from(bytes)
    for (const [kind, where, by] of steps) {
      const at = now.length === 0 ? 0 : where % now.length
      if (kind === 'flip' && now.length > 0) now[at] = (now[at] ?? 0) ^ by
      if (kind === 'cut') now = now.subarray(0, at)
      if (kind === 'drop') now = Buffer.concat([now.subarray(0, at), now.subarray(at + by)])
      if (kind === 'repeat') now = Buffer.concat([now.subarray(0, at), now.subarray(Math.max(0, at - by))])
    }
    return now
  })
