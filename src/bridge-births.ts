/** Answers Home Assistant's birth message: it has just started, and wants to be told everything again. */
import type { Clock } from './clock.ts'
import { BIRTH_PAYLOAD, birthDelay } from './home-assistant/birth.ts'
import type { Broker } from './mqtt/broker.ts'

/** `topic` is `homeassistant.status_topic`; `random` 0–1, so that not everybody answers at once. */
export function answerBirths(
  broker: Broker,
  clock: Clock,
  { topic: births, random, answer }: { topic: string; random: () => number; answer: () => void },
): void {
  let born = false
  broker.onMessage((topic, payload, retained) => {
    if (topic !== births || retained || !payload.equals(Buffer.from(BIRTH_PAYLOAD))) return
    // One answer serves all births until it goes out: a flood of them must not make a flood of ours.
    if (born) return
    born = true
    clock.after(birthDelay(random()), () => {
      born = false
      answer()
    })
  })
}
