/** What the usual words mean, for each kind of topic. Used where a source has no list of values of its own. */
export interface Words {
  readonly yes: ReadonlySet<string>
  readonly no: ReadonlySet<string>
}

const YES = ['on', 'true', '1', 'yes']
const NO = ['off', 'false', '0', 'no']

const words = (yes: readonly string[], no: readonly string[]): Words => ({
  yes: new Set([...YES, ...yes]),
  no: new Set([...NO, ...no]),
})

export const PLUGGED_WORDS = words(
  ['connected', 'plugged', 'plugged in', 'pluggedin', 'ev connected', 'charging'],
  ['disconnected', 'unplugged', 'not connected', 'not plugged', 'not plugged in', 'ev disconnected'],
)

/** A cable that is in says nothing about a draw, so `connected` is a no here. */
export const CHARGING_WORDS = words(
  ['charging', 'active'],
  [
    ...['not charging', 'idle', 'inactive', 'stopped', 'paused', 'complete', 'completed', 'finished', 'done'],
    ...['connected', 'plugged', 'plugged in', 'disconnected', 'unplugged', 'not connected'],
  ],
)

export const AT_HOME_WORDS = words(['home', 'at home'], ['not home', 'not at home', 'away'])

/** `unavailable` and `offline` are unknown elsewhere; of an availability topic they are a plain no. */
export const AVAILABILITY_WORDS = words(
  ['online', 'available', 'connected', 'alive', 'ready'],
  ['offline', 'unavailable', 'disconnected', 'dead', 'lost'],
)

/** Payloads that say that the sender does not know. The last value is kept and its source is stale. */
export const UNKNOWN_WORDS: ReadonlySet<string> = new Set([
  '',
  'unknown',
  'unavailable',
  'null',
  'none',
  'offline',
  'invalid',
  'undefined',
  'nan',
])
