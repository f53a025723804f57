/** What the bridge promises whatever happens, held against all that a house heard, logged and asked. */
import { expect } from '@jest/globals'
import { HOUR, type Instant, MINUTE } from '../../src/clock.ts'
import type { Simulator } from '../../src/simulator/index.ts'
import { Database } from '../../src/store/database.ts'
import type { Recorded } from './recorder.ts'
import { secretsIn } from './secrets.ts'

/** A call as the ledger has it: written down before it went out. */
export interface LedgerCall {
  /** `dispatch`, `background` or `token`. */
  readonly kind: string
  readonly operation: string
  readonly at: Instant
  /** `ok`, `partial`, an error's code; null while it runs. */
  readonly outcome: string | null
}

/** Every call that began, oldest first. */
export function callsIn(storePath: string): LedgerCall[] {
  const database = new Database(storePath)
  try {
    const rows = database.all('SELECT kind, operation, started_wall, outcome FROM calls ORDER BY id')
    return rows.map(({ kind, operation, started_wall, outcome }) => ({
      kind: String(kind),
      operation: String(operation),
      at: Number(started_wall),
      outcome: outcome === null ? null : String(outcome),
    }))
  } finally {
    database.close()
  }
}

/** At most twenty dispatch requests in any hour and a minute between two, by the ledger and as Octopus counted them. */
export function expectSeldomAsked(simulator: Simulator, calls: readonly LedgerCall[]): void {
  expect(simulator.audit.report().violations).toEqual([])
  const starts = calls.filter(({ kind }) => kind === 'dispatch').map(({ at }) => at)
  for (const [index, at] of starts.entries()) {
    if (index >= 1) expect(at - (starts[index - 1] ?? 0)).toBeGreaterThanOrEqual(MINUTE)
    if (index >= 20) expect(at - (starts[index - 20] ?? 0)).toBeGreaterThanOrEqual(HOUR)
  }
}

export interface Said {
  readonly messages: readonly Recorded[]
  readonly log: readonly string[]
  /** Payloads of `bridge/info`. */
  readonly info: readonly string[]
}

/** No secret and no token in any message or line; the account's number, no secret in a topic, in neither log nor info. */
export function expectNothingTold({ messages, log, info }: Said, secrets: readonly string[], account: string): void {
  const texts = [...messages.map(({ topic, payload }) => `${topic} ${payload}`), ...log]
  expect(secretsIn(texts, secrets)).toEqual([])
  const told = [...log, ...info].filter(text => text.toUpperCase().includes(account.toUpperCase()))
  // A topic of ours in a log line holds the account's number in lower case; the log masks that too.
  expect(told).toEqual([])
}
