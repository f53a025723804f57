/**
 * What the broker retains of our registers is heard once at each start, so that they go on from there where the store was lost, or
 * is an older one. Until then none is published: one that fell for a moment would be a new meter to Home Assistant.
 */
import type { Account } from './account/account.ts'
import type { Cancel, Clock } from './clock.ts'
import { stateTopic } from './entities/topics.ts'
import { type Broker, RETAINED_WITHIN } from './mqtt/broker.ts'
import type { Publisher } from './mqtt/publisher.ts'

/** Of every meter, with the attributes that say up to when it counts. */
const KEYS = ['accumulative_consumption', 'accumulative_consumption_m3', 'accumulative_consumption/attributes']

interface Parts {
  readonly broker: Broker
  readonly clock: Clock
  readonly publisher: Publisher
  readonly base: string
  /** Null until it is known. */
  readonly account: () => Account | null
}

export class HeardRegisters {
  readonly #parts: Parts
  #cancels: Cancel[] = []
  #cancelWait: Cancel = () => {}

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** To be called before the publisher starts. */
  start(): void {
    const { broker, publisher, base } = this.#parts
    publisher.holdBack(topic => registerIn(topic, base) !== null)
    broker.onMessage((topic, payload, retained) => {
      const account = this.#parts.account()
      const register = retained && account !== null ? registerIn(topic, base) : null
      if (register?.account === account?.slug && register !== null)
        account?.hearRegister(register.meter, register.key, payload.toString())
    })
  }

  /** To be called once, before anything of the account is published. */
  listen(accountSlug: string): void {
    const { broker, clock, publisher, base } = this.#parts
    const hear = () => {
      this.#cancelWait = clock.after(RETAINED_WITHIN * clock.speed, () => {
        this.stop()
        this.#parts.account()?.registersTold()
        publisher.letGo()
      })
    }
    this.#cancels = [broker.onConnect(hear), broker.onDisconnect(() => this.#cancelWait())]
    broker.subscribe(KEYS.map(key => stateTopic(base, accountSlug, '+', key)))
    if (broker.connected) hear()
  }

  stop(): void {
    this.#cancelWait()
    for (const cancel of this.#cancels.splice(0)) cancel()
  }
}

/** Which meter and value a topic is of; null where it is none of a register. */
function registerIn(topic: string, base: string): { account: string; meter: string; key: string } | null {
  if (!topic.startsWith(`${base}/`)) return null
  const found = /^([^/]+)\/([^/]+)\/(accumulative_consumption(?:_m3|\/attributes)?)$/.exec(topic.slice(base.length + 1))
  const [, account, meter, key] = found ?? []
  return account === undefined || meter === undefined || key === undefined ? null : { account, meter, key }
}
