/** The YAML of a file as a tree of text, with the line of every key. */
import { LineCounter, parseDocument } from 'yaml'
import type { Mapping } from './tree.ts'
import { type Found, Walk } from './yaml-walk.ts'

export interface YamlFile {
  /** Undefined where the file says nothing, or where it cannot be read at all. */
  readonly tree: Mapping | undefined
  readonly lines: ReadonlyMap<string, number>
  readonly problems: readonly Found[]
}

/** yaml's own messages can quote the file, which may hold a secret: these are ours, by its codes. */
const SYNTAX: Readonly<Record<string, string>> = {
  BAD_INDENT: 'the indentation is wrong, or a bracket is not closed',
  TAB_AS_INDENT: 'a tab is used to indent; YAML wants spaces',
  MISSING_CHAR: 'a quote, a bracket, a comma or a space is missing, here or above',
  UNEXPECTED_TOKEN: `something stands here that must be quoted, such as \${NAME} between { } or [ ]`,
  MULTILINE_IMPLICIT_KEY: 'expected "key: value"; is the colon missing?',
  BLOCK_AS_IMPLICIT_KEY: 'two "key: value" on one line; quote a value that contains ": "',
  BAD_SCALAR_START: 'a value that begins with this character must be quoted',
  RESOURCE_EXHAUSTION: 'too many or too deep entries',
  MULTIPLE_DOCS: 'the file must hold one document; remove the "---"',
}

/** Characters. The longest honest configuration has a few thousand; a log or a backup was meant to be something else. */
const LARGEST = 100_000

/** Reads the text of a file; `env` fills `${NAME}`. Nothing is thrown. */
export function readYaml(text: string, env: Readonly<Record<string, string | undefined>>): YamlFile {
  if (text.length > LARGEST) {
    const message = `this is no configuration: it has more than ${LARGEST} characters`
    return { tree: undefined, lines: new Map(), problems: [{ path: [], line: 1, message }] }
  }
  const counter = new LineCounter()
  // The failsafe schema leaves every scalar as it was written: `on`, `23:30` and `007` stay text.
  const document = parseDocument(text, {
    schema: 'failsafe',
    prettyErrors: false,
    lineCounter: counter,
    uniqueKeys: false,
  })
  const lineAt = (offset: number) => Math.max(1, counter.linePos(offset).line)
  const problems: Found[] = document.errors.map(error => ({
    path: [],
    line: lineAt(error.pos[0]),
    message: SYNTAX[error.code] ?? `this is not valid YAML (${error.code})`,
  }))
  if (problems.length > 0) return { tree: undefined, lines: new Map(), problems }

  const walk = new Walk(document, env, lineAt)
  const tree = walk.root()
  return { tree, lines: walk.lines, problems: walk.problems }
}
