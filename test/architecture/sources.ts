/** The source files as the walls see them: who imports what, and which words stand in the code apart from its comments. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const SRC = join(ROOT, 'src')

export interface Import {
  /** As it is written. */
  readonly specifier: string
  /** For a file of ours its path below src, `clock.ts`; null for a package or a module of Node. */
  readonly file: string | null
  readonly line: number
  /** Gone once compiled. */
  readonly typeOnly: boolean
}

export interface Source {
  /** Below src, with slashes: `octopus/gate.ts`. */
  readonly path: string
  /** `octopus`; empty for a file that stands in src itself. */
  readonly room: string
  readonly imports: readonly Import[]
  /** The text with comments and the insides of strings blanked out, line by line as it was. */
  readonly code: string
}

const blank = (text: string): string => text.replace(/[^\n]/g, ' ')

/** Blanks comments; strings too where `strings` says so. Good enough for our own style: no regular expression holds a quote. */
export function withoutComments(text: string, strings: boolean): string {
  const token = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g
  return text.replace(token, found => {
    if (found.startsWith('/')) return blank(found)
    return strings && !found.startsWith('`') ? `${found[0]}${blank(found.slice(1, -1))}${found.at(-1)}` : found
  })
}

const IMPORT =
  /(?<![\w.])(?:import|export)\s+(type\s+)?(?:[\w$*{},\s]*?\s+from\s+)?'([^']+)'|(?<![\w.])import\(\s*'([^']+)'\s*\)/g

export function importsOf(path: string, text: string): Import[] {
  const clean = withoutComments(text, false)
  return [...clean.matchAll(IMPORT)].map(found => {
    const specifier = found[2] ?? found[3] ?? ''
    return {
      specifier,
      file: specifier.startsWith('.') ? posix.normalize(posix.join(posix.dirname(path), specifier)) : null,
      line: clean.slice(0, found.index).split('\n').length,
      typeOnly: found[1] !== undefined,
    }
  })
}

export const sourceOf = (path: string, text: string): Source => ({
  path,
  room: path.includes('/') ? (path.split('/')[0] ?? '') : '',
  imports: importsOf(path, text),
  code: withoutComments(text, true),
})

export const readSources = (): Source[] =>
  readdirSync(SRC, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name.endsWith('.ts'))
    .map(entry => join(entry.parentPath, entry.name))
    .map(file => sourceOf(relative(SRC, file).split(sep).join('/'), readFileSync(file, 'utf8')))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
