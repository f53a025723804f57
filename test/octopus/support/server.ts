import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach } from '@jest/globals'

export interface Seen {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  /** The JSON that was sent, or null. */
  readonly body: { query: string; variables: Record<string, unknown>; operationName?: string } | null
}

export type Reply =
  | 'hang'
  | 'reset'
  | { readonly status?: number; readonly headers?: Record<string, string>; readonly body: unknown }

export interface Server {
  readonly url: string
  readonly requests: Seen[]
}

const closers: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** A server on this machine, closed after the test. A body that is no text is sent as JSON. */
export async function startServer(answer: (request: Seen) => Reply): Promise<Server> {
  const requests: Seen[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const { method = '', url = '', headers } = request
    const seen = { method, url, headers, body: text === '' ? null : JSON.parse(text) }
    requests.push(seen)
    const reply = answer(seen)
    if (reply === 'hang') return
    if (reply === 'reset') {
      request.socket.destroy()
      return
    }
    const isText = typeof reply.body === 'string'
    response.writeHead(reply.status ?? 200, {
      'content-type': isText ? 'text/html' : 'application/json',
      ...reply.headers,
    })
    response.end(isText ? reply.body : JSON.stringify(reply.body))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  closers.push(
    () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests }
}
