/** Templates rendered by a real Jinja (Debian's python3-jinja2), where there is one. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { it } from '@jest/globals'
import type { Instant } from '../../src/clock.ts'
import { ROOT } from '../docs/pages.ts'
import type { States } from './house.ts'

export interface Job {
  readonly template: string
  /** In order; a later one may use an earlier one. */
  readonly variables: readonly (readonly [name: string, value: unknown])[]
  readonly states: States
  readonly now: Instant
}

export type Rendered = { readonly value: unknown } | { readonly error: string }

const python = (...args: string[]) => spawnSync('python3', args, { encoding: 'utf8' })

/** Whether templates can be rendered here. */
export const hasJinja = python('-c', 'import jinja2, zoneinfo; zoneinfo.ZoneInfo("Europe/London")').status === 0

if (!hasJinja) console.warn('python3-jinja2 is not there: templates are only read, not rendered')

/** A test that renders templates; skipped where they cannot be. */
export const itRenders = hasJinja ? it : it.skip

/** All at once: a process takes longer to start than a hundred templates to render. */
export function render(jobs: readonly Job[]): readonly Rendered[] {
  const input = JSON.stringify(jobs)
  const { status, stdout, stderr } = spawnSync('python3', [join(ROOT, 'test/examples/jinja.py')], {
    input,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as Rendered[]
}

/** The value; an error of the template is an error of the test. */
export function renderedValue(rendered: Rendered | undefined): unknown {
  if (rendered === undefined) throw new Error('nothing was rendered')
  if ('error' in rendered) throw new Error(rendered.error)
  return rendered.value
}

const PAIRS = [
  ['{{', '}}'],
  ['{%', '%}'],
  ['(', ')'],
  ['[', ']'],
] as const

/** What can be seen without Jinja: brackets and blocks that do not close. Empty where all is well. */
export function unbalanced(template: string): string[] {
  const code = [...template.matchAll(/\{[{%][\s\S]*?[%}]\}/g)]
    .map(([part]) => part.replace(/'[^']*'/g, "''"))
    .join('\n')
  const count = (text: string, part: string) => text.split(part).length - 1
  const brackets = PAIRS.filter(([open, close]) => count(code, open) !== count(code, close)).map(pair => pair.join(' '))
  const blocks = ['if', 'for'].filter(
    name =>
      count(code, `{% ${name} `) + count(code, `{%- ${name} `) !==
      [...code.matchAll(new RegExp(`\\{%-? end${name}\\b`, 'g'))].length,
  )
  const left = template.replace(/\{[{%][\s\S]*?[%}]\}/g, '')
  return [...brackets, ...blocks, ...(/\{\{|\}\}|\{%|%\}/.test(left) ? ['left open'] : [])]
}
