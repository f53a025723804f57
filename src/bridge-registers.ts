/** What the broker retains of our registers is heard once, so that they go on from there after a lost store. */
import type { Account } from './account/account.ts'
import { stateTopic } from './entities/topics.ts'
import type { Broker } from './mqtt/broker.ts'

/** Of every meter, with the attributes that say up to when it counts. */
export const registerTopics = (base: string, accountSlug: string): string[] =>
  ['accumulative_consumption', 'accumulative_consumption_m3', 'accumulative_consumption/attributes'].map(key =>
    stateTopic(base, accountSlug, '+', key),
  )

/** Passes on what is retained of them; `account` is null until it is known. */
export function hearRegisters(broker: Broker, base: string, account: () => Account | null): void {
  broker.onMessage((topic, payload, retained) => {
    const known = account()
    if (!retained || known === null) return
    const register = registerIn(topic, base, known.slug)
    if (register !== null) known.hearRegister(register.slug, register.key, payload.toString())
  })
}

/** Which meter and value a retained topic is of; null where it is none of a register. */
function registerIn(topic: string, base: string, accountSlug: string): { slug: string; key: string } | null {
  const before = `${base}/${accountSlug}/`
  if (!topic.startsWith(before)) return null
  const found = /^([^/]+)\/(accumulative_consumption(?:_m3|\/attributes)?)$/.exec(topic.slice(before.length))
  const [, slug, key] = found ?? []
  return slug === undefined || key === undefined ? null : { slug, key }
}
