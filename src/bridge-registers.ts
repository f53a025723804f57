/** What the broker retains of our registers is heard once, so that they go on from there after a lost store. */
import { stateTopic } from './entities/topics.ts'

/** Of every meter, with the attributes that say up to when it counts. */
export const registerTopics = (base: string, accountSlug: string): string[] =>
  ['accumulative_consumption', 'accumulative_consumption_m3', 'accumulative_consumption/attributes'].map(key =>
    stateTopic(base, accountSlug, '+', key),
  )

/** Which meter and value a retained topic is of; null where it is none of a register. */
export function registerIn(topic: string, base: string, accountSlug: string): { slug: string; key: string } | null {
  const before = `${base}/${accountSlug}/`
  if (!topic.startsWith(before)) return null
  const found = /^([^/]+)\/(accumulative_consumption(?:_m3|\/attributes)?)$/.exec(topic.slice(before.length))
  const [, slug, key] = found ?? []
  return slug === undefined || key === undefined ? null : { slug, key }
}
