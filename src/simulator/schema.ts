/** The executable schema, with scalars that refuse what the real ones refuse, and without fields that were removed. */
import { buildASTSchema, GraphQLError, type GraphQLSchema, isScalarType, Kind, parse, visit } from 'graphql'
import { SDL } from './sdl.ts'

const refuse = (type: string, value: unknown): never => {
  throw new GraphQLError(`${type} cannot represent value: ${JSON.stringify(value)}`)
}

/** Input of the scalars that have a form. */
const INPUTS: Readonly<Record<string, (value: unknown) => unknown>> = {
  Decimal: value =>
    (typeof value === 'number' || (typeof value === 'string' && value.trim() !== '')) && Number.isFinite(Number(value))
      ? Number(value)
      : refuse('Decimal', value),
  Time: value =>
    typeof value === 'string' && /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/.test(value) ? value : refuse('Time', value),
  DateTime: value =>
    typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? value : refuse('DateTime', value),
}

/** `removed` holds "Type.field"; a field of an interface goes from every type that implements it. */
export function schemaWithout(removed: ReadonlySet<string>, sdl: string = SDL): GraphQLSchema {
  const source = parse(sdl)
  const trimmed = visit(source, {
    FieldDefinition: (node, _key, _parent, _path, ancestors) => {
      const type = ancestors.findLast(each => !Array.isArray(each) && 'kind' in each && 'name' in each)
      if (type === undefined || Array.isArray(type) || !('kind' in type)) return undefined
      if (type.kind !== Kind.OBJECT_TYPE_DEFINITION && type.kind !== Kind.INTERFACE_TYPE_DEFINITION) return undefined
      const owners = [type.name.value, ...(type.interfaces ?? []).map(each => each.name.value)]
      return owners.some(owner => removed.has(`${owner}.${node.name.value}`)) ? null : undefined
    },
  })
  const schema = buildASTSchema(trimmed, { assumeValid: true })
  for (const type of Object.values(schema.getTypeMap())) {
    const parseInput = INPUTS[type.name]
    if (!isScalarType(type) || parseInput === undefined) continue
    type.parseValue = parseInput
    type.parseLiteral = node => parseInput('value' in node ? node.value : null)
  }
  return schema
}
