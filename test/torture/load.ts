/** Busy topics: a client that says the same things over and over, bounces, and now and then says nonsense. */
import { connect, type MqttClient } from 'mqtt'
import type { Random } from '../../src/simulator/random.ts'

export interface LoadOptions {
  readonly url: string
  readonly topics: { readonly plugged: string; readonly charging: string; readonly power: string }
  /** Messages a second on each. */
  readonly rates: { readonly plugged: number; readonly charging: number; readonly power: number }
  /** What is so: a bounce that ends as it began, and watts that go up and down, say no more. */
  readonly truth: () => { readonly plugged: boolean; readonly watts: number }
  readonly random: Random
}

export interface Load {
  /** How many messages were sent. */
  readonly sent: number
  /** Ends it, once; the last word on each topic is the truth. */
  stop(): Promise<void>
}

const TICK = 10
const NONSENSE = ['unavailable', 'unknown', '', '{"half":', 'x'.repeat(2_000), '\u0000\u0007', 'NaN', '-1e999']
/** Of a thousand messages. */
const NONSENSE_SHARE = 0.002

/** Not retained, QoS 0, as a chatty charger does it; a pace that was lost is made up for within a second. */
export async function startLoad({ url, topics, rates, truth, random }: LoadOptions): Promise<Load> {
  const client = connect(url, { reconnectPeriod: 20, queueQoSZero: false, timerVariant: 'native' })
  await new Promise<void>(resolve => client.once('connect', () => resolve()))
  let sent = 0
  const say = (topic: string, payload: string) => {
    sent += 1
    client.publish(topic, random.chance(NONSENSE_SHARE) ? random.pick(['?', ...NONSENSE]) : payload, { qos: 0 })
  }
  const bounce = (topic: string, is: boolean, times: number) => {
    for (let left = times; left > 0; left -= 1) say(topic, String(left % 2 === 0 ? !is : is))
    // Nonsense in the last place would leave a bounce standing.
    client.publish(topic, String(is), { qos: 0 })
  }
  let last = performance.now()
  const owed = { plugged: 0, charging: 0, power: 0 }
  const timer = setInterval(() => {
    const now = performance.now()
    const seconds = Math.min(1, (now - last) / 1_000)
    last = now
    for (const name of ['plugged', 'charging', 'power'] as const) owed[name] += rates[name] * seconds
    const { plugged, watts } = truth()
    if (owed.plugged >= 1) bounce(topics.plugged, plugged, Math.floor(owed.plugged))
    if (owed.charging >= 1) bounce(topics.charging, watts > 0, Math.floor(owed.charging))
    for (let left = Math.floor(owed.power); left > 0; left -= 1) say(topics.power, wattsLike(watts, random))
    for (const name of ['plugged', 'charging', 'power'] as const) owed[name] %= 1
  }, TICK)
  let ended: Promise<void> | null = null
  return {
    get sent() {
      return sent
    },
    stop: () => {
      clearInterval(timer)
      ended ??= endWith(client, topics, truth())
      return ended
    },
  }
}

const wattsLike = (watts: number, random: Random): string =>
  (watts > 0 ? watts + random.between(-500, 200) : random.between(0, 3)).toFixed(1)

async function endWith(
  client: MqttClient,
  topics: LoadOptions['topics'],
  { plugged, watts }: { plugged: boolean; watts: number },
): Promise<void> {
  await client.publishAsync(topics.plugged, String(plugged), { qos: 1 })
  await client.publishAsync(topics.charging, String(watts > 0), { qos: 1 })
  await client.publishAsync(topics.power, String(watts), { qos: 1 })
  await client.endAsync()
}
