import { describe, expect, it } from '@jest/globals'
import { noticeLink } from '../../src/entities/account.ts'
import { ERROR_CODES } from '../../src/errors.ts'
import { NOTICE_CODES } from '../../src/snapshot.ts'
import { anchors, pageText, sections } from './pages.ts'

const told = (page: string) => sections(pageText(page)).filter(({ level }) => level === 2)

describe.each([
  ['docs/errors.md', ERROR_CODES, /^\*\*What happened\.\*\* [\s\S]{40,}\n\n\*\*What to do\.\*\* [\s\S]{8,}$/],
  ['docs/notices.md', NOTICE_CODES, /^\*\*When it opens\.\*\* [\s\S]{40,}\n\n\*\*What to do\.\*\* [\s\S]{8,}$/],
] as const)('%s', (page, codes, shape) => {
  it('has a section for each code, and for nothing else, in the same order', () => {
    expect(told(page).map(({ title }) => title)).toEqual([...codes])
  })

  it.each(told(page).map(({ title, body }) => [title, body]))('%s: says what it is and what to do', (_, body) => {
    expect(body).toMatch(shape)
  })
})

describe('the link of a notice', () => {
  it.each(NOTICE_CODES.map(code => [code]))('%s leads to its section', code => {
    const link = noticeLink({ code, since: 0, action: '' }, { docsUrl: 'https://example.org/docs' })
    const [page, anchor = ''] = link.split('#')
    expect(page).toBe('https://example.org/docs/notices.md')
    expect(anchors(pageText('docs/notices.md'))).toContain(anchor)
  })
})
