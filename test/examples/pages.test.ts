/** The pages for other programs: entities, topics and figures in them are those that there are. */
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { carBindings } from '../../src/account/configured-cars.ts'
import { readConfig } from '../../src/config/load.ts'
import { discoveryDocuments } from '../../src/home-assistant/discovery.ts'
import { PRESETS } from '../../src/vehicle/presets.ts'
import { topicsOf } from '../../src/vehicle/spec.ts'
import { fences, pageText, tableRows } from '../docs/pages.ts'
import { settings } from '../home-assistant/settings.ts'
import { attributesOf, entities, heard, house, mentionedEntities } from './house.ts'
import { readYaml } from './yaml.ts'

const NAMES = ['blueprints', 'cards', 'evcc', 'from-the-octopus-energy-integration', 'node-red-openhab', 'predbat']
const PAGES = NAMES.map(name => `docs/${name}.md`)
const INTEGRATION = pageText('docs/from-the-octopus-energy-integration.md')

describe.each(PAGES.map(page => [page]))('%s', page => {
  const text = pageText(page)

  it('names entities and topics that there are', () => {
    // Predbat looks for an event that we do not have, and the page says so.
    const missing = ['event.octopus_previous_day_rates']
    expect(mentionedEntities(text).filter(id => !entities.has(id) && !missing.includes(id))).toEqual([])
    const topics = [...text.matchAll(/`(octopus2mqtt\/[\w+-]+\/[\w+#/-]+)`/g)].map(([, topic = '']) => topic)
    expect(topics.filter(topic => !heard(topic))).toEqual([])
    expect(mentionedEntities(text).length + topics.length).toBeGreaterThan(page === 'docs/blueprints.md' ? -1 : 1)
  })
})

describe('from-the-octopus-energy-integration.md', () => {
  it('names attributes of intelligent_dispatching that are there', () => {
    const attributes = attributesOf('binary_sensor.octopus_intelligent_dispatching')
    const [named = ''] = /^The attributes `planned_dispatches`[\s\S]*? have the same names/m.exec(INTEGRATION) ?? []
    const words = [...named.matchAll(/`(\w+)`/g)].map(([, word = '']) => word)
    expect(words.length).toBe(10)
    expect(words.filter(word => !attributes.includes(word))).toEqual([])
  })

  it('gives the figures of performance.md', () => {
    const rows = tableRows(INTEGRATION, 'program')
    const performance = pageText('docs/performance.md')
    expect(rows).toHaveLength(3)
    for (const [what = '', figure = ''] of rows.slice(0, 2)) {
      expect([what, performance.includes(figure)]).toEqual([what, true])
    }
    const all = /^\| all requests a day \| (.+) \|$/m.exec(performance)?.[1]?.split(' | ').map(Number) ?? []
    const [, range = ''] = rows.find(([what]) => what === 'ours') ?? []
    const [low, high] = [...range.matchAll(/\d+/g)].map(Number)
    // The first five columns are ours.
    expect([low, high].map(value => Math.round((value ?? 0) / 10))).toEqual(
      [Math.min(...all.slice(0, 5)), Math.max(...all.slice(0, 5))].map(value => Math.round(value / 10)),
    )
  })

  it('shows a prefix that gives the very id', () => {
    const body = fences(INTEGRATION).find(({ language }) => language === 'yaml')?.body ?? ''
    const { homeassistant } = parse(body) as { homeassistant: { entity_id_prefix: string } }
    const documents = discoveryDocuments(house, { ...settings, entityIdPrefix: homeassistant.entity_id_prefix })
    const ids = documents.flatMap(({ payload }) =>
      Object.values(payload.components).map(component => component.default_entity_id),
    )
    expect(ids).toContain(`binary_sensor.${homeassistant.entity_id_prefix}_intelligent_dispatching`)
    expect(INTEGRATION).toContain(`\`binary_sensor.${homeassistant.entity_id_prefix}_intelligent_dispatching\``)
  })

  it('names a counterpart that there is, or says that there is none', () => {
    const rows = tableRows(INTEGRATION, 'theirs')
    expect(rows.length).toBeGreaterThan(20)
    for (const [theirs, ours = ''] of rows) {
      const counterpart = mentionedEntities(ours).length > 0 || ours === '–' || /^(attribute|event) /.test(ours)
      expect([theirs, counterpart]).toEqual([theirs, true])
    }
  })
})

describe('predbat.md', () => {
  it('shows lines of the file', () => {
    const body = fences(pageText('docs/predbat.md')).find(({ language }) => language === 'yaml')?.body ?? ''
    const { pred_bat: file } = readYaml('examples/predbat/apps.yaml') as { pred_bat: object }
    expect(file).toMatchObject(parse(body) as object)
  })
})

describe('evcc.md', () => {
  it('names what the preset listens to', () => {
    const text = pageText('docs/evcc.md')
    const body = fences(text).find(({ language }) => language === 'yaml')?.body ?? ''
    const whole = { octopus: { api_key: 'sk_live_x' }, mqtt: { url: 'mqtt://broker' }, ...(parse(body) as object) }
    const { ev } = readConfig(JSON.stringify(whole), 'evcc.md', { env: {}, cwd: '/', presets: PRESETS })
    const named = [...text.matchAll(/`(evcc\/[\w/]+)`/g)].map(([, topic = '']) => topic)
    const listened = carBindings(ev).flatMap(({ spec }) => topicsOf(spec))
    expect([...new Set(named)].sort()).toEqual(listened.sort())
  })
})

describe('cards.md', () => {
  it('names the entities of the package', () => {
    const { template } = readYaml('examples/home-assistant/packages/octopus_times.yaml') as {
      template: Readonly<Record<string, { name: string }[]>>[]
    }
    const made = template.flatMap(group =>
      Object.entries(group).flatMap(([platform, rows]) =>
        rows.map(({ name }) => `${platform}.${name.toLowerCase().replaceAll(' ', '_')}`),
      ),
    )
    const rows = tableRows(pageText('docs/cards.md'), 'entity of the package').map(([id]) => id)
    expect(rows).toEqual(made)
  })
})
