/** When a broker has sent what it retains under new subscriptions: nothing in MQTT says that it was all. */
import { type Cancel, type Clock, SECOND } from '../clock.ts'
import type { Broker } from './broker.ts'

/** How long that may take, in real milliseconds: it comes with the answer to the subscription. */
const RETAINED_WITHIN = 2 * SECOND

/** Calls `heard` on each connection once it has lasted long enough, on one that stands from now on, until it is cancelled. */
export type AfterRetained = (heard: () => void) => Cancel

/** `within`: another time in tests, whose broker holds nothing. */
export const afterRetained =
  (
    broker: Pick<Broker, 'connected' | 'onConnect' | 'onDisconnect'>,
    clock: Clock,
    within = RETAINED_WITHIN,
  ): AfterRetained =>
  heard => {
    let cancelWait: Cancel = () => {}
    const wait = () => {
      cancelWait = clock.after(within * clock.speed, heard)
    }
    const cancels = [broker.onConnect(wait), broker.onDisconnect(() => cancelWait())]
    if (broker.connected) wait()
    return () => {
      cancelWait()
      for (const cancel of cancels) cancel()
    }
  }
