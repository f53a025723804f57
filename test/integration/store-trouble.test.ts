/** A store that is damaged or cannot be written costs history, and neither the daemon nor the promise to Octopus. */
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
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

  // Found by a simulated storm: `--stretch same/2 --days 3 --level storm`, where the OFF of `off_peak` stood over 23:30.
  for (const named of [false, true]) {
    it.concurrent(
      `that is lost while Octopus is away${named ? ', with the account in the configuration' : ''}: what was left is not passed off as said now`,
      inHouse(options, async house => {
        const change = named ? { octopus: { account: house.simulator.account.number } } : {}
        const first = await house.startAndSettle(change)
        await house.stop(first)
        for (const file of readdirSync(house.folder)) if (file.startsWith('store.db')) rmSync(join(house.folder, file))
        house.simulator.faults.inject({ kind: 'cloudfront_403', operation: 'obtainKrakenToken', times: 2 })
        const from = house.recorder.messages.length
        const warned = house.logs(/shown as offline/)
        await house.start(change)
        await warned
        await house.next('bridge/state', 'online')
        const later = house.recorder.messages.slice(from).filter(({ retained }) => !retained)
        const at = (path: string, payload?: string) =>
          later.findIndex(one => one.topic === house.topic(path) && (payload === undefined || one.payload === payload))
        expect(
          later.filter(({ topic, payload }) => topic === house.topic('bridge/state') && payload === 'online').length,
        ).toBe(1)
        expect(house.calls.filter(({ outcome }) => outcome === 'OCTOPUS_BLOCKED').length).toBe(2)
        for (const path of ['account/off_peak', 'car/dispatch_active', 'electricity_import/history']) {
          expect(at(path)).toBeGreaterThan(-1)
          expect(at(path)).toBeLessThan(at('bridge/state', 'online'))
        }
      }),
    )
  }

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
