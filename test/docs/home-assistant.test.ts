import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { catalogue } from '../../src/entities/catalogue.ts'
import { fences, filesBelow, pageText, ROOT } from './pages.ts'

const page = pageText('docs/home-assistant.md')

/** What the entity ids of a device have before the key, where there is one car and one meter of each kind. */
const STEMS: Partial<Record<string, string>> = {
  export_meter: 'octopus_electricity_export',
  gas_meter: 'octopus_gas',
}

/** Entity ids as Home Assistant gets them proposed then. */
const proposed = new Set(
  Object.entries(catalogue).flatMap(([kind, rows]) =>
    rows.map(row => `${row.platform}.${STEMS[kind] ?? 'octopus'}_${row.key}`),
  ),
)
const mentioned = (text: string) =>
  [...text.matchAll(/\b(?:binary_sensor|sensor|button|event)\.octopus_\w+/g)].map(([id]) => id)

describe('entities in the documentation', () => {
  const texts = [...filesBelow('examples', '.yaml'), ...filesBelow('examples', '.md')].map(file =>
    readFileSync(join(ROOT, file), 'utf8'),
  )

  it('are entities that there are', () => {
    const ids = [page, pageText('docs/energy-dashboard.md'), ...texts].flatMap(mentioned)
    expect(ids.length).toBeGreaterThan(15)
    expect(ids.filter(id => !proposed.has(id))).toEqual([])
  })

  it('names those that are disabled at first, all of them', () => {
    const disabled = Object.values(catalogue).flatMap(rows =>
      rows.filter(row => row.enabledByDefault === false).map(row => `${row.platform}.octopus_${row.key}`),
    )
    const line = /Two entities are disabled at first: (.+)\./.exec(page)?.[1] ?? ''
    expect(mentioned(line).sort()).toEqual(disabled.sort())
  })
})

describe('the automation', () => {
  const file: unknown = parse(readFileSync(join(ROOT, 'examples/home-assistant/hot-water.yaml'), 'utf8'))

  it('is the same on the page and in its file', () => {
    const shown = fences(page)
      .filter(({ language }) => language === 'yaml')
      .map(({ body }) => parse(body) as unknown)
    expect(shown).toContainEqual(file)
  })

  it('looks at house_cheap_until, wakes at it, and is off when it cannot know', () => {
    expect(file).toMatchObject({
      mode: 'restart',
      triggers: expect.arrayContaining([{ trigger: 'time', at: 'sensor.octopus_house_cheap_until' }]),
    })
    const { actions } = file as { actions: Record<string, unknown>[] }
    const decides = actions.find(action => 'if' in action)
    expect(decides?.if).toMatchObject([
      { entity_id: 'binary_sensor.octopus_house_cheap', state: 'on' },
      { value_template: expect.stringContaining('octopus_house_cheap_until') },
    ])
    expect(decides?.then).toMatchObject([{ action: 'switch.turn_on' }])
    expect(decides?.else).toMatchObject([{ action: 'switch.turn_off' }])
  })
})
