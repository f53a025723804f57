/** The status server: `/health` and nothing else yet. It reads, and takes no commands. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { BridgeError, describeError } from '../errors.ts'
import type { Health } from './health.ts'

export interface StatusServer {
  readonly url: string
  close(): Promise<void>
}

export interface StatusOptions {
  readonly host: string
  readonly port: number
  readonly health: () => Health
  /** Milliseconds in which the head of a request has to be there, once somebody connects. */
  readonly patience?: number
}

/** Throws STATUS_LISTEN_FAILED where the address cannot be had. */
export async function startStatusServer({
  host,
  port,
  health,
  patience = 5_000,
}: StatusOptions): Promise<StatusServer> {
  // Node looks for slow clients every 30 s by default: fifty of them could keep everybody out for as long.
  const server = createServer({ connectionsCheckingInterval: patience / 5 }, (request, response) => {
    const path = (request.url ?? '/').split('?')[0]
    const known = path === '/health'
    const allowed = request.method === 'GET' || request.method === 'HEAD'
    request.resume()
    if (!known || !allowed) {
      response.writeHead(known ? 405 : 404, known ? { allow: 'GET, HEAD' } : {}).end()
      return
    }
    const now = health()
    const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' }
    response.writeHead(now.status === 'ok' ? 200 : 503, headers)
    response.end(request.method === 'HEAD' ? undefined : `${JSON.stringify(now)}\n`)
  })
  server.requestTimeout = 2 * patience
  server.headersTimeout = patience
  server.maxConnections = 50
  await listen(server, host, port)
  const address = server.address() as AddressInfo
  const shown = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return {
    url: `http://${shown}:${address.port}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', cause => {
      const message = `Cannot listen on ${host}:${port} (${describeError(cause)}): is octopus2mqtt running already? Else choose another status.listen, or set status.enabled: false`
      reject(new BridgeError('STATUS_LISTEN_FAILED', message, { cause }))
    })
    server.listen(port, host, resolve)
  })
}
