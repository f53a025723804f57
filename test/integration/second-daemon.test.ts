/** Two daemons on one base topic: it is noticed and said, and neither fights. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { closeEverything, haveMosquitto, startBroker, type TestBroker } from '../support/broker.ts'
import { inHouse } from './house.ts'

let broker: TestBroker

beforeAll(async () => {
  broker = await startBroker()
})
afterAll(closeEverything)

const options = () => ({ broker, speed: 600 })

describe('a second daemon', () => {
  it.concurrent(
    'with another client id is noticed, and its goodbye does not leave the first one offline',
    inHouse(options, async house => {
      await house.startAndSettle()
      const opened = house.next('bridge/event', /"notice_opened".*"second_daemon"/)
      const second = await house.start({ mqtt: { client_id: `${house.base}-other` } })
      await opened
      await house.shows('account/problem/attributes', /"second_daemon"/)
      const before = house.recorder.payloads(house.topic('bridge/info')).length
      // Time for three calls of either: who answered the other would do so all the time.
      for (let call = 0; call < 3; call += 1) await house.next('account/data_last_retrieved')
      expect(house.recorder.payloads(house.topic('bridge/info'))).toHaveLength(before)
      const offline = house.next('bridge/state', 'offline')
      const online = house.next('bridge/state', 'online')
      await second.stop()
      await offline
      await online
      expect(house.newest('bridge/state')).toBe('online')
    }),
  )

  // Without MQTT 5 nobody says why a connection ended; it is told by how soon, which a fast clock makes too short to see.
  const onMosquitto = haveMosquitto ? it.concurrent : it.concurrent.skip
  onMosquitto(
    'with the same client id is noticed, and after a few tries one of them leaves the place to the other',
    inHouse(
      () => ({ broker, speed: 200 }),
      async house => {
        await house.startAndSettle()
        const said = house.logs(/MQTT_REFUSED/)
        await house.start()
        expect(await said).toContain(house.base)
        // Whoever knows of it is off the broker, and says so there when it tries its place again.
        await house.shows('account/problem/attributes', /"second_daemon"/)
        const connects = house.log.filter(line => line.includes('connected to the broker'))
        expect(connects.length).toBeLessThanOrEqual(12)
      },
    ),
  )
})
