/** Everything is published again for who asks: a Home Assistant that has just started, or somebody by hand. */
import type { Clock } from './clock.ts'
import { BIRTH_PAYLOAD, birthDelay } from './home-assistant/birth.ts'
import type { Broker } from './mqtt/broker.ts'

/**
 * Publishes within the time of `birthDelay`, at a moment by `random` (0–1), so that not everybody does it at once. One time serves all
 * who ask until then: a flood of them must not make a flood of ours.
 */
export function publishingSoon(clock: Clock, random: () => number, publish: () => void): () => void {
  let isAsked = false
  return () => {
    if (isAsked) return
    isAsked = true
    clock.after(birthDelay(random()), () => {
      isAsked = false
      publish()
    })
  }
}

/** Calls `answer` at Home Assistant's birth message. `topic` is `homeassistant.status_topic`. */
export function answerBirths(broker: Broker, births: string, answer: () => void): void {
  broker.onMessage((topic, payload, retained) => {
    if (topic === births && !retained && payload.equals(Buffer.from(BIRTH_PAYLOAD))) answer()
  })
}
