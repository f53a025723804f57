/** Why the limits admit no request now, for a person who runs a command and made none himself. */
import type { Instant } from '../clock.ts'
import { BridgeError, isBridgeError } from '../errors.ts'
import { type KeptToken, keyDigestOf } from '../octopus/session.ts'
import type { CallKind } from '../store/calls.ts'
import { keptTokens } from '../store/kept-tokens.ts'
import type { Store } from '../store/open.ts'
import { toIso } from '../time/london.ts'

/**
 * The same error, with what used the requests up, and what the store still knows of Octopus and the key. Any other error
 * as it is.
 */
export function withCause(error: unknown, store: Store, apiKey: string, now: Instant): unknown {
  if (!isBridgeError(error)) return error
  const { code, details } = error
  const { at } = details
  if (typeof at !== 'number' || !Number.isFinite(at)) return error
  if (code === 'OCTOPUS_TOKENS_SPENT') return new BridgeError(code, tokensSpent(store, at, now), { details })
  if (code === 'OCTOPUS_NOT_ADMITTED') return new BridgeError(code, requestsSpent(store, apiKey, at, now), { details })
  return error
}

function tokensSpent({ ledger }: Store, at: Instant, now: Instant): string {
  const refused = ledger
    .history(now)
    .filter(({ kind, outcome }) => kind === 'token' && outcome === 'OCTOPUS_KEY_REJECTED').length
  const why = refused === 0 ? '' : `, ${refused} of them with a key that Octopus refused`
  return (
    `Earlier tries used up the log-ins of this hour${why}; this key was not tried, and nothing is known to be ` +
    `wrong with it; there is no other try before ${toIso(at)}`
  )
}

const countOf = (history: readonly { readonly kind: CallKind }[], kind: CallKind): number =>
  history.filter(call => call.kind === kind).length

function requestsSpent({ ledger, values }: Store, apiKey: string, at: Instant, now: Instant): string {
  const history = ledger.history(now)
  const made = `${countOf(history, 'dispatch')} for dispatches and ${countOf(history, 'background')} others`
  const answered = history.findLast(({ outcome }) => outcome === 'ok')
  const isKeyKnown = keptTokens<KeptToken>(values).get()?.keyDigest === keyDigestOf(apiKey)
  const known = [
    ...(answered === undefined ? [] : [`Octopus last answered at ${toIso(answered.start)}`]),
    ...(isKeyKnown ? ['it has accepted this key before'] : []),
  ].join(', and ')
  return (
    `The daemon beside this, or an earlier command, asked not long ago (in this hour ` +
    `${made}); ${known === '' ? '' : `${known}; `}there is none before ${toIso(at)}`
  )
}
