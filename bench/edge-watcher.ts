/**
 * Somebody else on the broker, as a process of its own, so that the load on the daemon's event loop is not on its own:
 * `node edge-watcher.js <url> <filter> <messages a second>`. Notes when each message of `filter` came in, makes a storm on the
 * plug topic beside it, and sends all notes to its parent when that asks.
 */
import type { MqttClient } from 'mqtt'
import { bareClient } from './broker.ts'

const [url = '', filter = '', perSecond = '0'] = process.argv.slice(2)
const heard: [at: number, payload: string][] = []

const watcher = await bareClient(url)
watcher.on('message', (_topic, payload) => heard.push([Date.now(), payload.toString()]))
await watcher.subscribeAsync(filter, { qos: 1 })
const storming = storm(await bareClient(url), Number(perSecond))
process.on('message', () => {
  clearInterval(storming)
  process.send?.(heard, () => process.exit(0))
})
process.send?.('ready')

/** The plug says over and over what it has said before, in handfuls. */
function storm(client: MqttClient, rate: number): NodeJS.Timeout | undefined {
  const every = 20
  const handful = (rate * every) / 1000
  return rate === 0
    ? undefined
    : setInterval(() => {
        for (let count = 0; count < handful; count += 1) client.publish('ev/plugged', 'true', { qos: 0 })
      }, every)
}
