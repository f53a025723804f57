/** A request to the simulator and what becomes of it, by whatever way it came. */

export interface IncomingRequest {
  readonly method: string
  /** As the client wrote it, host and port included: links to other pages carry them. */
  readonly url: URL
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** Null where there was more of it than anybody may send. */
  readonly body: string | null
}

export interface JsonAnswer {
  readonly status: number
  readonly body: unknown
}

export interface Reply {
  readonly kind: 'reply'
  readonly status: number
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The connection breaks in the middle of the body. */
  readonly truncated?: boolean
}

export type Outcome =
  | Reply
  /** No answer, until one of the two closes. */
  | { readonly kind: 'silence' }
  | { readonly kind: 'reset' }
  /** To be asked again after `delay` milliseconds of the simulator's clock, unless the client has given up by then. */
  | { readonly kind: 'later'; readonly delay: number; readonly resume: () => Outcome }

/** The most that a request may send. */
export const MOST_BYTES = 1024 * 1024

export const html = (status: number, body: string): Reply => ({
  kind: 'reply',
  status,
  headers: { 'content-type': 'text/html' },
  body,
})

export const json = ({ status, body }: JsonAnswer): Reply => ({
  kind: 'reply',
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})
