/** Gathers for the status page what the rooms know. Nothing is read before somebody looks. */
import type { Account } from './account/account.ts'
import { type Cancel, type Clock, HOUR } from './clock.ts'
import { bridgeStateTopic } from './entities/topics.ts'
import type { Publisher } from './mqtt/publisher.ts'
import type { Limiter } from './octopus/limiter.ts'
import type { Snapshot } from './snapshot.ts'
import type { Health } from './status/health.ts'
import { pageOf } from './status/page/page-of.ts'
import { spanOf } from './status/page/span.ts'
import type { PageSource } from './status/route.ts'
import type { Store } from './store/open.ts'

export interface PageParts {
  readonly clock: Clock
  readonly version: string
  readonly docsUrl: string
  readonly base: string
  readonly requestsPerHour: number
  readonly limiter: Pick<Limiter, 'limits'>
  readonly publisher: Pick<Publisher, 'online' | 'wanted'>
  readonly store: Pick<Store, 'believed' | 'journal' | 'ledger'>
  readonly health: () => Health
  /** Null until the account is known. */
  readonly account: () => Pick<Account, 'offPeak' | 'refresh'> | null
  readonly snapshot: () => Snapshot | null
}

/** More than the limits admit in a day, and what was asked just before it. */
const REASONS = 500
const CHANGES = 12

export interface BridgePage extends PageSource {
  /** Something may be another thing now. */
  changed(): void
}

export function bridgePage(parts: PageParts): BridgePage {
  const { clock, publisher, base, store } = parts
  const listeners = new Set<() => void>()
  /** The bridge's own state is not among what is wanted: it is said last, and by the will. */
  const topics = (): (readonly [topic: string, payload: string])[] => [
    [bridgeStateTopic(base), publisher.online ? 'online' : 'offline'],
    ...[...publisher.wanted].map(([topic, { payload }]) => [topic, payload] as const),
  ]
  return {
    clock,
    changed: () => {
      for (const tell of listeners) tell()
    },
    onChange: (listener): Cancel => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    refresh: () => parts.account()?.refresh() ?? null,
    payload: topic => topics().find(([name]) => name === topic)?.[1] ?? null,
    model: () => {
      const at = clock.now()
      const { start, end } = spanOf(at)
      const snapshot = parts.snapshot()
      const number = snapshot?.account.number
      return pageOf({
        at,
        speed: clock.speed,
        version: parts.version,
        docsUrl: parts.docsUrl,
        base,
        health: parts.health(),
        snapshot,
        offPeak: parts.account()?.offPeak(start, end) ?? [],
        believed: number === undefined ? [] : store.believed.range(number, start, end),
        calls: store.ledger.since(Math.min(start, at - HOUR)),
        reasons: store.journal.newest(REASONS, 'refresh').map(({ data }) => data),
        changes: store.journal.newest(CHANGES, 'plan'),
        dispatchLimit: parts.limiter.limits(at).perHour,
        requestsPerHour: parts.requestsPerHour,
        topics: topics().map(([topic, payload]) => ({ topic, payload })),
      })
    },
  }
}
