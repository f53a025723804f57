import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { pageText, ROOT, tableRows } from './pages.ts'

const text = pageText('docs/architecture.md')

describe('docs/architecture.md', () => {
  it('has a line for every dependency, and for no other', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      dependencies: object
      devDependencies: object
    }
    const part = text.slice(text.indexOf('## Dependencies')).replaceAll('| | for |', '| library | for |')
    const rows = tableRows(part, 'library')
    expect(rows.map(([name]) => name)).toEqual([
      ...Object.keys(dependencies).sort(),
      ...Object.keys(devDependencies).sort(),
    ])
    expect(rows.filter(([, why = '']) => why.length < 4)).toEqual([])
  })

  it('has a line for every room', () => {
    const rooms = readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter(entry => entry.isDirectory())
    expect(
      tableRows(text, 'room')
        .map(([room]) => room)
        .sort(),
    ).toEqual(rooms.map(({ name }) => name).sort())
  })

  it('names files of src that are there', () => {
    const named = [...text.matchAll(/`([a-z-]+\.ts)`/g)].map(([, name = '']) => name)
    expect(named.length).toBeGreaterThan(5)
    expect(named.filter(name => !existsSync(join(ROOT, 'src', name)))).toEqual([])
  })
})
