/** The files of the pages, read once: they stand beside this file, as they are, also where it was compiled. */
import { readFileSync } from 'node:fs'

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
}

export interface Asset {
  readonly text: string
  readonly type: string
}

export const PAGE_ASSETS = [
  'index.html',
  'page.css',
  'page.js',
  'connection.js',
  'dom.js',
  'words.js',
  'timeline.js',
  'bars.js',
  'topics.js',
  'icon.svg',
] as const

export const SETUP_ASSETS = ['setup.html', 'page.css', 'setup.js', 'dom.js', 'icon.svg'] as const

export function assetNamed(name: string): Asset {
  const text = readFileSync(new URL(`./assets/${name}`, import.meta.url), 'utf8')
  return { text, type: TYPES[name.split('.').pop() ?? ''] ?? 'text/plain; charset=utf-8' }
}

/** A page that is served somewhere below a proxy's root finds its files by that. */
export const withBase = (html: string, prefix: string | null): string =>
  prefix === null ? html : html.replace('<head>', `<head>\n    <base href="${prefix}">`)
