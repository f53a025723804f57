/** Holds what a killed daemon left behind against what the world was told, and against what it had left behind before. */
import { STORE_VERSION } from '../../src/store/migrations.ts'
import type { Kept } from './kept.ts'
import type { Published } from './published.ts'

/** The dispatch kind is `dispatch`, tokens are `token`; everything else is in the sum. */
const counted = (kept: Kept, kind: string): number => kept.calls[kind]?.length ?? 0
const countedInAll = (kept: Kept): number => Object.values(kept.calls).reduce((sum, ids) => sum + ids.length, 0)

const missing = <T>(wanted: Iterable<T>, has: (one: T) => boolean): T[] => [...wanted].filter(one => !has(one))

function countsOf(list: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const each of list) counts.set(each, (counts.get(each) ?? 0) + 1)
  return counts
}

const say = (what: string, list: readonly unknown[]): string[] =>
  list.length === 0
    ? []
    : [`${what}: ${list.slice(0, 5).join(', ')}${list.length > 5 ? ` and ${list.length - 5} more` : ''}`]

/** Lines about what was published and is not in the store. */
export function lostOf(published: Published, kept: Kept): string[] {
  if (kept.version === 0)
    return published.topics.size === 0 ? [] : ['something was published before the store was made']
  const broken = kept.version === STORE_VERSION ? [] : [`the store has version ${kept.version}`]
  const [car] = kept.state?.cars ?? []
  const journal = countsOf(kept.journal)
  const told = countsOf(published.events)
  const planChanges = kept.journal.filter(line => line.startsWith('plan ')).length
  const readings = new Map([...kept.readings].map(([key, kwh]) => [Number(key.split(' ').at(-1)), kwh]))
  return [
    ...broken,
    ...planLost(published, kept),
    ...say(
      'started half hours lost',
      missing(published.started, start => car?.started.includes(start) ?? false),
    ),
    ...say(
      'readings lost',
      missing(published.readings.keys(), start => readings.has(start)),
    ),
    ...say(
      'events lost from the journal',
      missing(told.keys(), text => (journal.get(text) ?? 0) >= (told.get(text) ?? 0)),
    ),
    ...(published.planChanges > planChanges ? [`${published.planChanges} plan changes told, ${planChanges} kept`] : []),
    ...say(
      'retained topics not kept in mind',
      missing(published.topics, topic => kept.topics.has(topic)),
    ),
    ...callsLost(published, kept),
  ]
}

function planLost({ plan }: Published, { state }: Kept): string[] {
  const kept = state?.cars[0]?.plan ?? null
  if (plan === null) return []
  if (kept === null) return ['the plan was published and is not kept']
  const fetchedAt = Math.floor(kept.fetchedAt / 1_000) * 1_000
  if (fetchedAt < plan.fetchedAt)
    return [`the plan kept is ${plan.fetchedAt - fetchedAt} ms older than the published one`]
  const rows = kept.rows.map(row => `${row.start}-${row.end}`)
  return fetchedAt === plan.fetchedAt && rows.join() !== plan.rows.join()
    ? [`the plan kept has rows ${rows}, published were ${plan.rows}`]
    : []
}

/** A request that arrived was written down before; one that was written down need not have arrived. */
const callsLost = ({ arrived }: Published, kept: Kept): string[] => [
  ...(arrived.dispatch > counted(kept, 'dispatch')
    ? [`${arrived.dispatch} dispatch requests arrived, the ledger has ${counted(kept, 'dispatch')}`]
    : []),
  ...(arrived.token > counted(kept, 'token')
    ? [`${arrived.token} tokens, the ledger has ${counted(kept, 'token')}`]
    : []),
  ...(arrived.all > countedInAll(kept)
    ? [`${arrived.all} requests arrived, the ledger has ${countedInAll(kept)}`]
    : []),
]

/** Lines about what an earlier life had kept and a later one has not. */
export function forgottenOf(before: Kept, after: Kept): string[] {
  const [was] = before.state?.cars ?? []
  const [is] = after.state?.cars ?? []
  const cheap = is?.cheap.map(({ start }) => start) ?? []
  const constants = Object.entries(before.constants).filter(([key, json]) => after.constants[key] !== json)
  return [
    ...(after.version < before.version ? ['the tables are gone'] : []),
    ...(before.state !== null && after.state === null ? ['the state of the account is gone'] : []),
    ...((was?.plan?.fetchedAt ?? 0) > (is?.plan?.fetchedAt ?? 0) ? ['an older plan is kept than before'] : []),
    ...say(
      'started half hours forgotten',
      missing(was?.started ?? [], start => is?.started.includes(start) ?? false),
    ),
    ...say(
      'smart half hours forgotten',
      missing(was?.smart ?? [], start => is?.smart.includes(start) ?? false),
    ),
    ...say(
      'cheap half hours forgotten',
      missing(was?.cheap ?? [], ({ start }) => cheap.includes(start)).map(({ start }) => start),
    ),
    ...say(
      'identities changed',
      missing(before.devices, device => after.devices.includes(device)),
    ),
    ...say(
      'readings forgotten',
      missing(before.readings.keys(), key => after.readings.has(key)),
    ),
    ...say(
      'journal entries forgotten',
      missing(before.journal, line => after.journal.includes(line)),
    ),
    ...say(
      'calls forgotten',
      missing(Object.values(before.calls).flat(), id => Object.values(after.calls).flat().includes(id)),
    ),
    ...say(
      'retained topics forgotten',
      missing(before.topics, topic => after.topics.has(topic)),
    ),
    ...say(
      'constants drawn anew',
      constants.map(([key]) => key),
    ),
  ]
}
