/** A page and its files: small, without cookies, and as strict as browsers can be told to be. */
import type { FastifyInstance } from 'fastify'
import { assetNamed, withBase } from '../assets.ts'
import { prefixOf, SECURITY_HEADERS } from '../guard.ts'

/** The first name is the page itself, at `/`. */
export function servePage(app: FastifyInstance, [page, ...files]: readonly string[]): void {
  const { text, type } = assetNamed(page ?? '')
  app.get('/', (request, reply) => {
    reply.headers(SECURITY_HEADERS).header('cache-control', 'no-store').type(type)
    reply.send(withBase(text, prefixOf(request.headers)))
  })
  for (const name of files) {
    const asset = assetNamed(name)
    app.get(`/${name}`, (_request, reply) => {
      // Asked for anew each time: an update must not meet the files of yesterday, and there are not many.
      reply.headers(SECURITY_HEADERS).header('cache-control', 'no-cache').type(asset.type).send(asset.text)
    })
  }
}
