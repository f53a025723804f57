/** Octopus for a command beside the daemon: the same store, so the same ledger and the same limits. */

import { HOMEPAGE, VERSION } from '../about.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config/config.ts'
import { BridgeError } from '../errors.ts'
import { createOctopus } from '../octopus/client.ts'
import { userAgent } from '../octopus/http.ts'
import type { Octopus } from '../octopus/octopus.ts'
import { limitSettings } from '../settings.ts'
import { keptTokens } from '../store/kept-tokens.ts'
import type { Store } from '../store/open.ts'

export const octopusOf = (config: Config, clock: Clock, { ledger, values }: Store): Octopus =>
  createOctopus({
    config: config.octopus,
    clock,
    ledger,
    tokens: keptTokens(values),
    limits: limitSettings(config),
    userAgent: userAgent(VERSION, HOMEPAGE),
  })

/** The accounts that may be meant: the configured one, or all of them. Throws ACCOUNT_NOT_FOUND where there is none. */
export function candidates(seen: readonly string[], wanted: string | undefined): readonly string[] {
  if (seen.length === 0) throw new BridgeError('ACCOUNT_NOT_FOUND', 'The API key sees no account: make a new key')
  if (wanted === undefined) return seen
  if (seen.includes(wanted)) return [wanted]
  const message = `The API key does not see octopus.account, but ${seen.join(' and ')}: correct it, or leave it out`
  throw new BridgeError('ACCOUNT_NOT_FOUND', message)
}
