/** A piece of configuration that picks an account and its cars. Pure. */
import { DEFAULT_TOPICS } from '../config/section-ev.ts'
import type { DeviceFacts } from '../intelligent/types.ts'
import { slugify } from '../store/devices.ts'
import { nameOf } from './check-cars.ts'

/** Text in quotes as JSON has it is text in YAML too, whatever is in it. */
const quoted = (text: string): string => JSON.stringify(text)

/** Lines of YAML. With several cars each gets topics of its own, to be replaced by the real ones. */
export function snippet(account: string, live: readonly DeviceFacts[]): string[] {
  const chosen = ['octopus:', `  account: ${account}`]
  if (live.length === 0) return chosen
  if (live.length === 1) {
    const { plugged, charging } = DEFAULT_TOPICS
    return [...chosen, `# Without "ev" the car is listened for on ${plugged} and ${charging}.`]
  }
  const slugs = freeSlugs(live)
  const cars = live.flatMap((facts, index) => [
    `  # ${[nameOf(facts), facts.provider].filter(Boolean).join(', ')}`.replaceAll(/\s+$|[\r\n]/g, ''),
    `  - device: ${quoted(facts.deviceId)}`,
    `    plugged: ev/${slugs[index]}/plugged`,
    `    charging: ev/${slugs[index]}/charging`,
  ])
  return [...chosen, 'ev:', ...cars]
}

/** Two cars of one name need two topics. */
function freeSlugs(cars: readonly DeviceFacts[]): string[] {
  const taken = new Set<string>()
  return cars.map((facts, index) => {
    const slug = slugify(nameOf(facts)) || 'car'
    const free = taken.has(slug) ? `${slug}_${index + 1}` : slug
    taken.add(free)
    return free
  })
}
