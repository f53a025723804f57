/** `/metrics`, in the text form of Prometheus. */
import type { Routes } from '../route.ts'

export const metricsRoutes: Routes = (app, { metrics }) => {
  if (metrics === undefined) return
  app.get('/metrics', async (_request, reply) => {
    const text = await metrics()
    return reply.header('cache-control', 'no-store').type('text/plain; version=0.0.4; charset=utf-8').send(text)
  })
}
