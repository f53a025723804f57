/** The way through a YAML document: text with its references filled in, lines, and what is wrong on the way. */
import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, type Node } from 'yaml'
import { substitute } from './substitute.ts'
import { emptyMapping, type Mapping, type Tree } from './tree.ts'

export interface Found {
  readonly path: (string | number)[]
  readonly line: number
  readonly message: string
}

/** Far above any honest configuration; it stops a file whose aliases multiply or contain themselves. */
const MOST_NODES = 5_000
const DEEPEST = 16
/** Looking one up takes a walk through the whole document. */
const MOST_ALIASES = 200

export class Walk {
  readonly lines = new Map<string, number>()
  readonly problems: Found[] = []
  private nodes = 0
  private aliases = 0
  private readonly document: Document.Parsed
  private readonly env: Readonly<Record<string, string | undefined>>
  private readonly lineAt: (offset: number) => number

  constructor(document: Document.Parsed, env: Walk['env'], lineAt: (offset: number) => number) {
    this.document = document
    this.env = env
    this.lineAt = lineAt
  }

  root(): Mapping | undefined {
    const contents = this.document.contents
    if (contents === null || isNothing(contents)) return undefined
    if (isMap(contents)) return this.visit(contents, []) as Mapping | undefined
    this.problems.push({ path: [], line: 1, message: 'expected sections such as "octopus:" and "mqtt:" at the top' })
    return undefined
  }

  private visit(given: Node | null, path: (string | number)[]): Tree | undefined {
    this.nodes += 1
    const node = isAlias(given) ? this.resolved(given, path) : given
    if (node === null || node === undefined || isNothing(node)) return undefined
    if (this.nodes > MOST_NODES || path.length > DEEPEST) {
      const line = this.lineOf(node)
      if (this.nodes <= MOST_NODES + 1) this.problems.push({ path, line, message: 'too many or too deep entries' })
      return undefined
    }
    if (isScalar(node)) return this.text(String(node.value ?? ''), node, path)
    if (isSeq(node)) return this.list(node.items as (Node | null)[], path)
    return isMap(node) ? this.mapping(node.items as unknown as Pair[], path) : undefined
  }

  private text(raw: string, node: Node, path: (string | number)[]): string {
    const { text, refused } = substitute(raw, this.env)
    if (refused !== undefined) this.problems.push({ path, line: this.lineOf(node), message: refused })
    return text
  }

  private list(items: (Node | null)[], path: (string | number)[]): Tree[] {
    return items.map((item, index) => {
      if (item !== null) this.lines.set([...path, index].join('.'), this.lineOf(item))
      // Inside a list `null` and `~` are words like any other: a topic may well say them.
      const word = isScalar(item) && isNothing(item) ? String(item.value ?? '') : undefined
      return word ?? this.visit(item, [...path, index]) ?? ''
    })
  }

  private mapping(pairs: Pair[], path: (string | number)[]): Mapping {
    const mapping = emptyMapping()
    for (const { key, value } of pairs) {
      if (!isScalar(key)) {
        this.problems.push({ path, line: this.lineOf(key), message: 'a key must be a plain word' })
        continue
      }
      const name = String(key.value ?? '')
      const here = [...path, name]
      const first = this.lines.get(here.join('.'))
      if (first !== undefined) {
        this.problems.push({
          path: here,
          line: this.lineOf(key),
          message: `given twice; the first is on line ${first}`,
        })
        continue
      }
      this.lines.set(here.join('.'), this.lineOf(key))
      const seen = this.visit(value, here)
      if (seen !== undefined) mapping[name] = seen
    }
    return mapping
  }

  private resolved(alias: Alias, path: (string | number)[]): Node | undefined {
    this.aliases += 1
    if (this.aliases > MOST_ALIASES) {
      if (this.aliases === MOST_ALIASES + 1)
        this.problems.push({
          path,
          line: this.lineOf(alias),
          message: 'too many or too deep entries: too many aliases (*)',
        })
      return undefined
    }
    const target = alias.resolve(this.document)
    if (target === undefined) {
      this.problems.push({ path, line: this.lineOf(alias), message: 'there is no anchor (&) for this alias (*)' })
    }
    return target
  }

  private lineOf(node: Node): number {
    return this.lineAt(node.range?.[0] ?? 0)
  }
}

interface Pair {
  readonly key: Node
  readonly value: Node | null
}

/** `key:` with nothing behind it, `null` and `~`: not given. */
const isNothing = (node: Node): boolean =>
  isScalar(node) && node.type === 'PLAIN' && ['', '~', 'null'].includes(String(node.value ?? ''))
