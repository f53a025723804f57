/** The status server: listens, keeps slow clients and crowds out, and says no. What it serves is in `routes`. */
import type { AddressInfo } from 'node:net'
import { type FastifyInstance, fastify } from 'fastify'
import { BridgeError, describeError } from '../errors.ts'
import { isFromIngress, isLoopback, isOurHost, mayConnect } from './guard.ts'
import type { Routes, StatusSource } from './route.ts'
import { healthRoutes } from './routes/health.ts'
import { metricsRoutes } from './routes/metrics.ts'
import { pageRoutes } from './routes/page.ts'
import { setupRoutes } from './routes/setup.ts'

export interface StatusServer {
  readonly url: string
  /** Waits for nobody: what is open is cut. */
  close(): Promise<void>
}

export interface StatusOptions extends StatusSource {
  readonly host: string
  readonly port: number
  /** Milliseconds in which the head of a request has to be there, once somebody connects. */
  readonly patience?: number
  /** What to do where the address cannot be had. */
  readonly elsewhere?: string
}

const MOST_CONNECTIONS = 50
/** Nothing that is sent to us is larger, bytes. */
const LARGEST_BODY = 64 * 1024

/** Asked for by whatever name the machines of an orchestrator have for us; nothing of a person is in them. */
const HEALTH = '/health'
const FOR_MACHINES = [HEALTH, '/metrics']

const UNKNOWN_NAME =
  'octopus2mqtt does not know this name for itself. Use its address, or put the name into status.names of the configuration.\n'

const ROUTES: readonly Routes[] = [healthRoutes, metricsRoutes, pageRoutes, setupRoutes]

/** Why an address cannot be had, as people say it. */
const REFUSALS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there, perhaps another octopus2mqtt',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'this user may not listen there, which for a port below 1024 is usual',
  ENOTFOUND: 'there is no such name',
}

/** Throws STATUS_LISTEN_FAILED where the address cannot be had. */
export async function startStatusServer(options: StatusOptions): Promise<StatusServer> {
  const { host, port, patience, elsewhere, ...source } = options
  const app = statusApp(source, patience)
  try {
    await app.listen({ host, port })
  } catch (cause) {
    await app.close()
    const why = REFUSALS[(cause as NodeJS.ErrnoException).code ?? ''] ?? describeError(cause)
    const what = elsewhere ?? 'Choose another status.listen, or set status.enabled: false'
    throw new BridgeError('STATUS_LISTEN_FAILED', `Cannot listen on ${placeOf(host, port)}: ${why}. ${what}`, { cause })
  }
  const { address, port: taken } = app.server.address() as AddressInfo
  return { url: `http://${placeOf(address, taken)}`, close: () => app.close() }
}

const placeOf = (host: string, port: number): string => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`)

/** The routes on a server that does not listen yet. */
export function statusApp(source: StatusSource, patience = 5_000): FastifyInstance {
  const app = fastify({
    // Node looks for slow clients every 30 s by default: fifty of them could keep everybody out for as long.
    http: { connectionsCheckingInterval: patience / 5, headersTimeout: patience },
    requestTimeout: 2 * patience,
    keepAliveTimeout: patience,
    bodyLimit: LARGEST_BODY,
    forceCloseConnections: true,
    logger: false,
  })
  app.server.maxConnections = MOST_CONNECTIONS
  const served = new Map<string, string[]>()
  app.addHook('onRoute', ({ url, method }) => {
    served.set(url, [...(served.get(url) ?? []), method].flat())
  })
  app.addHook('onRequest', async (request, reply) => {
    const { remoteAddress, localAddress } = request.socket
    const { allow = [], names = [] } = source
    const path = pathOf(request.raw.url)
    // The health check of a container asks from within.
    const isOwnCheck =
      path === HEALTH && (isLoopback(remoteAddress) || (remoteAddress !== undefined && remoteAddress === localAddress))
    if (!isOwnCheck && !mayConnect(remoteAddress, allow)) return reply.code(403).send()
    // The router also takes `/h%65alth` and `http://elsewhere/health` for `/health`; a path is what it looks like.
    if (!request.is404 && path === request.routeOptions.url) {
      if (FOR_MACHINES.includes(path) || isFromIngress(remoteAddress, allow) || isOurHost(request.headers, names))
        return
      return reply.code(403).type('text/plain; charset=utf-8').send(UNKNOWN_NAME)
    }
    const methods = served.get(path)
    if (methods === undefined) return reply.code(404).send()
    return reply.code(405).header('allow', methods.join(', ')).send()
  })
  // JSON alone is taken: no page elsewhere can send that unasked.
  app.removeContentTypeParser('text/plain')
  app.setErrorHandler((error: { statusCode?: number }, _request, reply) => {
    const { statusCode = 500 } = error
    // What went wrong here is nobody's business there.
    reply.code(statusCode >= 400 && statusCode < 500 ? statusCode : 500).send()
  })
  for (const routes of ROUTES) routes(app, source)
  return app
}

const pathOf = (url = '/'): string => url.split('?')[0] ?? '/'
