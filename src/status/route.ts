/** What the rooms hand in to be served, and what a file of routes is. Functions only: `status` knows nobody. */
import type { FastifyInstance } from 'fastify'
import type { Health } from './health.ts'

export interface StatusSource {
  readonly health: () => Health
  /** The text of `/metrics`; without it there is no such path. */
  readonly metrics?: () => Promise<string>
}

/** A small file of routes: adds to `app` what it serves of `source`, and nothing where the source has it not. */
export type Routes = (app: FastifyInstance, source: StatusSource) => void
