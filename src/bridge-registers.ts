/**
 * What the broker retains of our registers is heard once at each start, so that they go on from there where the store was lost, or
 * is an older one. Until then none is published, and `online` is not said: one that fell for a moment would be a new meter to Home
 * Assistant.
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
  /** `RETAINED_WITHIN`; another in tests. */
  readonly retainedWithin?: number
  /** Null until it is known. */
  readonly account: () => Account | null
}

export class HeardRegisters {
  readonly #parts: Parts
  /** What is retained, by topic. */
  readonly #heard = new Map<string, string>()
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
      if (register === null || register.account !== account?.slug) return
      account.hearRegister(register.meter, register.key, payload.toString())
      this.#heard.set(topic, payload.toString())
      // The broker holds just what we would say, as after any restart: there is nothing to wait for.
      const { heldBack, wanted } = publisher
      const isHeld = (held: string) => this.#heard.get(held) === wanted.get(held)?.payload
      if (heldBack.length > 0 && heldBack.every(isHeld)) this.#letGo()
    })
  }

  /** To be called once, before anything of the account is published. */
  listen(accountSlug: string): void {
    const { broker, clock, base, retainedWithin = RETAINED_WITHIN } = this.#parts
    const hear = () => {
      this.#cancelWait = clock.after(retainedWithin * clock.speed, () => this.#letGo())
    }
    const forget = () => {
      this.#cancelWait()
      this.#heard.clear()
    }
    this.#cancels = [broker.onConnect(hear), broker.onDisconnect(forget)]
    broker.subscribe(KEYS.map(key => stateTopic(base, accountSlug, '+', key)))
    if (broker.connected) hear()
  }

  /** It was heard how high they stood, or the broker had time enough to say so. */
  #letGo(): void {
    this.stop()
    this.#parts.account()?.registersTold()
    this.#parts.publisher.letGo()
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
