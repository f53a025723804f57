/** What the house itself knows of the cars: plug, charging, power. */
import { z } from 'zod'
import { MINUTE } from '../clock.ts'
import { readTopic } from './checks.ts'
import { choice, duration, durationOrNever, forms, number, text } from './fields.ts'
import { words } from './list-fields.ts'
import { comparable } from './values.ts'

const compared = (written: string) => ({ value: comparable(written) })
const topic = text('The topic.', readTopic).optional()

/** Where nothing is configured at all, for the only car. */
export const DEFAULT_TOPICS = { plugged: 'ev/plugged', charging: 'ev/charging' } as const

/** One topic and how its payload is read. */
const sourceShape = {
  topic,
  json: text('Where the value stands in a JSON payload: a dotted path such as `charger.plugged`.').optional(),
  true_values: words('Payloads that mean yes, compared as trimmed lower-case text.', compared),
  false_values: words('Payloads that mean no.', compared),
  above: number('A number above this means yes.').optional(),
  below: number('A number below this means no. Between the two the last value stays.').optional(),
  unit: choice('Unit of a power.', ['W', 'kW']).optional(),
  availability: text('A topic that says `online` or `offline` for this source.', readTopic).optional(),
}

const source = z.strictObject(sourceShape)
const EXPECTED = 'expected a topic, a mapping with "topic", or a list of them'

/** A signal: a topic, a mapping, a list of both, or a mapping with `sources` where more than the sources is said. */
function signal<S extends z.ZodRawShape>(description: string, more: S, defaultTopic?: string) {
  const form = defaultTopic === undefined ? {} : { without: `\`${defaultTopic}\`` }
  const ownTopic = text('The topic.', readTopic, form).optional()
  const sources = z
    .array(z.union([topic, source], { error: EXPECTED }), { error: 'expected a list of topics or mappings' })
    .min(1, 'expected at least one source')
  const listed = sources
    .optional()
    .meta({ description: 'Several sources; any of them that says yes is enough.' })
    .register(forms, { type: 'list', json: {}, list: true })
  return z
    .union([topic, z.strictObject({ ...sourceShape, topic: ownTopic, ...more, sources: listed }), sources], {
      error: EXPECTED,
    })
    .optional()
    .meta({ description })
}

const debounce = (description: string) => duration(description, { most: 10 * MINUTE })

export const carShape = {
  device: text('Which car or charge point it is: its id or its name at Octopus. Only in a list of several.').optional(),
  preset: text('Fills in the topics of a known charger or car. Its own parameters stand beside it.').optional(),
  plugged: signal(
    'Whether the car is plugged in. `none` where nothing can tell.',
    {
      debounce_on: debounce('A plug must stay in this long to count.').or('5s'),
      debounce_off: debounce('It must stay out this long to count.').or('60s'),
      stale_after: durationOrNever('A source that is silent for longer is not believed.').or('never'),
    },
    DEFAULT_TOPICS.plugged,
  ),
  charging: signal(
    'Whether the car charges.',
    { debounce: debounce('It must last this long to count; the same goes for the power.').or('20s') },
    DEFAULT_TOPICS.charging,
  ),
  power: signal('The power the car draws; a number in `unit`, held against `above` and `below`.', {}),
  at_home: signal('Whether the car is at home; a plug elsewhere does not count.', {}),
  schedule_changed: signal('Any change of this payload means that the plan may have changed.', {}),
}

/** Further keys are parameters of the preset; they are checked against it where the presets are known. */
const car = z.object(carShape).catchall(z.unknown())

export const ev = z
  .union([car, z.array(car).min(1, 'expected at least one car')], {
    error: 'expected one mapping, or a list of mappings with "device"',
  })
  .prefault({})
  .meta({
    description:
      'What the house knows of the car. One mapping for one car; for several a list, each with `device`, its own ' +
      '`plugged` and so on. Nothing set: `plugged` listens to `ev/plugged` and `charging` to `ev/charging`.',
  })
