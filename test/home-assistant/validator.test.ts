import { describe, expect, it } from '@jest/globals'
import { renderStates } from '../../src/entities/render.ts'
import { discoveryDocuments } from '../../src/home-assistant/discovery.ts'
import { twoCars } from '../entities/snapshots.ts'
import { render } from './jinja.ts'
import { rules } from './rules.ts'
import { settings } from './settings.ts'
import { validateStates } from './state-rules.ts'
import { validateDocuments } from './validator.ts'

/** JSON, for breaking it. */
interface Loose {
  [key: string]: Loose
}

const ACCOUNT = 1
const METER = 2
const CAR = 4

/** A good set of documents with one thing wrong. */
function broken(
  index: number,
  change: (payload: Loose, components: Loose, topic: { topic: string }) => void,
): string[] {
  const documents = structuredClone(discoveryDocuments(twoCars, settings)) as unknown as {
    topic: string
    payload: Loose
  }[]
  const document = documents[index]
  const components = document?.payload.components
  if (document === undefined || components === undefined) throw new Error(`no document ${index}`)
  change(document.payload, components, document)
  return validateDocuments(documents, rules)
}

/** Puts anything anywhere, types aside. */
const put = (object: Loose | undefined, key: string, value: unknown): void => {
  if (object === undefined) throw new Error(`nothing to put ${key} in`)
  Object.assign(object, { [key]: value })
}
const drop = (object: Loose | undefined, key: string): void => {
  if (object?.[key] === undefined) throw new Error(`no ${key} to drop`)
  delete object[key]
}

/** Tests of rules that only the file beside the repository knows. */
const itWithRules = rules === null ? it.skip : it

describe('the validator', () => {
  it('finds nothing in a good set', () => {
    expect(broken(CAR, () => undefined)).toEqual([])
  })

  it.each<[string, number, (payload: Loose, components: Loose, document: { topic: string }) => void, RegExp]>([
    ['a root key too many', CAR, p => put(p, '~', 'octopus2mqtt'), /root has the unknown key ~/],
    ['a root key of newer releases only', CAR, p => put(p, 'message_expiry_interval', 60), /message_expiry_interval/],
    ['no origin', CAR, p => drop(p, 'origin'), /root lacks origin/],
    ['an origin without a name', CAR, p => drop(p.origin, 'name'), /origin needs a name/],
    ['a support page that is none', CAR, p => put(p.origin, 'support_url', 'docs'), /no web address/],
    ['a device nobody can tell', CAR, p => drop(p.device, 'identifiers'), /neither identifiers/],
    ['a child before its parent', CAR, p => put(p.device, 'via_device', 'octopus2mqtt_other'), /comes later or never/],
    ['a null', CAR, p => put(p.device, 'model', null), /is null/],
    [
      'an illegal id',
      CAR,
      (_p, _c, d) => put(d as unknown as Loose, 'topic', 'homeassistant/device/a.b/config'),
      /illegal/,
    ],
    ['an unsupported platform', CAR, (_p, c) => put(c.charging, 'platform', 'calendar'), /refuses the whole document/],
    ['no unique_id', CAR, (_p, c) => drop(c.charging, 'unique_id'), /no unique_id/],
    [
      'a unique_id used twice',
      CAR,
      (_p, c) => put(c.charging, 'unique_id', c.boosting?.unique_id),
      /unique_id .* is used twice/,
    ],
    [
      'an entity id used twice',
      CAR,
      (_p, c) => put(c.charging, 'default_entity_id', c.boosting?.default_entity_id),
      /used twice/,
    ],
    [
      'an entity id of another domain',
      CAR,
      (_p, c) => put(c.charging, 'default_entity_id', 'sensor.x'),
      /entity id sensor/,
    ],
    ['an object_id', CAR, (_p, c) => put(c.charging, 'object_id', 'x'), /object_id/],
    ['a name beginning with the device’s', CAR, (_p, c) => put(c.charging, 'name', 'Ioniq 5 charging'), /begins with/],
    ['an icon without its set', CAR, (_p, c) => put(c.boosting, 'icon', 'bolt'), /icon bolt/],
    [
      'a sensor as configuration',
      CAR,
      (_p, c) => put(c.ready_by, 'entity_category', 'config'),
      /entity_category config/,
    ],
    ['a wildcard in a topic', CAR, (_p, c) => put(c.charging, 'state_topic', 'a/+/b'), /state_topic is/],
    ['options on a plain sensor', CAR, (_p, c) => put(c.ready_by, 'options', ['a']), /options without/],
    ['empty options', CAR, (_p, c) => put(c.intelligent_state, 'options', []), /options are empty/],
    ['options and a unit', CAR, (_p, c) => put(c.intelligent_state, 'unit_of_measurement', 'x'), /options with/],
    [
      'a unit on a timestamp',
      CAR,
      (_p, c) => put(c.next_dispatch_end, 'unit_of_measurement', 's'),
      /a unit on timestamp/,
    ],
    ['a negative precision', CAR, (_p, c) => put(c.planned_energy, 'suggested_display_precision', -1), /precision -1/],
    [
      'a reset without a total',
      METER,
      (_p, c) => put(c.previous_accumulative_consumption, 'state_class', 'total_increasing'),
      /without state_class total/,
    ],
    [
      'a template of another shape',
      METER,
      (_p, c) => put(c.previous_accumulative_consumption, 'value_template', '{{ value | float }}'),
      /unknown shape/,
    ],
    ['two topics, any of them', CAR, (_p, c) => put(c.boosting, 'availability_mode', 'any'), /without the mode all/],
    ['two kinds of availability', CAR, (_p, c) => put(c.boosting, 'availability_topic', 'x'), /exclude each other/],
    ['a retained command', ACCOUNT, (_p, c) => put(c.refresh, 'retain', true), /must not be retained/],
    ['an event of no type', CAR, (_p, c) => put(c.plan_changed, 'event_types', []), /event without types/],
  ])('finds %s', (_name, index, change, finding) => {
    expect(broken(index, change).join('\n')).toMatch(finding)
  })

  itWithRules.each<[string, number, (payload: Loose, components: Loose) => void, RegExp]>([
    [
      'a key that the platform does not know',
      CAR,
      (_p, c) => put(c.charging, 'payload_press', 'x'),
      /unknown key payload_p/,
    ],
    ['a required key that is missing', CAR, (_p, c) => drop(c.charging, 'state_topic'), /lacks state_topic/],
    ['an unknown key of the device', CAR, p => put(p.device, 'colour', 'red'), /unknown key colour/],
    [
      'a device class of another platform',
      CAR,
      (_p, c) => put(c.charging, 'device_class', 'energy'),
      /energy on binary/,
    ],
    [
      'a device class that is none',
      CAR,
      (_p, c) => put(c.planned_energy, 'device_class', 'oomph'),
      /device_class oomph/,
    ],
    ['a unit outside its class', CAR, (_p, c) => put(c.planned_energy, 'unit_of_measurement', 'mAh'), /unit mAh/],
    [
      'a state class outside its class',
      CAR,
      (_p, c) => put(c.planned_energy, 'state_class', 'measurement'),
      /on energy/,
    ],
    ['a device class on a button', ACCOUNT, (_p, c) => put(c.refresh, 'device_class', 'plug'), /plug on button/],
  ])('finds %s', (_name, index, change, finding) => {
    expect(broken(index, change).join('\n')).toMatch(finding)
  })

  it.each<[string, string, string | null, RegExp]>([
    ['a missing state', 'ioniq/ready_by', null, /nothing on/],
    ['a word for a number', 'ioniq/planned_energy', 'lots', /no number/],
    ['null for unknown', 'ioniq/planned_energy', 'null', /no number/],
    ['a time without a zone', 'ioniq/next_dispatch_end', '2026-11-23T22:10:00', /no time with a zone/],
    ['a word that is no option', 'account/api_status', 'fine', /none of the options/],
    ['another ON', 'ioniq/plugged_in', 'on', /on a binary sensor/],
    ['an empty state', 'ioniq/ready_by', '', /0 characters/],
    ['a state that is too long', 'ioniq/ready_by', 'x'.repeat(256), /256 characters/],
    ['attributes that are no object', 'ioniq/plugged_in/attributes', '[]', /no object/],
    ['a blocked attribute', 'ioniq/plugged_in/attributes', '{"icon":"x"}', /icon is blocked/],
    ['attributes too large', 'ioniq/plugged_in/attributes', JSON.stringify({ x: 'y'.repeat(17_000) }), /bytes/],
    ['a strange availability', 'availability', 'yes', /as availability/],
    ['a state of nobody', 'ioniq/mood', 'good', /read by nobody/],
    [
      'a reset that is no time',
      'electricity_import/previous_accumulative_consumption',
      '{"value":1,"last_reset":"today"}',
      /today as last_reset/,
    ],
  ])('finds %s', (_name, topic, payload, finding) => {
    const messages = new Map(renderStates(twoCars, settings.base))
    const full = `octopus2mqtt/a-1234abcd/${topic}`
    if (payload === null) messages.delete(full)
    else messages.set(full, { payload, retain: true })
    expect(validateStates(discoveryDocuments(twoCars, settings), messages, settings.base).join('\n')).toMatch(finding)
  })
})

describe('the templates', () => {
  it('render as Home Assistant renders them', () => {
    expect(render('{{ value_json.value }}', '{"value":1.5}')).toBe('1.5')
    expect(render('{{ value_json.value }}', '{"value":null}')).toBe('None')
    expect(render("{{ value_json.last_reset or '' }}", '{"last_reset":null}')).toBe('')
    expect(() => render('{{ value_json.value }}', '{}')).toThrow('not in')
    expect(() => render('{{ value_json.value | int }}', '{"value":1}')).toThrow('unknown shape')
  })
})
