/**
 * The other host, Octopus's own app server: it takes the raw token alone and wants a User-Agent. Its schema is not public;
 * this is the part of the saving sessions that clients were seen to read, with a household that has none.
 */
import { executeSync, GraphQLError, validate } from 'graphql'
import type { JsonAnswer } from './exchange.ts'
import type { Operation } from './operation.ts'
import { schemaWithout } from './schema.ts'
import type { Tokens } from './tokens.ts'

const SDL = `
  scalar DateTime
  type Query { savingSessions: SavingSessionsType }
  type SavingSessionsType {
    events(includeDev: Boolean): [SavingSessionEventType]
    account(accountNumber: String!): SavingSessionAccountType
  }
  type SavingSessionAccountType { hasJoinedCampaign: Boolean! }
  type SavingSessionEventType { id: Int! code: String startAt: DateTime! endAt: DateTime! status: String }
`

const ROOT = {
  savingSessions: { events: [], account: { hasJoinedCampaign: false } },
}

const schema = schemaWithout(new Set(), SDL)

export function answerBackend(
  operation: Operation,
  variables: Readonly<Record<string, unknown>>,
  authorization: string | undefined,
  tokens: Tokens,
): JsonAnswer {
  const invalid = validate(schema, operation.document)
  if (invalid.length > 0) return { status: 400, body: { errors: invalid.map(({ message }) => ({ message })) } }
  try {
    tokens.verify(authorization, true)
  } catch {
    const refused = new GraphQLError('Unauthorized.', {
      extensions: { errorCode: 'OE-0103', errorDescription: 'The token was not accepted.' },
    })
    return { status: 200, body: { errors: [refused.toJSON()], data: null } }
  }
  const result = executeSync({ schema, document: operation.document, rootValue: ROOT, variableValues: variables })
  return { status: 200, body: result }
}
