/** Every invariant that a simulated year is held against. */
import { agrees } from './agreement.ts'
import { boostIsNeverCheap, cheapHasACause, cheapUntil } from './cheap.ts'
import { daysAreRight } from './days.ts'
import { knownEdge, night } from './edges.ts'
import { freshness, planIsTrue } from './honesty.ts'
import type { MakeInvariant } from './invariant.ts'
import { costsAsBilled, policyAsAgreed, ratesAsTheTariff, registersNeverFall } from './money.ts'
import { boundedMemory, health, noSecret, presence, quietLog } from './process.ts'
import { dispatchGap, dispatchLimit, overallLimit, tokenLimit } from './promises.ts'
import { noTopicLeft, wellFormed } from './topics.ts'

export const INVARIANTS: readonly MakeInvariant[] = [
  dispatchLimit,
  dispatchGap,
  overallLimit,
  tokenLimit,
  agrees,
  planIsTrue,
  freshness,
  knownEdge,
  night,
  boostIsNeverCheap,
  cheapHasACause,
  cheapUntil,
  daysAreRight,
  registersNeverFall,
  costsAsBilled,
  ratesAsTheTariff,
  policyAsAgreed,
  noTopicLeft,
  wellFormed,
  presence,
  health,
  noSecret,
  quietLog,
  boundedMemory,
]
