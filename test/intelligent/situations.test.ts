import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { SITUATIONS } from './situations.ts'
import { situationsPage } from './situations-page.ts'
import { tell } from './story.ts'

describe.each(SITUATIONS.map(situation => [situation.title, situation] as const))('%s', (_, situation) => {
  const told = tell(situation)

  it.each(told.map(step => [step.time, step] as const))('at %s', (_time, { expected, seen }) => {
    expect(seen).toMatchObject(expected)
  })

  it('expects something', () => {
    expect(told.some(({ expected }) => Object.keys(expected).length > 0)).toBe(true)
  })
})

describe('the table', () => {
  it('has at least thirty situations, no title twice', () => {
    expect(SITUATIONS.length).toBeGreaterThanOrEqual(30)
    expect(new Set(SITUATIONS.map(({ title }) => title)).size).toBe(SITUATIONS.length)
  })

  it('is what docs/dispatch-truth.md shows', () => {
    const path = new URL('../../docs/dispatch-truth.md', import.meta.url)
    if (process.env.UPDATE_DOCS) writeFileSync(path, situationsPage())
    expect(existsSync(path) && readFileSync(path, 'utf8')).toBe(situationsPage())
  })
})
