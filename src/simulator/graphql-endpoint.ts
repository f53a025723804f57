/**
 * Executes a GraphQL request as Octopus does: a document that the schema does not know is HTTP 400 with bare errors; every
 * error of the application is HTTP 200 beside the data, with `extensions`.
 */
import {
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  isObjectType,
  validate,
} from 'graphql'
import type { Fault } from './faults.ts'
import { type Operation, readOperation } from './operation.ts'
import { type RequestContext, rootOf, type World } from './resolvers.ts'
import { schemaWithout } from './schema.ts'
import { type KrakenCode, krakenError } from './wire-errors.ts'

export interface GraphqlRequest {
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
  readonly operationName: string | undefined
}

export interface JsonAnswer {
  readonly status: number
  readonly body: unknown
}

/** The most that one request may cost. */
export const MOST_COMPLEX = 200

const WHOLE_REQUEST = ['KT-CT-1111', 'KT-CT-1124', 'KT-CT-1139', 'KT-CT-1143', 'KT-CT-1199'] as const

/** The request in a body, or what is wrong with it. */
export function readRequest(text: string): GraphqlRequest | string {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return 'POST body sent invalid JSON.'
  }
  if (typeof body !== 'object' || body === null || !('query' in body) || typeof body.query !== 'string') {
    return 'Must provide query string.'
  }
  const variables = 'variables' in body && typeof body.variables === 'object' ? body.variables : null
  const named = 'operationName' in body && typeof body.operationName === 'string' ? body.operationName : undefined
  return { query: body.query, variables: { ...variables }, operationName: named }
}

const bare = (errors: readonly GraphQLError[]): JsonAnswer => ({
  status: 400,
  body: { errors: errors.map(({ message, locations }) => (locations ? { message, locations } : { message })) },
})

export const badRequest = (message: string): JsonAnswer => ({ status: 400, body: { errors: [{ message }] } })

/** The operation of a request; an answer instead where it has none. */
export function operationOf(request: GraphqlRequest): Operation | JsonAnswer {
  try {
    return readOperation(request.query, request.operationName) ?? badRequest('Must provide an operation.')
  } catch (error) {
    return error instanceof GraphQLError ? bare([error]) : badRequest('Must provide query string.')
  }
}

export class GraphqlEndpoint {
  readonly #world: World
  readonly #root: ReturnType<typeof rootOf>
  readonly #schemas = new Map<string, GraphQLSchema>()

  constructor(world: World) {
    this.#world = world
    this.#root = rootOf(world)
  }

  async answer(
    request: GraphqlRequest,
    operation: Operation,
    authorization: string | undefined,
    faults: readonly Fault[],
  ): Promise<JsonAnswer> {
    const schema = this.#schemaFor(faults)
    const invalid = validate(schema, operation.document)
    if (invalid.length > 0) return bare(invalid)
    const variables = getVariableValues(schema, operation.definition.variableDefinitions ?? [], request.variables)
    if (variables.errors !== undefined) return bare(variables.errors)

    const refused = this.#refusal(operation, faults)
    if (refused !== null) return this.#refuse(schema, operation, refused)
    const context: RequestContext = {
      authorise: () => this.#world.tokens.verify(authorization),
      faults: new Set(faults.map(fault => fault.kind)),
    }
    const result = await execute({
      schema,
      document: operation.document,
      rootValue: this.#root,
      contextValue: context,
      variableValues: request.variables,
      operationName: operation.definition.name?.value ?? null,
    })
    return { status: 200, body: ordered(result) }
  }

  /** What hits the whole request, before any field of it is looked at. */
  #refusal(operation: Operation, faults: readonly Fault[]): KrakenCode | null {
    const forced = WHOLE_REQUEST.find(code => faults.some(fault => fault.kind === code))
    if (forced !== undefined) return forced
    if (operation.complexity > MOST_COMPLEX) return 'KT-CT-1188'
    return this.#world.limits.spend(operation.complexity) ? null : 'KT-CT-1199'
  }

  #refuse(schema: GraphQLSchema, operation: Operation, code: KrakenCode): JsonAnswer {
    const [field] = operation.rootFields
    const known = [schema.getQueryType(), schema.getMutationType()].some(
      type => isObjectType(type) && field !== undefined && field in type.getFields(),
    )
    const error = krakenError(code)
    const body = {
      errors: [{ message: error.message, ...(known ? { path: [field] } : {}), extensions: error.extensions }],
      data: Object.fromEntries(operation.rootFields.map(name => [name, null])),
    }
    return { status: 200, body }
  }

  #schemaFor(faults: readonly Fault[]): GraphQLSchema {
    const removed = faults.flatMap(fault => (fault.kind === 'removed_field' && fault.field ? [fault.field] : [])).sort()
    const key = removed.join(' ')
    const schema = this.#schemas.get(key) ?? schemaWithout(new Set(removed))
    this.#schemas.set(key, schema)
    return schema
  }
}

/** Errors first, as Octopus writes them. */
const ordered = ({ errors, data }: ExecutionResult): unknown =>
  errors === undefined ? { data } : { errors: errors.map(error => error.toJSON()), data }
