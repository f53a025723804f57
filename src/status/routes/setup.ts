/** For whom has no configuration yet: what to write, and whether what was written would do. Nothing is kept or written. */
import { SETUP_ASSETS } from '../assets.ts'
import { SECURITY_HEADERS } from '../guard.ts'
import type { Routes } from '../route.ts'
import { isAskedByUs } from './asked-by.ts'
import { servePage } from './files.ts'

export const setupRoutes: Routes = (app, { setup }) => {
  if (setup === undefined) return
  servePage(app, SETUP_ASSETS)

  app.get('/api/example', (_request, reply) => {
    reply.headers(SECURITY_HEADERS).header('cache-control', 'no-store').send({ text: setup.example })
  })

  app.post('/api/check-config', (request, reply) => {
    if (!isAskedByUs(request, reply)) return
    const { text } = (request.body ?? {}) as { text?: unknown }
    if (typeof text === 'string') reply.send({ problems: setup.check(text) })
    else reply.code(400).send({ error: 'expected {"text": "…"}' })
  })
}
