/**
 * Executes a document that was found valid, as `executeSync` of graphql does, with the same values and errors: what depends on the
 * document alone is found out once for each document. What only few documents have (directives, introspection) is left to graphql.
 */
import {
  type ExecutionResult,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isTypeSubTypeOf,
  Kind,
  locatedError,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from 'graphql'
import type { Operation } from './operation.ts'

/** What a resolver of the simulator may know of the place that it answers for. */
export type Place = Pick<GraphQLResolveInfo, 'fieldName' | 'parentType'>

export interface Run {
  readonly root: unknown
  readonly context: unknown
  /** As the schema takes them, and as they were sent. */
  readonly variables: Record<string, unknown>
  readonly sent: Readonly<Record<string, unknown>>
}

export type Execute = (run: Run) => ExecutionResult

type Path = readonly [before: Path | null, key: string | number]

interface Running extends Run {
  readonly errors: GraphQLError[]
}

type Complete = (value: unknown, path: Path, running: Running) => unknown
type Read = (source: unknown, path: Path | null, running: Running) => Record<string, unknown>

const keysOf = (path: Path): (string | number)[] => {
  const keys: (string | number)[] = []
  for (let at: Path | null = path; at !== null; at = at[0]) keys.unshift(at[1])
  return keys
}

/** Null where it has something in it that is left to graphql. */
export function planOf(schema: GraphQLSchema, operation: Operation): Execute | null {
  const { document, definition } = operation
  const type = rootType(schema, definition)
  if (type === null || !isPlain(operation)) return null
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const each of document.definitions)
    if (each.kind === Kind.FRAGMENT_DEFINITION) fragments.set(each.name.value, each)
  const read = new Planner(schema, fragments).read(type, [definition.selectionSet])
  return run => {
    const errors: GraphQLError[] = []
    let data: Record<string, unknown> | null = null
    try {
      data = read(run.root, null, { ...run, errors })
    } catch (error) {
      errors.push(error as GraphQLError)
    }
    return errors.length === 0 ? { data } : { errors, data }
  }
}

const rootType = (schema: GraphQLSchema, { operation }: OperationDefinitionNode): GraphQLObjectType | null =>
  (operation === 'query' ? schema.getQueryType() : operation === 'mutation' ? schema.getMutationType() : null) ?? null

function isPlain({ document }: Operation): boolean {
  let plain = true
  visit(document, {
    Directive: () => {
      plain = false
    },
    Field: ({ name }) => {
      if (name.value.startsWith('__') && name.value !== '__typename') plain = false
    },
  })
  return plain
}

class Planner {
  readonly #schema: GraphQLSchema
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>

  constructor(schema: GraphQLSchema, fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
    this.#schema = schema
    this.#fragments = fragments
  }

  /** Reads the fields of an object of this type, in the order in which they are asked for. */
  read(type: GraphQLObjectType, selections: readonly SelectionSetNode[]): Read {
    const asked = new Map<string, FieldNode[]>()
    const seen = new Set<string>()
    for (const selection of selections) this.#collect(type, selection, asked, seen)
    const fields = [...asked].map(([key, nodes]) => [key, this.#field(type, nodes)] as const)
    return (source, path, running) => {
      const result: Record<string, unknown> = Object.create(null)
      for (const [key, field] of fields) result[key] = field(source, [path, key], running)
      return result
    }
  }

  #collect(
    type: GraphQLObjectType,
    { selections }: SelectionSetNode,
    asked: Map<string, FieldNode[]>,
    seen: Set<string>,
  ) {
    for (const node of selections) {
      if (node.kind === Kind.FIELD) {
        const key = node.alias?.value ?? node.name.value
        asked.set(key, [...(asked.get(key) ?? []), node])
        continue
      }
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : this.#fragments.get(node.name.value)
      if (fragment === undefined) continue
      if (node.kind === Kind.FRAGMENT_SPREAD) {
        if (seen.has(node.name.value)) continue
        seen.add(node.name.value)
      }
      const condition =
        fragment.typeCondition === undefined ? type : this.#schema.getType(fragment.typeCondition.name.value)
      const applies = condition === type || (isAbstractType(condition) && this.#schema.isSubType(condition, type))
      if (applies) this.#collect(type, fragment.selectionSet, asked, seen)
    }
  }

  #field(parentType: GraphQLObjectType, nodes: readonly [FieldNode, ...FieldNode[]] | FieldNode[]): Complete {
    const [node] = nodes as readonly [FieldNode, ...FieldNode[]]
    const fieldName = node.name.value
    if (fieldName === '__typename') return () => parentType.name
    const field = parentType.getFields()[fieldName] as GraphQLField<unknown, unknown>
    const place: Place = { fieldName, parentType }
    const complete = this.#complete(field.type, nodes, place)
    const mayBeNull = !isNonNullType(field.type)
    const hasArguments = field.args.length > 0
    return (source, path, running) => {
      try {
        const args = hasArguments ? getArgumentValues(field, node, running.variables) : {}
        const property = (source as Record<string, unknown>)[fieldName]
        const value = typeof property === 'function' ? property.call(source, args, running.context, place) : property
        return complete(value, path, running)
      } catch (error) {
        return failed(error, nodes, path, mayBeNull, running)
      }
    }
  }

  #complete(type: GraphQLOutputType, nodes: readonly FieldNode[], place: Place): Complete {
    const inner = isNonNullType(type) ? null : this.#completeNullable(type, nodes, place)
    if (inner !== null)
      return (value, path, running) => (value === null || value === undefined ? null : inner(value, path, running))
    const whole = this.#complete((type as { ofType: GraphQLOutputType }).ofType, nodes, place)
    return (value, path, running) => {
      const completed = whole(value, path, running)
      if (completed === null)
        throw new Error(`Cannot return null for non-nullable field ${place.parentType.name}.${place.fieldName}.`)
      return completed
    }
  }

  #completeNullable(type: GraphQLOutputType, nodes: readonly FieldNode[], place: Place): Complete {
    if (isListType(type)) return this.#list(type.ofType, nodes, place)
    if (isLeafType(type)) return leaf(type)
    const selections = nodes.flatMap(({ selectionSet }) => selectionSet ?? [])
    const reads = new Map<string, Read>()
    const readOf = (runtime: GraphQLObjectType): Read => {
      const known = reads.get(runtime.name) ?? this.read(runtime, selections)
      reads.set(runtime.name, known)
      return known
    }
    if (isObjectType(type)) return (value, path, running) => readOf(type)(value, path, running)
    return (value, path, running) => {
      const { __typename: name } = value as { readonly __typename?: unknown }
      const runtime = typeof name === 'string' ? this.#schema.getType(name) : undefined
      if (!isObjectType(runtime) || !isTypeSubTypeOf(this.#schema, runtime, getNamedType(type)))
        throw new GraphQLError(`"${String(name)}" is no type of "${getNamedType(type).name}".`)
      return readOf(runtime)(value, path, running)
    }
  }

  #list(type: GraphQLOutputType, nodes: readonly FieldNode[], place: Place): Complete {
    const complete = this.#complete(type, nodes, place)
    const mayBeNull = !isNonNullType(type)
    return (value, path, running) => {
      if (!Array.isArray(value)) throw new GraphQLError(`"${place.fieldName}" is no list.`)
      return value.map((item: unknown, index) => {
        const itemPath: Path = [path, index]
        try {
          return complete(item, itemPath, running)
        } catch (error) {
          return failed(error, nodes, itemPath, mayBeNull, running)
        }
      })
    }
  }
}

const leaf =
  (type: GraphQLLeafType): Complete =>
  value =>
    type.serialize(value)

/** An error is told, and the value null; where it may not be null, its object is. */
function failed(error: unknown, nodes: readonly FieldNode[], path: Path, mayBeNull: boolean, running: Running): null {
  const located = locatedError(error, nodes, keysOf(path))
  if (!mayBeNull) throw located
  running.errors.push(located)
  return null
}
