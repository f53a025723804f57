/**
 * The whole daemon on a fast clock, as a process of its own: `node at-speed.js <config> <speed> <virtual> <monotonic>`,
 * where the house's clock showed `virtual` when the machine's monotonic clock showed `monotonic`. It writes a line
 * `ready`, and on SIGTERM a line `used` with JSON: what it used and sent since then.
 */
import { readFileSync } from 'node:fs'
import { startBridge } from '../src/bridge.ts'
import { fastClock, HOUR, systemClock } from '../src/clock.ts'
import { readConfig } from '../src/config/load.ts'
import { createLog } from '../src/log.ts'
import { MqttConnection } from '../src/mqtt/connection.ts'
import { Redactor } from '../src/redactor.ts'
import { brokerSettings } from '../src/settings.ts'
import { PRESETS } from '../src/vehicle/presets.ts'
import { wait } from './processes.ts'

const [file = '', speed = '1', virtual = '0', monotonic = '0'] = process.argv.slice(2)
const clock = fastClock(Number(speed), Number(virtual) + (systemClock.monotonic() - Number(monotonic)) * Number(speed))
const config = readConfig(readFileSync(file, 'utf8'), file, { env: {}, cwd: process.cwd(), presets: PRESETS })
const broker = new MqttConnection(brokerSettings(config), clock)
let messages = 0
let bytes = 0
const publish = broker.publish.bind(broker)
broker.publish = (topic, payload, options) => {
  messages += 1
  bytes += Buffer.byteLength(topic) + Buffer.byteLength(payload)
  return publish(topic, payload, options)
}
const stop = new Promise(resolve => process.once('SIGTERM', resolve))
const bridge = await startBridge({ config, clock, log: await createLog(config.log, new Redactor()), broker })
// What a start costs is measured elsewhere.
await wait(2_000)
const [sentBefore, bytesBefore] = [messages, bytes]
const before = process.cpuUsage()
const began = clock.now()
console.log('ready')
await stop
const { user, system } = process.cpuUsage(before)
const used = {
  days: (clock.now() - began) / (24 * HOUR),
  cpuSeconds: (user + system) / 1e6,
  messages: messages - sentBefore,
  bytes: bytes - bytesBefore,
}
console.log(`used ${JSON.stringify(used)}`)
await bridge.stop()
process.exit(0)
