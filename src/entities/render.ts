/** A snapshot as the retained messages that show it. Pure, and quick enough to be called at every event. */
import type { Snapshot } from '../snapshot.ts'
import { devicesOf, type LiveEntity } from './catalogue.ts'
import type { RenderContext } from './entity.ts'
import { OFFLINE, ONLINE, statePayload } from './payload.ts'
import { planPayload } from './plan.ts'
import { accountAvailabilityTopic, attributesTopic, planTopic, stateTopic } from './topics.ts'

export interface Rendered {
  readonly payload: string
  readonly retain: boolean
}

const DOCS: RenderContext = { docsUrl: 'docs' }

const kept = (payload: string): Rendered => ({ payload, retain: true })

/** Attributes before the state, so that an automation woken by the state reads the attributes that go with it. */
function* messagesOf(entity: LiveEntity, at: readonly [string, string, string], context: RenderContext) {
  const attributes = entity.attributes(context)
  if (attributes !== undefined) {
    yield [attributesTopic(...at, entity.row.key), kept(JSON.stringify(attributes))] as const
  }
  const value = entity.value()
  if (value !== undefined) yield [stateTopic(...at, entity.row.key), kept(statePayload(entity.row, value))] as const
}

/**
 * Topic to message: every state and its attributes, each car's plan, the account's availability. All are retained. What
 * the daemon says of itself (`bridge/…`) and events are not in it. A topic that was in an earlier answer and is not in
 * this one belongs to something that is gone.
 */
export function renderStates(
  snapshot: Snapshot,
  base: string,
  context: RenderContext = DOCS,
): ReadonlyMap<string, Rendered> {
  const { account, cars } = snapshot
  const messages = new Map<string, Rendered>()
  for (const device of devicesOf(snapshot)) {
    for (const entity of device.entities) {
      for (const [topic, message] of messagesOf(entity, [base, account.slug, device.slug], context)) {
        messages.set(topic, message)
      }
    }
  }
  for (const car of cars) messages.set(planTopic(base, account.slug, car.slug), kept(planPayload(car)))
  messages.set(accountAvailabilityTopic(base, account.slug), kept(account.available ? ONLINE : OFFLINE))
  return messages
}
