/**
 * What the broker retains of our registers is heard once at each start, so that they go on from there where the store was lost, or
 * is an older one. Until then none is published, and `online` is not said: one that fell for a moment would be a new meter to Home
 * Assistant.
 */
import type { Account } from './account/account.ts'
import type { Cancel } from './clock.ts'
import { stateTopic } from './entities/topics.ts'
import { REGISTER_KEYS } from './meters/lost-registers.ts'
import type { Broker } from './mqtt/broker.ts'
import type { Publisher } from './mqtt/publisher.ts'
import type { AfterRetained } from './mqtt/retained.ts'

/** Of every meter, with the attributes that say up to when it counts. */
const KEYS = [...Object.values(REGISTER_KEYS), `${REGISTER_KEYS.kWh}/attributes`]

interface Parts {
  readonly broker: Broker
  readonly afterRetained: AfterRetained
  readonly publisher: Publisher
  readonly base: string
  /** Null until it is known. */
  readonly account: () => Account | null
}

export class HeardRegisters {
  readonly #parts: Parts
  /** What is retained, by topic. */
  readonly #heard = new Map<string, string>()
  #cancels: Cancel[] = []
  #filters: readonly string[] = []

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
    const { broker, base, afterRetained } = this.#parts
    this.#cancels = [afterRetained(() => this.#letGo()), broker.onDisconnect(() => this.#heard.clear())]
    this.#filters = KEYS.map(key => stateTopic(base, accountSlug, '+', key))
    broker.subscribe(this.#filters)
  }

  /** It was heard how high they stood, or the broker had time enough to say so. */
  #letGo(): void {
    this.stop()
    this.#parts.broker.unsubscribe(this.#filters)
    this.#parts.account()?.registersTold()
    this.#parts.publisher.letGo()
  }

  stop(): void {
    for (const cancel of this.#cancels.splice(0)) cancel()
  }
}

/** Which meter and value a topic is of; null where it is none of a register. */
function registerIn(topic: string, base: string): { account: string; meter: string; key: string } | null {
  if (!topic.startsWith(`${base}/`)) return null
  const [account = '', meter = '', ...rest] = topic.slice(base.length + 1).split('/')
  const key = rest.join('/')
  return KEYS.includes(key) ? { account, meter, key } : null
}
