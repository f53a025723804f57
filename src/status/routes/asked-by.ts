/** What every route that takes something asks first. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isOwnPage, SECURITY_HEADERS } from '../guard.ts'

/**
 * True where our own page sent this, as JSON; else it is refused and nothing more is to be done. A page elsewhere can make a
 * browser send a form, or nothing at all, but no JSON without asking beforehand.
 */
export function isAskedByUs(request: FastifyRequest, reply: FastifyReply): boolean {
  reply.headers(SECURITY_HEADERS).header('cache-control', 'no-store')
  const isJson = /^application\/json\b/i.test(request.headers['content-type'] ?? '')
  if (isJson && isOwnPage(request.headers)) return true
  reply
    .code(isJson ? 403 : 415)
    .send({ error: isJson ? 'Only the page itself may ask for this' : 'Only JSON is taken' })
  return false
}
