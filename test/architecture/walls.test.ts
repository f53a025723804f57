/** Holds the walls of docs/architecture.md: who may import whom, who may use which library, and where time comes from. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { type Import, importsOf, ROOT, readSources, type Source, sourceOf, withoutComments } from './sources.ts'

const sources = readSources()

/** What any room may use: small, pure, and below everything. */
const GROUND = ['clock.ts', 'errors.ts', 'missing.ts', 'once.ts', 'redactor.ts', 'shape.ts', 'snapshot.ts']

/** The way out by HTTP. It is handed in, and only who uses it may import it. */
const WAY_OUT = 'fetch.ts'

/**
 * The rooms, and what of the other rooms each may import: a whole room, or one file of it. A room that is not in here, or
 * an import that is not, fails: adding one is a decision.
 */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  time: [],
  intelligent: ['time', 'vehicle/types.ts'],
  energy: ['time', 'intelligent/dispatching.ts'],
  vehicle: ['intelligent/types.ts'],
  config: ['intelligent/types.ts'],
  store: ['time', 'intelligent/admission.ts', 'energy/types.ts'],
  octopus: [
    ...['time', 'energy/types.ts', 'store/calls.ts', WAY_OUT],
    ...['intelligent/dispatching.ts', 'intelligent/types.ts', 'intelligent/admission.ts'],
  ],
  meters: ['energy', 'log.ts', 'store', 'time'],
  entities: ['time', 'intelligent/types.ts'],
  'home-assistant': ['entities', 'time', 'store/values.ts'],
  mqtt: [],
  status: ['entities', 'time'],
  simulator: ['time', 'intelligent/types.ts'],
  account: [
    ...['config/cars.ts', 'energy', 'intelligent', 'log.ts', 'meters', 'time', 'vehicle'],
    ...['octopus/meter-points.ts', 'octopus/octopus.ts', 'octopus/parse-account.ts', 'octopus/parse-devices.ts'],
    ...['octopus/rates.ts', 'store/devices.ts', 'store/open.ts', 'store/values.ts'],
    'entities/plan-changes.ts',
  ],
}

/** Rooms and files that put the others together: the composition root, the outputs' meeting place, the commands. */
const TOGETHER = ['', 'cli']

/** Where a library may be imported. The registry's other libraries are for nobody. */
const LIBRARIES: Readonly<Record<string, readonly string[]>> = {
  aedes: ['cli'],
  'big.js': ['energy/decimal.ts'],
  bottleneck: ['octopus'],
  commander: ['cli', 'main.ts'],
  fastify: ['status'],
  graphql: ['simulator'],
  'graphql-request': ['octopus'],
  'home-assistant-js-websocket': ['home-assistant/statistics'],
  libsql: ['store/database.ts'],
  luxon: ['octopus', 'simulator', 'cli/check-summer-time.ts'],
  mqtt: ['mqtt'],
  pino: ['log.ts'],
  'pino-pretty': ['log.ts'],
  'prom-client': ['status/metrics.ts'],
  'string-width': ['cli/width.ts'],
  ws: ['home-assistant/statistics'],
  yaml: ['config'],
  zod: ['config', 'mqtt', 'bridge-requests.ts'],
}

/** The same for Node's own modules: sockets and files are few, and known. */
const MODULES: Readonly<Record<string, readonly string[]>> = {
  'node:crypto': [
    'bridge.ts',
    'home-assistant/statistics',
    'octopus/session.ts',
    'store',
    'simulator',
    'vehicle/schedule.ts',
  ],
  'node:fs': [
    'about.ts',
    'cli',
    'config/files.ts',
    'home-assistant/statistics',
    'mqtt/settings.ts',
    'status/assets.ts',
    'store',
  ],
  'node:http': [WAY_OUT, 'simulator'],
  'node:https': [WAY_OUT],
  'node:net': ['cli', 'status'],
  'node:os': ['cli', 'store'],
  'node:path': ['cli', 'config', 'store'],
  'node:stream': [WAY_OUT, 'mqtt/settings.ts', 'status/streams.ts'],
  'node:dns/promises': ['cli'],
  'node:util': ['cli'],
  'node:zlib': [WAY_OUT],
}

const PURE = ['time', 'intelligent', 'energy']
const OUTPUTS = ['entities', 'home-assistant', 'mqtt', 'status']

const covers = (allowed: readonly string[], path: string): boolean =>
  allowed.some(entry => path === entry || path.startsWith(`${entry}/`))

const breaches = (judge: (source: Source, one: Import) => boolean, among: readonly Source[] = sources): string[] =>
  among.flatMap(source =>
    source.imports
      .filter(one => !judge(source, one))
      .map(one => `src/${source.path}:${one.line} imports ${one.specifier}`),
  )

const mayImport = (source: Source, file: string): boolean =>
  TOGETHER.includes(source.room) || covers([...GROUND, source.room, ...(ROOMS[source.room] ?? [])], file)

const inRooms = (rooms: readonly string[]) => sources.filter(({ room }) => rooms.includes(room))

describe('the rooms', () => {
  it('are all known, and none is empty', () => {
    const rooms = [...new Set(sources.map(({ room }) => room))].filter(room => !TOGETHER.includes(room))
    expect(rooms.sort()).toEqual(Object.keys(ROOMS).sort())
    expect(sources.length).toBeGreaterThan(100)
    expect(sources.flatMap(({ imports }) => imports).length).toBeGreaterThan(400)
  })

  it('import of each other only what the table allows', () => {
    expect(breaches((source, { file }) => file === null || mayImport(source, file))).toEqual([])
  })

  it('have no rule that nothing uses', () => {
    const used = Object.entries(ROOMS).flatMap(([room, allowed]) =>
      allowed
        .filter(entry => !inRooms([room]).some(({ imports }) => imports.some(one => covers([entry], one.file ?? ''))))
        .map(entry => `${room} may import ${entry}, and does not`),
    )
    expect(used).toEqual([])
  })

  it('are pure in the middle: no library but big.js in energy, no module of Node', () => {
    expect(breaches((_, one) => one.file !== null, inRooms(['time']))).toEqual([])
    expect(breaches((_, one) => one.file !== null || one.specifier === 'big.js', inRooms(['energy']))).toEqual([])
    expect(breaches((_, one) => one.file !== null, inRooms(['intelligent']))).toEqual([])
  })

  it('keep Octopus away from the outputs, and the outputs away from Octopus', () => {
    const isOutput = (file: string) => covers([...OUTPUTS, 'outputs.ts', 'bridge.ts'], file)
    expect(breaches((_, { file }) => file === null || !isOutput(file), inRooms(['octopus']))).toEqual([])
    const outputs = sources.filter(({ room, path }) => OUTPUTS.includes(room) || path === 'outputs.ts')
    expect(breaches((_, { file }) => file === null || !covers(['octopus', 'account'], file), outputs)).toEqual([])
  })

  it('do not know the simulator, nor the commands', () => {
    const product = sources.filter(({ room, path }) => room !== 'cli' && room !== 'simulator' && path !== 'main.ts')
    expect(breaches((_, { file }) => file === null || !covers(['simulator', 'cli'], file), product)).toEqual([])
  })

  it('have no circle of imports, types apart', () => {
    expect(circles(sources)).toEqual([])
  })
})

describe('libraries and modules', () => {
  /** Of a package its name without what stands behind it; of a module of Node all of it. */
  const nameOf = (specifier: string) =>
    specifier.startsWith('node:')
      ? specifier
      : specifier
          .split('/')
          .slice(0, specifier.startsWith('@') ? 2 : 1)
          .join('/')
  const RULES = { ...LIBRARIES, ...MODULES }

  it('are imported where the table says', () => {
    const judge = ({ path }: Source, { file, specifier }: Import) =>
      file !== null || covers(RULES[nameOf(specifier)] ?? [], path)
    expect(breaches(judge)).toEqual([])
  })

  it('have no rule that nothing uses', () => {
    const unused = Object.entries(RULES).flatMap(([name, places]) =>
      places
        .filter(
          place =>
            !sources.some(
              ({ path, imports }) => covers([place], path) && imports.some(one => nameOf(one.specifier) === name),
            ),
        )
        .map(place => `${place} may import ${name}, and does not`),
    )
    expect(unused).toEqual([])
  })

  it('are those of package.json, no more and no less', () => {
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { dependencies: object }
    expect(Object.keys(dependencies).sort()).toEqual(Object.keys(LIBRARIES).sort())
    const imported = new Set(
      sources.flatMap(({ imports }) => imports.filter(one => one.file === null).map(one => nameOf(one.specifier))),
    )
    expect(Object.keys(LIBRARIES).filter(name => !imported.has(name))).toEqual([])
  })
})

describe('time, chance and the network', () => {
  const found = (pattern: RegExp, allowed: readonly string[]): string[] =>
    sources
      .filter(({ path }) => !covers(allowed, path))
      .flatMap(({ path, code }) =>
        code.split('\n').flatMap((line, at) => (pattern.test(line) ? [`src/${path}:${at + 1} ${line.trim()}`] : [])),
      )

  const TIME =
    /\bDate\.now\b|\bnew Date\(\s*\)|\bset(Timeout|Interval|Immediate)\b|\bperformance\.|\bhrtime\b|\bDateTime\.(now|local|utc)\(\s*\)|\bAbortSignal\.timeout\b/

  // src/cli is where a person waits: a command's own patience and `--for` are real seconds, also on a fast clock.
  it('come from the Clock that is handed in', () => {
    expect(found(TIME, ['clock.ts', 'cli'])).toEqual([])
  })

  it('leave nothing to chance in the pure middle', () => {
    expect(
      found(
        /Math\.random|randomUUID|crypto\./,
        sources.map(({ path }) => path).filter(path => !covers(PURE, path)),
      ),
    ).toEqual([])
  })

  it('leave to chance in the simulator only what the seed draws', () => {
    const others = sources.filter(({ room }) => room !== 'simulator').map(({ path }) => path)
    expect(found(/Math\.random|randomUUID|randomBytes|getRandomValues/, others)).toEqual([])
  })

  it("leave Node's own fetch and the tables of time zones alone, which are megabytes for life", () => {
    const heavy = /\bglobalThis\.fetch\b|\bnew (Headers|Response|Request)\(|\bIntl\.|\bIANAZone\b/
    expect(found(heavy, ['simulator', 'status/assets', 'cli'])).toEqual([])
  })
})

describe('these tests', () => {
  it('see every kind of import, and none in a comment', () => {
    const text = [
      "import { a } from './a.ts'",
      "import type { B } from '../room/b.ts'",
      "import {\n  c,\n  type D,\n} from 'c'",
      "import 'side-effect'",
      "export { e } from './e.ts'",
      "const f = await import('node:fs')",
      "// import { no } from 'comment'",
      "/** import { no } from 'comment' */",
      "const import_ = 'x'",
    ].join('\n')
    expect(
      importsOf('here/file.ts', text).map(({ specifier, file, line, typeOnly }) => [specifier, file, line, typeOnly]),
    ).toEqual([
      ['./a.ts', 'here/a.ts', 1, false],
      ['../room/b.ts', 'room/b.ts', 2, true],
      ['c', null, 3, false],
      ['side-effect', null, 7, false],
      ['./e.ts', 'here/e.ts', 8, false],
      ['node:fs', null, 9, false],
    ])
  })

  it('look at code, not at words', () => {
    expect(withoutComments("const a = 'Date.now' // setTimeout", true)).not.toMatch(/Date|setTimeout/)
    expect(sourceOf('a.ts', 'const a = Date.now()').code).toContain('Date.now')
  })

  it('would notice a broken wall', () => {
    const bad = sourceOf('intelligent/bad.ts', "import { x } from '../octopus/http.ts'\nimport 'mqtt'")
    expect(breaches((source, { file }) => file === null || mayImport(source, file), [bad])).toEqual([
      'src/intelligent/bad.ts:1 imports ../octopus/http.ts',
    ])
    expect(circles([sourceOf('a.ts', "import './b.ts'"), sourceOf('b.ts', "import './a.ts'")])).toEqual([
      ['a.ts', 'b.ts', 'a.ts'],
    ])
  })
})

/** Each circle once, by the file at which the walk met it again. */
function circles(among: readonly Source[]): string[][] {
  const next = new Map(
    among.map(({ path, imports }) => [
      path,
      imports.flatMap(one => (one.file !== null && !one.typeOnly ? [one.file] : [])),
    ]),
  )
  const done = new Set<string>()
  const found: string[][] = []
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path)
    if (at !== -1) {
      found.push([...trail.slice(at), path])
      return
    }
    if (done.has(path)) return
    for (const other of next.get(path) ?? []) visit(other, [...trail, path])
    done.add(path)
  }
  for (const { path } of among) visit(path, [])
  return found
}
