/** The schema as a list of keys. */
import { z } from 'zod'
import { type Form, forms } from './fields.ts'
import { fileSchema } from './schema.ts'

export interface Field {
  /** `['ev', 'plugged', 'topic']` */
  readonly path: readonly string[]
  /** Undefined for a key that holds other keys. */
  readonly form: Form | undefined
  readonly description: string
  readonly fallback: unknown
  /** A mapping that may also be written shorter or as a list: `ev`, and each of its signals. */
  readonly flexible: boolean
}

/** `OCTOPUS2MQTT_MQTT_BASE_TOPIC` */
export const variableOf = (path: readonly string[]): string => `OCTOPUS2MQTT_${path.join('_').toUpperCase()}`

interface Opened {
  readonly inner: z.ZodType
  readonly fallback: unknown
}

/** The schema without the wrappers that make it optional or give it a default. */
function open(schema: z.ZodType): Opened {
  if (schema instanceof z.ZodPrefault) {
    return { ...open(schema.def.innerType as z.ZodType), fallback: schema.def.defaultValue }
  }
  if (schema instanceof z.ZodOptional) return open(schema.def.innerType as z.ZodType)
  return { inner: schema, fallback: undefined }
}

/** The mappings that this schema admits: itself, or those among the options of a union. */
function mappings(schema: z.ZodType): z.ZodObject[] {
  const { inner } = open(schema)
  if (inner instanceof z.ZodObject) return [inner]
  return inner instanceof z.ZodUnion ? inner.options.flatMap(option => mappings(option as z.ZodType)) : []
}

function elements(schema: z.ZodType): z.ZodType[] {
  const { inner } = open(schema)
  if (inner instanceof z.ZodArray) return [inner.element as z.ZodType]
  return inner instanceof z.ZodUnion ? inner.options.flatMap(option => elements(option as z.ZodType)) : []
}

function walk(schema: z.ZodType, path: readonly string[]): Field[] {
  const form = forms.get(schema)
  const { inner, fallback } = open(schema)
  const description = schema.meta()?.description ?? ''
  const here: Field = { path, form, description, fallback, flexible: inner instanceof z.ZodUnion && form === undefined }
  if (form !== undefined) return [here]
  const shape = mappings(schema)[0]?.shape ?? {}
  const below = Object.entries(shape).flatMap(([key, value]) => walk(value as z.ZodType, [...path, key]))
  return path.length === 0 ? below : [here, ...below]
}

/** Every key, sections included, in the order of the schema. */
export const FIELDS: readonly Field[] = walk(fileSchema, [])

/** The keys that may stand in the mapping at `path`, a path of the file (with indexes where there are lists). */
export function knownKeys(path: readonly PropertyKey[]): string[] {
  let schemas: z.ZodType[] = [fileSchema]
  for (const step of path) {
    schemas = schemas.flatMap(schema =>
      typeof step === 'number'
        ? elements(schema)
        : mappings(schema).flatMap(mapping => {
            const next = (mapping.shape as Record<string, z.ZodType>)[String(step)]
            return next === undefined ? [] : [next]
          }),
    )
  }
  return [...new Set(schemas.flatMap(schema => mappings(schema).flatMap(mapping => Object.keys(mapping.shape))))]
}

/** The one section that has this key, for a key whose indentation was lost; undefined where none or several have it. */
export function sectionOf(key: string): string | undefined {
  const [section, ...others] = FIELDS.filter(({ path }) => path.length === 2 && path[1] === key)
  return others.length === 0 ? section?.path[0] : undefined
}
