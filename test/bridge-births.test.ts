/** Who asks for everything to be published again is answered soon, and all who ask until then with him. */
import { expect, it } from '@jest/globals'
import { answerBirths, publishingSoon } from '../src/bridge-births.ts'
import { SECOND } from '../src/clock.ts'
import { FakeBroker } from './mqtt/fake-broker.ts'
import { ManualClock } from './mqtt/manual-clock.ts'

it('a flood of births and requests is answered once within ten seconds', () => {
  const clock = new ManualClock()
  const broker = new FakeBroker()
  let published = 0
  const republish = publishingSoon(
    clock,
    () => 0.5,
    () => {
      published += 1
    },
  )
  answerBirths(broker, 'homeassistant/status', republish)
  for (let each = 0; each < 300; each += 1) {
    broker.message('homeassistant/status', 'online')
    republish()
  }
  expect(published).toBe(0)
  clock.advance(10 * SECOND)
  expect(published).toBe(1)
  broker.message('homeassistant/status', 'offline')
  broker.message('homeassistant/status', 'online', true)
  broker.message('elsewhere', 'online')
  clock.advance(10 * SECOND)
  expect(published).toBe(1)
  broker.message('homeassistant/status', 'online')
  clock.advance(10 * SECOND)
  expect(published).toBe(2)
})
