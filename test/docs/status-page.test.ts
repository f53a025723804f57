import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { readConfig } from '../../src/config/load.ts'
import { isOurHost } from '../../src/status/guard.ts'
import { pageOf } from '../../src/status/page/page-of.ts'
import { statusApp } from '../../src/status/server.ts'
import { PRESETS } from '../../src/vehicle/presets.ts'
import { ManualClock } from '../mqtt/manual-clock.ts'
import { inputOf, well } from '../status/page-input.ts'
import { pageText, ROOT, tableRows } from './pages.ts'

const text = pageText('docs/status-page.md')

describe('docs/status-page.md', () => {
  it('names the ends of names that are let in, and no other', () => {
    const [, listed = ''] = /a name of a home network \(([^)]*)\)/.exec(text) ?? []
    const ends = [...listed.matchAll(/`(\.[a-z.]+)`/g)].map(([, end = '']) => end)
    expect(ends.length).toBeGreaterThan(5)
    expect(ends.filter(end => !isOurHost({ host: `box${end}` }, []))).toEqual([])
    expect(isOurHost({ host: 'box.example' }, [])).toBe(false)
  })

  it('has a configuration that can be used', () => {
    const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(text) ?? []
    const whole = `octopus: {api_key: a}\nmqtt: {url: mqtt://b}\n${yaml}`
    const { status } = readConfig(whole, 'docs', { env: {}, cwd: ROOT, presets: PRESETS })
    expect(status.names).toEqual(['energy.example.org'])
  })

  it('names paths that are there', async () => {
    const page = {
      clock: new ManualClock(),
      model: () => pageOf(inputOf()),
      payload: () => 'x',
      onChange: () => () => {},
      refresh: () => 0,
    }
    const app = statusApp({ health: () => well, page })
    const paths = tableRows(text, 'path').map(([path = '']) => path.split(' ') as ['GET' | 'POST', string])
    expect(paths.length).toBe(5)
    for (const [method, path] of paths)
      expect([path, app.hasRoute({ method, url: path.split('?')[0] ?? '' })]).toEqual([path, true])
    await app.close()
  })

  it('has pictures that are not too large', () => {
    const folder = join(ROOT, 'docs/images')
    const pictures = readdirSync(folder).filter(name => name.endsWith('.png'))
    expect(pictures.length).toBeGreaterThanOrEqual(4)
    for (const name of pictures) expect([name, statSync(join(folder, name)).size < 150_000]).toEqual([name, true])
    for (const name of pictures) expect(text).toContain(`images/${name}`)
  })
})
