/** What can be asked of a running bridge by `<base>/bridge/request/<name>`. */
import { z } from 'zod'
import type { Account } from './account/account.ts'
import { LOG_LEVELS } from './config/section-daemon.ts'
import { BridgeError } from './errors.ts'
import type { Log } from './log.ts'
import type { Requests } from './mqtt/requests.ts'
import type { Health } from './status/health.ts'
import { toIso } from './time/london.ts'

interface Parts {
  /** Null until the account is known. */
  readonly account: () => Account | null
  readonly health: () => Health
  readonly log: Log
  /** Publishes everything again, soon. */
  readonly republish: () => void
}

export function registerRequests(
  requests: Pick<Requests, 'register'>,
  { account, health, log, republish }: Parts,
): void {
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
    republish()
    return {}
  })
}
