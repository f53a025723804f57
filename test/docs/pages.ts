/** The documentation as the tests read it: pages, sections, anchors as GitHub makes them, links and fenced blocks. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { commandsPage } from '../../src/cli/commands-page.ts'
import { referencePage } from '../../src/config/reference-page.ts'
import { entitiesPage } from '../../src/entities/page.ts'
import { metricsPage } from '../../src/status/metrics-page.ts'

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

/** Pages that are written from the code, as they will be; their own tests hold the files against them. */
const WRITTEN: Readonly<Record<string, () => string>> = {
  'docs/commands.md': commandsPage,
  'docs/configuration.md': referencePage,
  'docs/entities.md': entitiesPage,
  'docs/metrics.md': metricsPage,
}

/** Below the root, with slashes. */
export const filesBelow = (folder: string, ending: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name.endsWith(ending))
    .map(entry => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort()

export const pageText = (path: string): string => WRITTEN[path]?.() ?? readFileSync(join(ROOT, path), 'utf8')

export const PAGES: readonly string[] = [
  ...new Set([
    ...filesBelow('docs', '.md'),
    ...Object.keys(WRITTEN),
    ...filesBelow('examples', '.md'),
    ...filesBelow('packaging', '.md'),
    ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'],
  ]),
].sort()

/** The text without fenced blocks, whose headings and links are none. */
export const prose = (text: string): string => text.replace(/^ *```[\s\S]*?^ *```$/gm, '')

export interface Section {
  readonly title: string
  readonly level: number
  readonly body: string
}

export function sections(text: string): Section[] {
  const parts = prose(text).split(/^(#{1,6}) (.+)$/m)
  return Array.from({ length: (parts.length - 1) / 3 }, (_, nth) => ({
    level: parts[nth * 3 + 1]?.length ?? 0,
    title: parts[nth * 3 + 2]?.trim() ?? '',
    body: parts[nth * 3 + 3]?.trim() ?? '',
  }))
}

/** Lower case, without marks and punctuation, a hyphen for each space; a repeated one is numbered. */
export function anchors(text: string): string[] {
  const seen = new Map<string, number>()
  return sections(text).map(({ title }) => {
    const slug = title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_\- ]/gu, '')
      .replaceAll(' ', '-')
    const times = seen.get(slug) ?? 0
    seen.set(slug, times + 1)
    return times === 0 ? slug : `${slug}-${times}`
  })
}

/** Targets of links, images and references in the prose; code spans are none. */
export const links = (text: string): string[] =>
  [
    ...prose(text)
      .replace(/`[^`\n]*`/g, '')
      .matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$/gm),
  ].map(found => found[1] ?? found[2] ?? '')

export interface Fence {
  readonly language: string
  readonly body: string
}

/** Fenced blocks, also those of a list, without the indentation that they have there. */
export const fences = (text: string): Fence[] =>
  [...text.matchAll(/^( *)```(\w*)\n([\s\S]*?)^\1```$/gm)].map(([, indent = '', language = '', body = '']) => ({
    language,
    body: body.replace(new RegExp(`^${indent}`, 'gm'), ''),
  }))

/** The rows of every table that has `head` as the text of its first cell; cells without their backticks. */
export function tableRows(text: string, head: string): string[][] {
  const cells = (line: string) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map(cell => cell.trim().replace(/^`([^`]*)`$/, '$1'))
  const lines = text.split('\n')
  return lines.flatMap((line, at) => {
    if (!line.startsWith(`| ${head} |`) || !/^\|[-| :]+\|$/.test(lines[at + 1] ?? '')) return []
    const rest = lines.slice(at + 2)
    const end = rest.findIndex(row => !row.startsWith('|'))
    return rest.slice(0, end === -1 ? rest.length : end).map(cells)
  })
}
