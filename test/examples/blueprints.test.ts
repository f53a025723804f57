import { describe, expect, it } from '@jest/globals'
import { HOMEPAGE } from '../../src/about.ts'
import { CAR_STATES } from '../../src/intelligent/types.ts'
import { filesBelow } from '../docs/pages.ts'
import { BLUEPRINTS, inputsUsed, readBlueprint } from './blueprint.ts'
import { attributesOf, entities, mentionedEntities } from './house.ts'
import { unbalanced } from './jinja.ts'
import { isTemplate, readText, textsIn } from './yaml.ts'

/** What the blueprints call, of what Home Assistant's templates have. */
const KNOWN_FUNCTIONS = [
  ...['states', 'state_attr', 'is_state', 'is_state_attr', 'now', 'as_timestamp'],
  ...['float', 'int', 'round', 'timestamp_custom'],
]

const entityFilters = (selector: Readonly<Record<string, unknown>>) =>
  ((selector.entity as { filter?: Record<string, unknown>[] } | undefined)?.filter ?? []).filter(
    ({ integration }) => integration === 'mqtt',
  )

it('all of them are tested', () => {
  expect(filesBelow('examples/home-assistant/blueprints', '.yaml')).toEqual(BLUEPRINTS)
})

describe.each(BLUEPRINTS.map(file => [file]))('%s', file => {
  const blueprint = readBlueprint(file)
  const { meta, inputs, body } = blueprint

  it('says what it is, where it comes from and what it needs', () => {
    expect(meta).toMatchObject({
      domain: 'automation',
      source_url: `${HOMEPAGE}/blob/main/${file}`,
      homeassistant: { min_version: '2024.12.0' },
    })
    expect(String(meta.description).length).toBeGreaterThan(100)
  })

  it('uses every input, has every input that it uses, and says what each is', () => {
    expect([...new Set(inputsUsed(body))].sort()).toEqual([...inputs.keys()].sort())
    for (const [name, input] of inputs) {
      expect([name, input.name, Object.keys(input.selector).length]).toEqual([name, expect.any(String), 1])
    }
  })

  it('proposes entities that octopus2mqtt makes, of the kind that its selector shows', () => {
    const proposals = [...inputs.values()].filter(({ selector }) => entityFilters(selector).length > 0)
    expect(proposals.length).toBeGreaterThan(1)
    for (const { default: id, selector } of proposals) {
      const component = entities.get(String(id))
      expect([id, component?.platform]).toEqual([id, String(id).split('.')[0]])
      expect(entityFilters(selector)).toEqual([
        {
          integration: 'mqtt',
          domain: component?.platform,
          ...(component?.device_class !== undefined && { device_class: component.device_class }),
        },
      ])
    }
    expect(mentionedEntities(readText(file)).filter(id => !entities.has(id))).toEqual([])
  })

  it('has a mode that was chosen, and no warning when it runs twice', () => {
    expect(['restart', 'single', 'queued']).toContain(body.mode)
    if (body.mode !== 'restart') expect(body.max_exceeded).toBe('silent')
  })

  it('has templates that close, of functions that Home Assistant has', () => {
    const templates = textsIn(body).filter(isTemplate)
    expect(templates.length).toBeGreaterThan(2)
    expect(templates.flatMap(unbalanced)).toEqual([])
    const called = templates.flatMap(text => [...text.matchAll(/\b(\w+)\(/g)].map(([, name]) => name))
    expect(called.filter(name => !KNOWN_FUNCTIONS.includes(name ?? ''))).toEqual([])
  })

  it('reads attributes and states that there are', () => {
    const text = readText(file)
    const attributes = [...text.matchAll(/state_attr\((\w+), '(\w+)'/g)].map(([, input = '', name = '']) => [
      name,
      attributesOf(String(inputs.get(input)?.default)).includes(name),
    ])
    expect(attributes.filter(([, there]) => there !== true)).toEqual([])
    const words = [...text.matchAll(/'([A-Z_]{4,})'/g)].map(([, word = '']) => word)
    expect(words.filter(word => !(CAR_STATES as readonly string[]).includes(word))).toEqual([])
  })
})
