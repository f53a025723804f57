import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { carBindings } from '../../src/account/configured-cars.ts'
import { DEFAULT_PATHS, loadConfig } from '../../src/config/load.ts'
import { PRESETS } from '../../src/vehicle/presets.ts'
import { plugSources, topicsOf } from '../../src/vehicle/spec.ts'
import { filesBelow, pageText, ROOT } from './pages.ts'

const env = {
  OCTOPUS_API_KEY: 'sk_live_of_a_test',
  MQTT_PASSWORD: 'a password',
  HOMEASSISTANT_TOKEN: 'a_token',
}
const options = { env, cwd: ROOT, presets: PRESETS }
const load = (path: string) => loadConfig({ ...options, path }).config
const topics = (path: string) => carBindings(load(path).ev).map(({ spec }) => topicsOf(spec))

const ours = filesBelow('examples', '.yaml').filter(file => /\/octopus2mqtt[^/]*$/.test(file))

describe('the configurations in examples', () => {
  it.each(ours.map(file => [file]))('%s loads', file => {
    const config = load(file)
    expect(config.octopus.apiKey).toBe(env.OCTOPUS_API_KEY)
    expect(config.mqtt).toMatchObject({ username: 'octopus2mqtt', password: env.MQTT_PASSWORD })
    expect(carBindings(config.ev)).toHaveLength(1)
  })

  it.each(ours.map(file => [file]))('%s takes nothing for true while its source is away', file => {
    for (const { spec } of carBindings(load(file).ev)) {
      const sources = [...plugSources(spec), ...(spec.charging?.sources ?? []), ...(spec.power?.sources ?? [])]
      expect(sources.length).toBeGreaterThan(1)
      expect(sources.filter(({ availability }) => availability === undefined)).toEqual([])
    }
  })

  it('are there for evcc and for Home Assistant', () => {
    expect(ours).toEqual([
      'examples/evcc/octopus2mqtt.yaml',
      'examples/home-assistant/octopus2mqtt-statestream.yaml',
      'examples/home-assistant/octopus2mqtt.yaml',
    ])
    expect(DEFAULT_PATHS).toContain('/config/config.yaml')
  })

  it('listen to what evcc publishes, as the page says', () => {
    const heard = topics('examples/evcc/octopus2mqtt.yaml').flat()
    const evcc = parse(readFileSync(join(ROOT, 'examples/evcc/evcc.yaml'), 'utf8')) as { mqtt: { topic: string } }
    expect(heard.sort()).toEqual(
      ['loadpoints/1/chargePower', 'loadpoints/1/charging', 'loadpoints/1/connected', 'status'].map(
        topic => `${evcc.mqtt.topic}/${topic}`,
      ),
    )
    for (const topic of heard) expect(pageText('examples/evcc/README.md')).toContain(`\`${topic}\``)
  })

  it('listen to what the automations publish', () => {
    const published = ['plugged', 'charging'].map(name => {
      const file = readFileSync(join(ROOT, `examples/home-assistant/${name}.yaml`), 'utf8')
      const { actions } = parse(file) as { actions: { action: string; data: { topic: string; retain: boolean } }[] }
      expect(actions).toMatchObject([{ action: 'mqtt.publish', data: { retain: true } }])
      return actions[0]?.data.topic
    })
    expect(topics('examples/home-assistant/octopus2mqtt.yaml').flat()).toEqual(expect.arrayContaining(published))
  })

  it('listen to what mqtt_statestream publishes', () => {
    const file = readFileSync(join(ROOT, 'examples/home-assistant/statestream.yaml'), 'utf8')
    const { mqtt_statestream: stream } = parse(file) as {
      mqtt_statestream: { base_topic: string; include: { entities: string[] } }
    }
    const published = stream.include.entities.map(entity => `${stream.base_topic}/${entity.replace('.', '/')}/state`)
    expect(topics('examples/home-assistant/octopus2mqtt-statestream.yaml').flat()).toEqual(
      expect.arrayContaining(published),
    )
  })
})
