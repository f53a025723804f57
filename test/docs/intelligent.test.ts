/** docs/intelligent.md: its pictures are what the pure middle says, and what it says of them in words is so. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { DAYS, localOf, type Shown, shownOf } from './intelligent-days.ts'
import { intelligentPicture } from './intelligent-picture.ts'
import { pageText, ROOT } from './pages.ts'

/** When something is shown, in words: `18:07 to 18:30`. */
function times(name: string, key: Shown): string[] {
  const day = DAYS.find(one => one.name === name)
  if (day === undefined) throw new RangeError(name)
  const known = shownOf(day)[key].filter(({ shown }) => shown === 'ON')
  return known.map(({ from, to }) => `${localOf(from)} to ${localOf(to)}`)
}

describe('the pictures of docs/intelligent.md', () => {
  it.each(DAYS.map(day => [day.name, day] as const))('%s is current: npm run docs draws it', (name, day) => {
    const path = join(ROOT, `docs/images/${name}.svg`)
    if (process.env.UPDATE_DOCS) writeFileSync(path, intelligentPicture(day))
    expect(readFileSync(path, 'utf8')).toBe(intelligentPicture(day))
  })

  it.each(DAYS.map(({ name }) => [name]))('%s is on the page', name => {
    expect(pageText('docs/intelligent.md')).toContain(`](images/${name}.svg)`)
  })

  it('show what their descriptions say', () => {
    expect(times('intelligent-evening', 'active')).toEqual(['18:05 to 18:25', '20:40 to 21:20'])
    expect(times('intelligent-evening', 'cheap')).toEqual(['18:07 to 18:30', '20:42 to 21:30', '23:30 to 24:00'])
    expect(times('intelligent-boost', 'cheap')).toEqual([])
    expect(times('intelligent-boost', 'active')).toEqual([])
    expect(times('intelligent-boost', 'boosting')).toEqual(['18:10 to 18:50'])
    expect(times('intelligent-withdrawn', 'active')).toEqual(['18:05 to 18:40'])
    expect(times('intelligent-withdrawn', 'cheap')).toEqual(['18:07 to 19:00'])
    expect(times('intelligent-allowance', 'active')).toEqual(['13:00 to 21:00'])
    // A minute more: the car still draws at the mark, and Octopus has not answered yet.
    expect(times('intelligent-allowance', 'cheap')).toEqual(['13:01 to 19:01'])
  })
})
