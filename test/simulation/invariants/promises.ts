/** The promises to Octopus, counted where the requests arrive, by a clock that nobody sets. */
import { HOUR, type Instant } from '../../../src/clock.ts'
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
const TOKENS = 4
/** Where none is made there are no more attempts than the requests that they are for, and the tokens. */
const ATTEMPTS = 24

/**
 * Never more than 4 tokens in any 60 minutes. One that Octopus did not make (its edge turned us away, it failed) is none;
 * but it is not asked for without end either.
 */
export const tokenLimit: MakeInvariant = (scene, complain, count) => {
  let made: Instant[] = []
  let asked: Instant[] = []
  return {
    name: 'token-limit',
    onRequest: ({ names, status, errorCodes }) => {
      if (!names.includes('obtainKrakenToken')) return
      const { now } = scene
      count()
      const isMade = status === 200 && errorCodes.length === 0 && !scene.troubled
      made = [...made, ...(isMade ? [now] : [])].filter(at => at > now - HOUR)
      asked = [...asked, now].filter(at => at > now - HOUR)
      if (made.length > TOKENS) complain(`${made.length} tokens in an hour`)
      if (asked.length > ATTEMPTS) complain(`${asked.length} requests for a token in an hour`)
    },
  }
}
