import type { Cancel, Instant } from '../clock.ts'
import type { BridgeError } from '../errors.ts'

export interface PublishOptions {
  readonly retain: boolean
  readonly qos: 0 | 1
}

/**
 * One message as it came in. `retained` is true when the broker had it in store when we subscribed; a message that is
 * published while we listen is not retained in this sense, whatever its publisher asked for.
 */
export type MessageListener = (topic: string, payload: Buffer, retained: boolean) => void

/** What the rest of the project knows of a broker. The daemon hands in `MqttConnection`, a simulation its own. */
export interface Broker {
  /** Starts connecting and goes on until `close`. Never throws and never waits. */
  connect(): void
  readonly connected: boolean
  /** Wall time since when there has been no connection; null while there is one, and before `connect`. */
  readonly disconnectedSince: Instant | null
  /** How many QoS 1 messages the broker takes before it has acknowledged the first of them. */
  readonly inFlightLimit: number
  /**
   * Hands a message over in this very tick. Resolves when the broker has it (QoS 1: acknowledged). Rejects with
   * MQTT_UNREACHABLE when there is no connection or it ends first, with MQTT_REFUSED when the broker says no (MQTT 5).
   */
  publish(topic: string, payload: string, options: PublishOptions): Promise<void>
  /** Asks for these topics (`+` and `#` allowed) now and on every later connection. */
  subscribe(filters: readonly string[]): void
  /** Ends that for these very filters, whoever asked for them. */
  unsubscribe(filters: readonly string[]): void
  onMessage(listener: MessageListener): Cancel
  /** Called on each new connection, when the subscriptions have been sent. */
  onConnect(listener: () => void): Cancel
  /** Called when an established connection ends, unless we closed it. */
  onDisconnect(listener: () => void): Cancel
  /** Called with a line for a person, once for each kind of trouble until a connection has held. */
  onTrouble(listener: (trouble: BridgeError) => void): Cancel
  /** Called when another client keeps taking our place; the next try is minutes away. */
  onContested(listener: (trouble: BridgeError) => void): Cancel
  /** Says goodbye, so that the last will does not fire, and ends. Resolves within about a second, come what may. */
  close(): Promise<void>
}
