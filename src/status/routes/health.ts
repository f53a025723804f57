/** `/health`: 200 while this process does its work, 503 while it does not. */
import type { Routes } from '../route.ts'

export const healthRoutes: Routes = (app, { health }) => {
  if (health === undefined) return
  app.get('/health', (_request, reply) => {
    const now = health()
    reply
      .code(now.status === 'ok' ? 200 : 503)
      .header('cache-control', 'no-store')
      .type('application/json')
      .send(`${JSON.stringify(now)}\n`)
  })
}
