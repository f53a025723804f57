import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'

const FOLDER = 'test/simulation/invariants'
const sources = [
  ...readdirSync(FOLDER).map(file => join(FOLDER, file)),
  'test/simulation/year.ts',
  'test/simulation/world/world.ts',
].map(file => readFileSync(file, 'utf8'))

/** Where an invariant is given its name, or is broken by it. */
const NAMED = /(?:\bname: |\bpromise\(|\bcomplain\(|#broken\()'([a-z]+(?:-[a-z]+)*)'/g

const page = readFileSync('docs/reliability.md', 'utf8')

describe('the page of reliability', () => {
  it('names every invariant that there is, and no other', () => {
    const held = new Set(sources.flatMap(text => [...text.matchAll(NAMED)].map(([, name]) => name)))
    const table = page.slice(page.indexOf('## Invariants'), page.indexOf('## How far'))
    const named = [...table.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name)
    expect(named.length).toBeGreaterThan(20)
    expect([...named].sort()).toEqual([...held].sort())
  })
})
