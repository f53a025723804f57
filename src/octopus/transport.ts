/**
 * Sends one GraphQL document. graphql-request's own error carries the variables, and so the API key, in its message, stack
 * and properties; none of it leaves this file: what went wrong is told anew from the status and the codes.
 */
import { GraphQLClient } from 'graphql-request'
import { isBridgeError } from '../errors.ts'
import type { Sent } from '../fetch.ts'
import { fromGraphqlErrors, fromStatus, type GraphqlError, octopusError, readErrors } from './errors.ts'
import { exchange, type HttpAnswer, type HttpSettings } from './http.ts'
import { asObject, type JsonObject, parseJson } from './json.ts'

export interface GraphqlRequest {
  readonly document: string
  readonly variables: Readonly<Record<string, unknown>>
  /** Sent as it is: the documented form is the raw token. Null asks without one. */
  readonly token: string | null
}

/** Data, whole or in part. At least one of its root fields has a value. */
export interface GraphqlAnswer {
  readonly data: JsonObject
  readonly errors: readonly GraphqlError[]
  readonly status: number
}

export type Transport = (request: GraphqlRequest) => Promise<GraphqlAnswer>

/** Every failure is a BridgeError: see `octopus/errors.ts`. */
export function createTransport(url: string, settings: HttpSettings): Transport {
  return async ({ document, variables, token }) => {
    let answer: HttpAnswer | undefined
    const operationName = nameOf(document)
    const client = new GraphQLClient(url, {
      errorPolicy: 'all',
      // It would parse the whole document to find the name, each time.
      excludeOperationName: true,
      jsonSerializer: {
        parse: text => JSON.parse(text),
        stringify: body => JSON.stringify({ ...body, operationName }),
      },
      headers: { 'User-Agent': settings.userAgent, ...(token === null ? {} : { Authorization: token }) },
      fetch: async (input, init) => {
        answer = await exchange(settings, String(input), sentBy(init))
        return asResponse(answer)
      },
    })
    try {
      const { data, errors, status } = await client.rawRequest(document, variables)
      return dataOrThrow({ data, errors }, { status, retryAfterMs: answer?.retryAfterMs ?? null })
    } catch (error) {
      if (isBridgeError(error)) throw error
      if (answer === undefined) throw octopusError('OCTOPUS_UNREACHABLE', { problem: 'request' })
      return readAnew(answer)
    }
  }
}

/** The answer again, in our own words, where graphql-request threw: another status, another content type, no JSON. */
function readAnew(answer: HttpAnswer): GraphqlAnswer {
  const body = asObject(parseJson(answer.text))
  const failure = fromStatus(answer.status, {
    isJson: body !== null,
    retryAfterMs: answer.retryAfterMs,
    api: 'graphql',
  })
  const hasErrors = Array.isArray(body?.errors) && body.errors.length > 0
  if (body !== null && (failure === null || hasErrors)) return dataOrThrow(body, answer)
  throw failure ?? octopusError('OCTOPUS_BAD_ANSWER', { status: answer.status })
}

function dataOrThrow(body: JsonObject, http: Pick<HttpAnswer, 'status' | 'retryAfterMs'>): GraphqlAnswer {
  const errors = readErrors(body.errors)
  const data = asObject(body.data)
  const isUseful = data !== null && Object.values(data).some(value => value !== null && value !== undefined)
  if (isUseful) return { data, errors, status: http.status }
  if (errors.length > 0) {
    const { status, retryAfterMs } = http
    throw fromGraphqlErrors(errors, { status, retryAfterMs })
  }
  throw octopusError('OCTOPUS_BAD_ANSWER', { status: http.status })
}

/** `Poll` of `query Poll($account: …`; undefined where a document is written otherwise. */
const nameOf = (document: string): string | undefined => /^(?:query|mutation) (\w+)/.exec(document)?.[1]

/** What graphql-request hands to `fetch`: a `Headers` that it has made, and a text. */
const sentBy = ({ method = 'POST', headers, body }: RequestInit = {}): Sent => ({
  method,
  headers: Object.fromEntries(headers as Headers),
  body: String(body),
})

/** As much of a Response as graphql-request looks at: the text is here already, and would be read again, as a stream. */
function asResponse({ status, contentType, text }: HttpAnswer): Response {
  const headers = { get: (name: string) => (name.toLowerCase() === 'content-type' ? contentType : null) }
  return { status, ok: status >= 200 && status < 300, headers, text: async () => text } as unknown as Response
}
