/** What the rooms hand in to be served, and what a file of routes is. Functions only: `status` knows nobody. */
import type { FastifyInstance } from 'fastify'
import type { Cancel, Clock, Instant } from '../clock.ts'
import type { Health } from './health.ts'
import type { PageModel } from './page/model.ts'

export interface StatusSource {
  readonly health?: () => Health
  /** The text of `/metrics`; without it there is no such path. */
  readonly metrics?: () => Promise<string>
  readonly page?: PageSource
  readonly setup?: SetupSource
  /** Names under which a proxy serves us, beside those that no stranger can have. */
  readonly names?: readonly string[]
  /** Addresses that may connect; empty or left out: all. */
  readonly allow?: readonly string[]
}

/** What the status page shows. */
export interface PageSource {
  readonly clock: Clock
  readonly model: () => PageModel
  /** What a topic holds; null where it holds nothing of ours. */
  readonly payload: (topic: string) => string | null
  /** The listener is told that the model may be another one; returns how to stop that. */
  readonly onChange: (listener: () => void) => Cancel
  /** Asks Octopus as soon as the limits allow, and returns when that is; null where there is no account to ask for. */
  readonly refresh: () => Instant | null
}

export interface ConfigProblem {
  readonly line: number | null
  readonly path: string
  readonly message: string
}

/** What the page shows to whom has no configuration yet. */
export interface SetupSource {
  /** A configuration to begin with. */
  readonly example: string
  /** What is wrong with a text; empty where it would do. */
  readonly check: (text: string) => readonly ConfigProblem[]
}

/** A small file of routes: adds to `app` what it serves of `source`, and nothing where the source has it not. */
export type Routes = (app: FastifyInstance, source: StatusSource) => void
