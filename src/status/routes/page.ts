/** The status page and what it lives on: the model, the stream of its changes, whole payloads, and the one thing it can ask for. */
import { toIso } from '../../time/london.ts'
import { PAGE_ASSETS } from '../assets.ts'
import { SECURITY_HEADERS } from '../guard.ts'
import type { Routes } from '../route.ts'
import { Streams } from '../streams.ts'
import { isAskedByUs } from './asked-by.ts'
import { servePage } from './files.ts'

const LONGEST_TOPIC = 1_000

export const pageRoutes: Routes = (app, { page }) => {
  if (page === undefined) return
  servePage(app, PAGE_ASSETS)

  app.get('/api/page', (_request, reply) => {
    reply.headers(SECURITY_HEADERS).header('cache-control', 'no-store').send(page.model())
  })

  app.get('/api/topic', (request, reply) => {
    const { name } = request.query as { name?: unknown }
    const payload = typeof name === 'string' && name.length <= LONGEST_TOPIC ? page.payload(name) : null
    reply.headers(SECURITY_HEADERS).header('cache-control', 'no-store')
    if (payload === null) reply.code(404).send()
    else reply.type('text/plain; charset=utf-8').send(payload)
  })

  const streams = new Streams(page.clock, page.model)
  const deaf = page.onChange(() => streams.changed())
  app.addHook('preClose', async () => {
    deaf()
    streams.close()
  })
  app.get('/api/events', { exposeHeadRoute: false }, (_request, reply) => {
    if (streams.isFull) {
      reply.code(503).header('retry-after', '10').send()
      return
    }
    reply.hijack()
    reply.raw.writeHead(200, {
      ...SECURITY_HEADERS,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // nginx, and so Home Assistant's ingress, else keeps what it gets until there is more of it.
      'x-accel-buffering': 'no',
    })
    try {
      streams.add(reply.raw)
    } catch {
      // The store is locked, and whoever asked comes again by itself.
      reply.raw.destroy()
    }
  })

  app.post('/api/refresh', (request, reply) => {
    if (!isAskedByUs(request, reply)) return
    const at = page.refresh()
    if (at === null) reply.code(409).send({ error: 'The account is not known yet: the log says why' })
    else reply.send({ next_refresh: toIso(at), at })
  })
}
