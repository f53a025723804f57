/**
 * The one schema of the configuration. The type `Config`, the defaults, the JSON Schema, the reference page and the names
 * of the environment variables are all made from it.
 */
import { z } from 'zod'
import { forms } from './fields.ts'
import { homeassistant, mqtt, octopus } from './section-connections.ts'
import { log, status, storage } from './section-daemon.ts'
import { energy } from './section-energy.ts'
import { ev } from './section-ev.ts'
import { intelligent, limits } from './section-intelligent.ts'

export const fileSchema = z.strictObject({
  octopus,
  mqtt,
  homeassistant,
  ev,
  intelligent,
  limits,
  energy,
  storage,
  status,
  log,
})

/** What the schema makes of a file: snake_case keys, every default filled in. */
export type Parsed = z.output<typeof fileSchema>

/** Any value may be a `${NAME}` instead. */
const REFERENCE = { type: 'string', pattern: '\\$\\{' }

/** JSON Schema (2020-12) of the file, for editors. */
export function jsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(fileSchema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema: node }) => {
      const form = forms.get(zodSchema as unknown as z.ZodType)
      if (form === undefined) return
      const { description, default: fallback } = node
      if (Object.keys(form.json).length > 0) for (const key of Object.keys(node)) delete node[key as keyof typeof node]
      const isNarrow = form.list === undefined && ('enum' in form.json || 'pattern' in form.json)
      Object.assign(node, isNarrow ? { anyOf: [form.json, REFERENCE] } : form.json)
      if (description !== undefined) node.description = description
      if (fallback !== undefined) node.default = fallback
    },
  })
  return { title: 'octopus2mqtt', ...schema }
}
