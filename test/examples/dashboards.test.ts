/** Dashboards and the package of template sensors: every entity is one that there is, every template says something in every world. */
import { describe, expect, it } from '@jest/globals'
import { HOUSE_CHEAP_REASONS } from '../../src/snapshot.ts'
import { NOW } from '../entities/snapshots.ts'
import { attributesOf, entities, house, mentionedEntities, statesOf, WORLDS } from './house.ts'
import { itRenders, render, renderedValue, unbalanced } from './jinja.ts'
import { isTemplate, objectsWith, readText, readYaml, textsIn } from './yaml.ts'

const FOLDER = 'examples/home-assistant'
const PLAIN = `${FOLDER}/dashboard.yaml`
const CUSTOM = `${FOLDER}/dashboard-custom-cards.yaml`
const PACKAGE = `${FOLDER}/packages/octopus_times.yaml`
const FILES = [PLAIN, CUSTOM, PACKAGE]

/** Types that Home Assistant 2024.12 brings along: of views, layouts, cards. */
const BUILT_IN = ['sections', 'grid', 'heading', 'tile', 'entities', 'conditional', 'markdown', 'history-graph']

const templatesOf = (file: string) => textsIn(readYaml(file)).filter(isTemplate)

/** What each template gives, by the name of the world. */
function everywhere(templates: readonly string[]): Record<string, unknown[]> {
  const worlds = Object.entries(WORLDS)
  const results = render(
    worlds.flatMap(([, states]) => templates.map(template => ({ template, variables: [], states, now: NOW }))),
  )
  return Object.fromEntries(
    worlds.map(([name], nth) => [
      name,
      results.slice(nth * templates.length, (nth + 1) * templates.length).map(renderedValue),
    ]),
  )
}

describe.each(FILES.map(file => [file]))('%s', file => {
  const text = readText(file)

  it('names entities that octopus2mqtt makes', () => {
    const ids = mentionedEntities(text)
    expect(ids.length).toBeGreaterThan(4)
    expect(ids.filter(id => !entities.has(id))).toEqual([])
  })

  it('reads attributes that they have', () => {
    const read = [...text.matchAll(/state_attr\('([\w.]+)', '(\w+)'\)/g)].map(([, id = '', name = '']) => [id, name])
    expect(read.filter(([id = '', name = '']) => !attributesOf(id).includes(name))).toEqual([])
  })

  it('has templates that close', () => {
    expect(templatesOf(file).flatMap(unbalanced)).toEqual([])
  })
})

describe('dashboard.yaml', () => {
  it('has cards of Home Assistant only', () => {
    const types = objectsWith('type', readYaml(PLAIN)).map(({ type }) => type)
    expect(types.length).toBeGreaterThan(20)
    expect(types.filter(type => !BUILT_IN.includes(String(type)))).toEqual([])
  })

  it('shows on condition of a state that the entity can have', () => {
    const conditions = objectsWith('condition', readYaml(PLAIN))
    expect(conditions.length).toBeGreaterThan(2)
    for (const { entity, state, state_not } of conditions) {
      expect(entities.get(String(entity))?.platform).toBe('binary_sensor')
      expect(['on', 'off']).toContain(state ?? state_not)
    }
  })

  it('has a sentence for each reason of house_cheap, and for no other', () => {
    const reasons = [...readText(PLAIN).matchAll(/^ +'(\w+)': '/gm)].map(([, reason]) => reason)
    expect(reasons.sort()).toEqual([...HOUSE_CHEAP_REASONS].sort())
  })

  itRenders('says something in every state of affairs', () => {
    const said = everywhere(templatesOf(PLAIN))
    expect(said['everything known']?.join('\n')).toMatchInlineSnapshot(`
"The car charges in a dispatch.
- Look at the plug topic. [plug_silent](docs/notices.md#plug_silent)
| from | to | kWh |
|:--|:--|--:|
| Mon 22:00 | 22:30 | 3.5 |
| Tue 01:10 | 02:17 | 7.2 |
| from | to | kWh |
|:--|:--|--:|
| Mon 14:10 | 15:10 |  |
| Mon 13:10 | 14:10 | 1.37 |"
`)
    for (const world of ['nothing known', 'all unknown', 'all unavailable']) {
      const [, , planned, done] = said[world] ?? []
      expect([planned, done]).toEqual(['The plan is not known.', 'Octopus lists nothing as done.'])
    }
    expect(said['nothing known']?.[0]).toBe('The plan is not known.')
    expect(said['all unavailable']?.[0]).toBe('Nothing is known yet.')
  })
})

describe('dashboard-custom-cards.yaml', () => {
  const cards = objectsWith('type', readYaml(CUSTOM))

  it('names each card as HACS does', () => {
    const named = cards.map(({ type }) => String(type)).filter(type => type !== 'column')
    expect([...new Set(named)]).toEqual([
      'custom:intelligent-octopus-slots-card',
      'custom:octopus-energy-rates-card',
      'custom:apexcharts-card',
    ])
  })

  it('has the same table of prices as the file beside it', () => {
    expect(cards).toContainEqual(readYaml(`${FOLDER}/rates-card.yaml`))
  })

  it('charts points that are numbers', () => {
    const series = objectsWith('data_generator', readYaml(CUSTOM))
    expect(series).toHaveLength(3)
    for (const { entity, data_generator } of series) {
      const generate = new Function('entity', String(data_generator)) as (entity: unknown) => [number, number][]
      const points = generate(statesOf(house)[String(entity)])
      expect(points.length).toBeGreaterThan(0)
      const amounts = points.map(([, amount]) => amount).filter(amount => amount !== null)
      expect([...points.map(([at]) => at), ...amounts].every(Number.isFinite)).toBe(true)
      expect(amounts.length).toBeGreaterThan(0)
      expect(generate({ attributes: {} })).toEqual([])
    }
  })

  it('gives the slots card start and end as texts that are times', () => {
    const rows = statesOf(house)['binary_sensor.octopus_intelligent_dispatching']?.attributes.planned_dispatches
    expect((rows as object[]).length).toBeGreaterThan(0)
    for (const { start, end } of rows as { start: string; end: string }[]) {
      expect(Date.parse(start)).toBeLessThan(Date.parse(end))
    }
  })
})

describe('packages/octopus_times.yaml', () => {
  interface Sensor {
    readonly name: string
    readonly unique_id: string
    readonly state: string
    readonly availability?: string
    readonly attributes?: Readonly<Record<string, string>>
  }
  const { template: groups } = readYaml(PACKAGE) as { template: Readonly<Record<string, Sensor[]>>[] }
  const sensors = groups.flatMap(group => Object.values(group).flat())

  it('gives each its own identity, none of ours', () => {
    const ids = sensors.map(({ unique_id }) => unique_id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.every(id => id.startsWith('octopus2mqtt_example_'))).toBe(true)
  })

  const shown = (world: string) => {
    const jobs = (texts: readonly string[]) =>
      render(texts.map(template => ({ template, variables: [], states: WORLDS[world] ?? {}, now: NOW })))
    return Object.fromEntries(
      sensors.map(({ name, state, availability = '{{ true }}', attributes = {} }) => {
        const [available, ...rest] = jobs([availability, state, ...Object.values(attributes)])
        return [name, renderedValue(available) === true ? rest.map(renderedValue) : 'unavailable']
      }),
    )
  }

  itRenders('shows times that are times, and lists in local time', () => {
    const { 'Electricity price in pence': price, ...rest } = shown('everything known')
    expect(rest).toMatchInlineSnapshot(`
{
  "Cheap for the next hour": [
    false,
  ],
  "Intelligent charged in a day": [
    1.37,
  ],
  "Intelligent last charge end": [
    "2026-11-23 15:10:00+00:00",
  ],
  "Intelligent plan end": [
    "2026-11-24 02:17:00+00:00",
  ],
}
`)
    const [pence, today, tomorrow] = price as [number, { start: string; end: string; value: number }[], object[]]
    expect([pence, today.length, tomorrow.length]).toEqual([27.69, 48, 48])
    expect(today[0]).toEqual({ start: '2026-11-23T00:00:00+00:00', end: '2026-11-23T00:30:00+00:00', value: 7 })
  })

  itRenders.each(['all unknown', 'all unavailable', 'no entity there'])('makes nothing up: %s', world => {
    const { 'Cheap for the next hour': cheap, ...rest } = shown(world)
    expect(cheap).toEqual([false])
    expect(new Set(Object.values(rest))).toEqual(new Set(['unavailable']))
  })

  itRenders('leaves out a tomorrow that is today by now', () => {
    const states = WORLDS['everything known'] ?? {}
    const attributes = sensors.find(({ name }) => name.includes('pence'))?.attributes
    const template = String(attributes?.raw_tomorrow)
    const [later] = render([{ template, variables: [], states, now: NOW + 2 * 3_600_000 }])
    expect(renderedValue(later)).toEqual([])
  })
})
