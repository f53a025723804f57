import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals'
import { closeEverything, startBroker, type TestBroker } from '../support/broker.ts'
import { closeHouses, openHouse } from './house.ts'
let broker: TestBroker
beforeAll(async () => {
  broker = await startBroker()
})
afterEach(closeHouses)
afterAll(closeEverything)
it('works', async () => {
  const house = await openHouse({ broker })
  const t = Date.now()
  await house.startAndSettle()
  console.log(Date.now() - t, house.recorder.messages.filter(m=>!/ha\/dev/.test(m.topic)).map(m => `${new Date(m.at).toISOString()} ${m.topic}=${m.payload.slice(0, 200)}`).join('\n'))
  await house.press()
  await house.next('account/data_last_retrieved')
  console.log(Date.now() - t, house.log.join(''), house.polls, house.simulator.audit.report())
})
