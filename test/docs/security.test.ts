/** docs/security.md says what is kept, sent and masked as it is. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { systemClock } from '../../src/clock.ts'
import { FIELDS } from '../../src/config/walk.ts'
import { openStore } from '../../src/store/open.ts'
import { filesBelow, pageText, ROOT, tableRows } from './pages.ts'

const page = pageText('docs/security.md')
const source = (file: string): string => readFileSync(join(ROOT, file), 'utf8')
const names = (cell: string): string[] =>
  [...`\`${cell.replaceAll('`', ' ')}\``.matchAll(/[a-z_]+/g)].map(([name]) => name)

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

describe('docs/security.md', () => {
  it('lists every secret of the configuration', () => {
    const secrets = FIELDS.filter(({ form }) => form?.secret).map(({ path }) => path.join('.'))
    expect(tableRows(page, 'secret').map(([key]) => key)).toEqual(secrets)
    for (const secret of secrets) expect(page).toContain(`\`${secret}_file\``)
  })

  it('lists every table of the store', () => {
    const made = [...source('src/store/migrations.ts').matchAll(/CREATE TABLE (\w+)/g)].map(([, name = '']) => name)
    const listed = tableRows(page, 'table of the store').flatMap(([cell = '']) => names(cell))
    expect(made.length).toBeGreaterThan(5)
    expect(listed.sort()).toEqual([...new Set(made)].sort())
  })

  it('says who can read the files', () => {
    const folder = mkdtempSync(join(tmpdir(), 'octopus2mqtt-docs-'))
    folders.push(folder)
    const store = openStore({ path: join(folder, 'octopus2mqtt.db'), clock: systemClock })
    const modes = readdirSync(folder).map(file => [file, (statSync(join(folder, file)).mode & 0o777).toString(8)])
    store.close()
    const listed = ['octopus2mqtt.db', 'octopus2mqtt.db-calls', 'octopus2mqtt.db-shm', 'octopus2mqtt.db-wal']
    expect(modes.sort()).toEqual(listed.map(file => [file, '600']))
    expect(page).toContain('(0600)')
  })

  it('is right that nothing but a token is asked to be changed at Octopus', () => {
    const documents = filesBelow('src/octopus', '.ts').flatMap(file => [
      ...source(file).matchAll(/[`'"](query|mutation|subscription) (\w+)/g),
    ])
    expect(documents.length).toBeGreaterThan(5)
    expect(documents.filter(([, kind]) => kind !== 'query').map(([, , name]) => name)).toEqual(['Token'])
    expect(page).toContain('It **only reads** at Octopus.')
  })

  it('names where Octopus is', () => {
    const urls = FIELDS.filter(({ path }) => /^octopus\.(graphql|rest)_url$/.test(path.join('.')))
    expect(urls.map(({ fallback }) => new URL(String(fallback)).origin)).toEqual(
      urls.map(() => 'https://api.octopus.energy'),
    )
    expect(page).toContain('`https://api.octopus.energy`')
  })
})
