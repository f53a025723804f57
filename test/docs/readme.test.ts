/** README.md: its tables name what there is, with the numbers that are the defaults. */
import { describe, expect, it } from '@jest/globals'
import { COMMANDS } from '../../src/cli/commands/index.ts'
import { FIELDS } from '../../src/config/walk.ts'
import { catalogue } from '../../src/entities/catalogue.ts'
import { pageText, sections, tableRows } from './pages.ts'

const page = pageText('README.md')
const oneLine = page.replace(/\s+/g, ' ')
const fallback = (path: string): string =>
  String(FIELDS.find(field => field.path.join('.') === path)?.fallback ?? 'no such key')
const names = (cell: string): string[] => [...cell.matchAll(/`([a-z_0-9]+)/g)].map(([, name = '']) => name)

describe('README.md', () => {
  it('lists entities that there are', () => {
    const keys = new Set(
      Object.values(catalogue)
        .flat()
        .map(({ key }) => key),
    )
    const listed = tableRows(page, 'entity').flatMap(([cell = '']) => names(cell.includes('`') ? cell : `\`${cell}\``))
    expect(listed.length).toBeGreaterThan(12)
    expect(listed.filter(name => !keys.has(name))).toEqual([])
  })

  it('says about how many there are', () => {
    const all = Object.values(catalogue).flat().length
    expect(oneLine).toContain('some ninety in all')
    expect(all).toBeGreaterThanOrEqual(85)
    expect(all).toBeLessThanOrEqual(104)
  })

  it('lists every command, once', () => {
    const listed = tableRows(page, 'command').flatMap(([cell = '']) =>
      cell.includes('`') ? names(cell) : [/^[a-z]+/.exec(cell)?.[0] ?? ''],
    )
    expect(listed.sort()).toEqual(COMMANDS.map(({ name }) => name).sort())
  })

  it('has the numbers of the defaults', () => {
    const rows = new Map(tableRows(page, 'when').map(([when = '', often = '']) => [when, often]))
    const of = (key: string) => fallback(`intelligent.refresh.${key}`)
    expect(rows.get('nothing is plugged in')).toContain('60 minutes')
    expect([of('idle'), of('settling_first'), of('settling_calls')]).toEqual(['60m', '30s', '6'])
    expect(rows.get('the car was just plugged in')).toMatch(/^after 30 s.* 6 times at most$/)
    expect(rows.get('plugged in')).toContain(`every ${Number.parseInt(of('steady'), 10)} minutes`)
    const [most, gap] = [fallback('limits.dispatch_requests_per_hour'), fallback('limits.dispatch_min_gap')]
    expect(rows.get('never')).toBe(
      `more than ${most} dispatch requests in any 60 minutes, or two within ${Number.parseInt(gap, 10)} s`,
    )
    expect(oneLine).toContain(`what is left of ${fallback('limits.requests_per_hour')} requests an hour`)
  })

  it('goes from trying to running to looking up', () => {
    const titles = sections(page)
      .filter(({ level }) => level === 2)
      .map(({ title }) => title.split(':')[0])
    expect(titles.slice(0, 4)).toEqual([
      'See it work',
      'Your own account',
      'What you get',
      'How often Octopus is asked',
    ])
  })
})
