import { existsSync, statSync } from 'node:fs'
import { posix } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { anchors, links, PAGES, pageText, ROOT } from './pages.ts'

const isOutside = (target: string) => /^[a-z]+:/.test(target)

/** What is wrong with a link; null where nothing is. */
function problem(page: string, target: string): string | null {
  const [path = '', anchor] = target.split('#')
  const file = path === '' ? page : posix.normalize(posix.join(posix.dirname(page), decodeURIComponent(path)))
  if (file.startsWith('..')) return 'leads out of the repository'
  const isPage = PAGES.includes(file)
  if (!isPage && !existsSync(posix.join(ROOT, file))) return 'there is no such file'
  if (anchor === undefined) return null
  if (!isPage && (!file.endsWith('.md') || statSync(posix.join(ROOT, file)).isDirectory()))
    return 'an anchor in no page'
  return anchors(pageText(file)).includes(anchor) ? null : 'there is no such section'
}

describe('the pages', () => {
  it.each(PAGES.map(page => [page]))('%s: every link leads somewhere', page => {
    const dead = links(pageText(page))
      .filter(target => !isOutside(target))
      .flatMap(target => {
        const wrong = problem(page, target)
        return wrong === null ? [] : [`${target}: ${wrong}`]
      })
    expect(dead).toEqual([])
  })

  it('have links at all, and outside only over https', () => {
    const all = PAGES.flatMap(page => links(pageText(page)))
    expect(all.length).toBeGreaterThan(30)
    expect(all.filter(isOutside).filter(target => !target.startsWith('https://'))).toEqual([])
  })

  it('begin with one title each', () => {
    const titles = PAGES.map(page => [
      page,
      pageText(page)
        .replace(/^<!--.*-->\s*/, '')
        .split('\n')[0] ?? '',
    ])
    expect(titles.filter(([, title]) => !title?.startsWith('# '))).toEqual([])
  })

  it('of docs are all in the table of contents', () => {
    const listed = links(pageText('docs/README.md')).map(target => posix.join('docs', target))
    const pages = PAGES.filter(page => page.startsWith('docs/') && page !== 'docs/README.md')
    expect(pages.filter(page => !listed.includes(page))).toEqual([])
    expect(listed).toHaveLength(new Set(listed).size)
  })

  it('would show a dead link', () => {
    expect(problem('docs/errors.md', 'nowhere.md')).toBe('there is no such file')
    expect(problem('docs/errors.md', 'notices.md#nothing')).toBe('there is no such section')
    expect(problem('docs/errors.md', '../../outside.md')).toBe('leads out of the repository')
    expect(problem('docs/errors.md', 'notices.md#plug_silent')).toBeNull()
    expect(links('a [b](c.md) and `[d](e.md)`\n```\n[f](g.md)\n```\n')).toEqual(['c.md'])
  })
})
