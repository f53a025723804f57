/** The same bridge over both versions of MQTT, encrypted and with a password. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  closeEverything,
  haveOpenssl,
  PROTOCOL_VERSIONS,
  retained,
  startBroker,
  type TestBroker,
  USERNAME,
} from '../support/broker.ts'
import { inHouse } from './house.ts'

const PASSWORD = 'p&ss w/rd+of the broker=1'
const WRONG = 'another p&ss w/rd+which is wrong=2'

let broker: TestBroker
/** As whom the test itself watches. */
let watcher: { username: string; password: string; ca: Buffer }

const mqtt = (version: number, password: string) => ({
  protocol_version: version,
  username: USERNAME,
  password,
  ca_file: broker.files?.ca,
})

const house = () => ({ broker, watcher, secrets: [PASSWORD, WRONG] })

const encrypted = haveOpenssl ? describe : describe.skip

encrypted('a broker with TLS and a password', () => {
  beforeAll(async () => {
    broker = await startBroker({ tls: true, password: PASSWORD })
    watcher = { username: USERNAME, password: PASSWORD, ca: readFileSync(broker.files?.ca ?? '') }
  })
  afterAll(closeEverything)

  for (const version of PROTOCOL_VERSIONS) {
    it.concurrent(
      `gets everything over MQTT version ${version}, and offline at the end`,
      inHouse(house, async house => {
        const bridge = await house.startAndSettle({ mqtt: mqtt(version, PASSWORD) })
        expect(await house.ask('refresh', {})).toMatchObject({ status: 'ok' })
        await bridge.stop()
        const states = await retained(broker.url, `${house.base}/#`, watcher)
        expect(states.get(house.topic('bridge/state'))).toBe('offline')
        expect(states.get(house.topic('car/plugged_in'))).toBe('ON')
        expect(states.get(house.topic('car/planned_dispatch_count'))).toBe('2')
        expect((await retained(broker.url, `${house.base}-ha/#`, watcher)).size).toBe(4)
      }),
    )

    it.concurrent(
      `that refuses the password over MQTT version ${version} is told of in the log, without the password`,
      inHouse(house, async house => {
        const refused = house.logs(/MQTT_REFUSED/)
        const bridge = await house.start({ mqtt: mqtt(version, WRONG) })
        expect(await refused).toMatch(/mqtt\.password/)
        await bridge.stop()
        expect(house.newest('bridge/state')).toBeUndefined()
      }),
    )
  }
})
