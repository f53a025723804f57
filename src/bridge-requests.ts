/** What can be asked of a running bridge by `<base>/bridge/request/<name>`. */
import { z } from 'zod'
import type { Account } from './account/account.ts'
import { type Clock, SECOND } from './clock.ts'
import { LOG_LEVELS } from './config/section-daemon.ts'
import { BridgeError } from './errors.ts'
import type { Log } from './log.ts'
import type { Publisher } from './mqtt/publisher.ts'
import type { Requests } from './mqtt/requests.ts'
import type { Health } from './status/health.ts'
import { toIso } from './time/london.ts'

/** Everything is not published again more often than this, however often somebody asks. */
const PUBLISH_EVERY = 10 * SECOND

interface Parts {
  readonly clock: Clock

  /** Null until the account is known. */
  readonly account: () => Account | null
  readonly health: () => Health
  readonly log: Log
  readonly publisher: Publisher
}

export function registerRequests(
  requests: Pick<Requests, 'register'>,
  { clock, account, health, log, publisher }: Parts,
): void {
  const publish = atMostEvery(clock, PUBLISH_EVERY, () => publisher.republishAll())
  requests.register('refresh', z.strictObject({}), () => {
    const known = account()
    if (known === null) throw new BridgeError('ACCOUNT_NOT_FOUND', 'The account is not known yet: the log says why')
    return { next_refresh: toIso(known.refresh()) }
  })
  requests.register('health', z.strictObject({}), health)
  requests.register('log_level', z.strictObject({ level: z.enum(LOG_LEVELS) }), ({ level }) => {
    log.level = level
    return { level }
  })
  requests.register('discovery', z.strictObject({}), () => {
    publish()
    return {}
  })
}

/** Does it at once, and where that was done just now, once more when the time is up. */
function atMostEvery(clock: Clock, interval: number, task: () => void): () => void {
  let isAsked = false
  let isResting = false
  const run = () => {
    isAsked = false
    isResting = true
    task()
    clock.after(interval, () => {
      isResting = false
      if (isAsked) run()
    })
  }
  return () => {
    if (isResting) isAsked = true
    else run()
  }
}
