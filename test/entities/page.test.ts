import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { catalogue } from '../../src/entities/catalogue.ts'
import { entitiesPage } from '../../src/entities/page.ts'

const FILE = 'docs/entities.md'

describe('docs/entities.md', () => {
  it('is what the catalogue says (UPDATE_GOLDEN=1 writes it anew)', () => {
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(FILE, entitiesPage())
    expect(existsSync(FILE)).toBe(true)
    expect(readFileSync(FILE, 'utf8')).toBe(entitiesPage())
  })

  it('names every entity and every attribute', () => {
    const page = entitiesPage()
    for (const row of Object.values(catalogue).flat()) {
      expect(page).toContain(`| \`${row.key}\` | ${row.name} |`)
      for (const attribute of Object.keys(row.attributeMeanings ?? {})) expect(page).toContain(`| \`${attribute}\` |`)
    }
  })
})
