/** The promises to Octopus, counted where the requests arrive, by a clock that nobody sets. */
import type { Rule } from '../../../src/simulator/audit.ts'
import type { MakeInvariant } from './invariant.ts'

const promise =
  (name: string, rule: Rule): MakeInvariant =>
  ({ parts }, complain, count) => {
    let seen = 0
    return {
      name,
      onRequest: () => {
        count()
        const broken = parts.simulator.audit.violations
        for (const { rule: which, value } of broken.slice(seen)) if (which === rule) complain(`${rule}: ${value}`)
        seen = broken.length
      },
    }
  }

/** Never more than 20 dispatch requests in any 60 minutes, across restarts. */
export const dispatchLimit = promise('dispatch-limit', 'dispatchRequestsPerHour')
/** Never two within 60 s. */
export const dispatchGap = promise('dispatch-gap', 'dispatchGap')
/** Never more than 60 requests of any kind in any 60 minutes. */
export const overallLimit = promise('overall-limit', 'callsPerHour')
/** Never more than 4 tokens in any 60 minutes. */
export const tokenLimit = promise('token-limit', 'mintsPerHour')
