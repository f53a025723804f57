import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { buildSchema, parse, validate } from 'graphql'
import { fences, filesBelow, pageText, ROOT } from './pages.ts'

const text = pageText('docs/assumptions.md')

interface Assumption {
  readonly file: string
  /** The first line of the comment, from behind `assumption:` on. */
  readonly says: string
}

const inSource: Assumption[] = filesBelow('src', '.ts').flatMap(file =>
  [...readFileSync(join(ROOT, file), 'utf8').matchAll(/(?:\/\/|\*).*?\bassumption: *(.+)$/gm)].map(([, says = '']) => ({
    file,
    says: says.replace(/\s*\*\/$/, '').trim(),
  })),
)

/** Sections of the third level: the file, the words, and a command. */
const onPage = text
  .split(/^### /m)
  .slice(1)
  .map(section => ({
    title: section.split('\n')[0] ?? '',
    file: /^`(src\/[^`]+)`$/m.exec(section)?.[1] ?? '',
    says: /^> (.+)$/m.exec(section)?.[1] ?? '',
    commands: fences(section.split(/^## /m)[0] ?? ''),
  }))

const key = ({ file, says }: Assumption) => `${file}: ${says}`

describe('docs/assumptions.md', () => {
  it('lists every assumption of the code in its own words, and no other', () => {
    expect(inSource.length).toBeGreaterThan(5)
    expect(onPage.map(key).sort()).toEqual(inSource.map(key).sort())
  })

  it.each(onPage.map(({ title, commands }) => [title, commands] as const))(
    '%s: one command would settle it',
    (_, commands) => {
      expect(commands.map(({ language }) => language)).toEqual(['sh'])
      expect(commands[0]?.body.trim().split('\n')).toHaveLength(1)
    },
  )
})

/** What the shell hands to `ask`. */
const queries = [...text.matchAll(/\bask ("(?:\\.|[^"\\])*"|'[^']*')/g)].map(([, quoted = '']) =>
  quoted.slice(1, -1).replaceAll('\\"', '"').replaceAll('$ACCOUNT', 'A-00000000').replaceAll('$DEVICE', 'device'),
)

describe('its queries', () => {
  it('can be read', () => {
    expect(queries.length).toBeGreaterThan(5)
    for (const query of queries) expect(() => parse(query)).not.toThrow()
  })

  const schemaFile = join(ROOT, '..', 'shared', 'data', 'edf-gb-kraken-2026-07-27.graphql')
  const run = existsSync(schemaFile) ? it : it.skip
  run('fit the published schema (skipped where ../shared is absent)', () => {
    const schema = buildSchema(readFileSync(schemaFile, 'utf8'), { assumeValidSDL: true })
    const wrong = queries.flatMap(query => validate(schema, parse(query)).map(({ message }) => `${query}: ${message}`))
    expect(wrong).toEqual([])
  })
})
