/** YAML as Home Assistant reads it: version 1.1, in which a bare `on` is true, and its own tags. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, type ScalarTag } from 'yaml'
import { ROOT } from '../docs/pages.ts'

/** `!input name`, until it is filled. */
export class Input {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

const input: ScalarTag = { tag: '!input', resolve: text => new Input(text) }

export const readText = (file: string): string => readFileSync(join(ROOT, file), 'utf8')

/** Throws where the file is no YAML, has a key twice, or a tag that Home Assistant does not know. */
export const readYaml = (file: string): unknown =>
  parse(readText(file), { version: '1.1', customTags: tags => [...tags, input], logLevel: 'error', strict: true })

/** Every text in it, keys left out. */
export function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (value instanceof Input || value === null || typeof value !== 'object') return []
  return Object.values(value).flatMap(textsIn)
}

/** Every object in it that has this key. */
export function objectsWith(key: string, value: unknown): Record<string, unknown>[] {
  if (value === null || typeof value !== 'object' || value instanceof Input) return []
  const below = Object.values(value).flatMap(part => objectsWith(key, part))
  return key in value ? [value as Record<string, unknown>, ...below] : below
}

export const isTemplate = (text: string): boolean => /\{\{|\{%/.test(text)
