/** A broker that takes everything at once and keeps nothing: what is measured is what stands in front of it. */
import type { Cancel } from '../src/clock.ts'
import type { Broker, MessageListener } from '../src/mqtt/broker.ts'
import { Listeners } from '../src/mqtt/listeners.ts'

export class QuietBroker implements Broker {
  readonly connected = true
  readonly disconnectedSince = null
  readonly inFlightLimit = 65_535
  readonly #messages = new Listeners<Parameters<MessageListener>>()

  connect(): void {}

  publish(): Promise<void> {
    return Promise.resolve()
  }

  unsubscribe(): void {}

  subscribe(): void {}

  /** Somebody else publishes. */
  hear(topic: string, payload: string, retained: boolean): void {
    this.#messages.tell(topic, Buffer.from(payload), retained)
  }

  onMessage(listener: MessageListener): Cancel {
    return this.#messages.add(listener)
  }

  onConnect(): Cancel {
    return () => {}
  }

  onDisconnect(): Cancel {
    return () => {}
  }

  onTrouble(): Cancel {
    return () => {}
  }

  onContested(): Cancel {
    return () => {}
  }

  async close(): Promise<void> {}
}
