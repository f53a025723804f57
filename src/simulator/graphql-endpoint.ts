/**
 * Executes a GraphQL request as Octopus does: a document that the schema does not know is HTTP 400 with bare errors; every
 * error of the application is HTTP 200 beside the data, with `extensions`.
 */
import {
  type ExecutionResult,
  executeSync,
  GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  isObjectType,
  validate,
} from 'graphql'
import type { JsonAnswer } from './exchange.ts'
import type { Fault } from './faults.ts'
import { type Operation, readOperation } from './operation.ts'
import { Recent } from './recent.ts'
import { type RequestContext, rootOf, type World } from './resolvers.ts'
import { schemaWithout } from './schema.ts'
import { type KrakenCode, krakenError } from './wire-errors.ts'

export interface GraphqlRequest {
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
  readonly operationName: string | undefined
}

/** The most that one request may cost. */
export const MOST_COMPLEX = 200

const WHOLE_SCHEMA = schemaWithout(new Set())

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

function readOperationOf(request: GraphqlRequest): Operation | JsonAnswer {
  try {
    return readOperation(request.query, request.operationName) ?? badRequest('Must provide an operation.')
  } catch (error) {
    return error instanceof GraphQLError ? bare([error]) : badRequest('Must provide query string.')
  }
}

/** A client sends a few documents over and over: as many are remembered, read and checked. */
const DOCUMENTS_KEPT = 50
const SCHEMAS_KEPT = 8

/** A schema, and what it finds wrong with the documents that were sent. */
interface Checked {
  readonly schema: GraphQLSchema
  readonly faultsOf: Recent<Operation, readonly GraphQLError[]>
}

export class GraphqlEndpoint {
  readonly #world: World
  readonly #root: ReturnType<typeof rootOf>
  readonly #operations = new Recent<string, Operation | JsonAnswer>(DOCUMENTS_KEPT)
  readonly #schemas = new Recent<string, Checked>(SCHEMAS_KEPT)

  constructor(world: World) {
    this.#world = world
    this.#root = rootOf(world)
  }

  /** The operation of a request; an answer instead where it has none. */
  operationOf(request: GraphqlRequest): Operation | JsonAnswer {
    const { query, operationName } = request
    const key = `${query.length}:${query}${operationName === undefined ? '' : `:${operationName}`}`
    return this.#operations.get(key, () => readOperationOf(request))
  }

  answer(
    request: GraphqlRequest,
    operation: Operation,
    authorization: string | undefined,
    faults: readonly Fault[],
  ): JsonAnswer {
    const { schema, faultsOf } = this.#schemaFor(faults)
    const invalid = faultsOf.get(operation, () => validate(schema, operation.document))
    if (invalid.length > 0) return bare(invalid)
    const variables = getVariableValues(schema, operation.definition.variableDefinitions ?? [], request.variables)
    if (variables.errors !== undefined) return bare(variables.errors)

    const refused = this.#refusal(operation, faults)
    if (refused !== null) return this.#refuse(schema, operation, refused)
    let authorised = false
    const context: RequestContext = {
      authorise: () => {
        if (!authorised) this.#world.tokens.verify(authorization)
        authorised = true
      },
      faults: new Set(faults.map(fault => fault.kind)),
    }
    const result = executeSync({
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

  #schemaFor(faults: readonly Fault[]): Checked {
    const removed = faults.flatMap(fault => (fault.kind === 'removed_field' && fault.field ? [fault.field] : [])).sort()
    return this.#schemas.get(removed.join(' '), () => ({
      schema: removed.length === 0 ? WHOLE_SCHEMA : schemaWithout(new Set(removed)),
      faultsOf: new Recent(DOCUMENTS_KEPT),
    }))
  }
}

/** Errors first, as Octopus writes them. */
const ordered = ({ errors, data }: ExecutionResult): unknown =>
  errors === undefined ? { data } : { errors: errors.map(error => error.toJSON()), data }
