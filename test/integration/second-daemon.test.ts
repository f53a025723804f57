/** Two daemons on one base topic: it is noticed and said, and neither fights. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { closeEverything, startBroker, type TestBroker } from '../support/broker.ts'
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

  it.concurrent(
    'with the same client id is noticed, and after a few tries one of them leaves the place to the other',
    inHouse(options, async house => {
      await house.startAndSettle()
      const said = house.logs(/MQTT_REFUSED/)
      await house.start()
      expect(await said).toContain(house.base)
      // Whoever knows of it is off the broker, and says so there when it tries its place again.
      await house.shows('account/problem/attributes', /"second_daemon"/)
      const connects = () => house.log.filter(line => line.includes('connected to the broker')).length
      const before = connects()
      for (let call = 0; call < 3; call += 1) await house.next('account/data_last_retrieved')
      // One of them asks for its place again every five minutes, and no oftener.
      expect(connects() - before).toBeLessThanOrEqual(8)
      expect(before).toBeLessThanOrEqual(12)
    }),
  )
})
