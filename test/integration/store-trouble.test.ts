/** A store that is damaged or cannot be written costs history, and neither the daemon nor the promise to Octopus. */
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { MINUTE } from '../../src/clock.ts'
import { closeEverything, startBroker, type TestBroker } from '../support/broker.ts'
import { inHouse } from './house.ts'

let broker: TestBroker

beforeAll(async () => {
  broker = await startBroker()
})
afterAll(closeEverything)

const options = () => ({ broker, speed: 600 })

describe('a store', () => {
  it.concurrent(
    'that is damaged is set aside, and said so; a call is taken to have been made just now',
    inHouse(options, async house => {
      const first = await house.startAndSettle()
      await first.stop()
      writeFileSync(house.storePath, 'this is no database, whatever its name says'.repeat(400))
      const begun = house.clock.now()
      const said = house.logs(/set aside/)
      const bridge = await house.start()
      expect(await said).toContain('.corrupt-')
      expect(readdirSync(house.folder).filter(name => name.includes('.corrupt-'))).not.toEqual([])
      await house.next('car/planned_dispatch_count', '2')
      await house.opens('storage_degraded')
      expect(bridge.health()).toMatchObject({ status: 'ok' })
      const polled = house.polls.at(-1)
      expect((polled?.at ?? 0) - begun).toBeGreaterThanOrEqual(MINUTE)
    }),
  )

  it.concurrent(
    'that cannot be made is replaced by memory, and said so',
    inHouse(options, async house => {
      writeFileSync(join(house.folder, 'file'), '')
      const bridge = await house.startAndSettle({ storage: { path: join(house.folder, 'file', 'store.db') } })
      await house.opens('storage_degraded')
      expect(bridge.health().store).not.toBe('ok')
      expect(house.newest('car/plugged_in')).toBe('ON')
    }),
  )
})
