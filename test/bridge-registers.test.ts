/** No register is published before it was heard how high it stood. */
import { describe, expect, it } from '@jest/globals'
import type { Account } from '../src/account/account.ts'
import { HeardRegisters } from '../src/bridge-registers.ts'
import { SECOND } from '../src/clock.ts'
import { Publisher } from '../src/mqtt/publisher.ts'
import { afterRetained } from '../src/mqtt/retained.ts'
import { FakeBroker } from './mqtt/fake-broker.ts'
import { ManualClock } from './mqtt/manual-clock.ts'

const REGISTER = 'base/a-1/gas/accumulative_consumption'
const STATES = { [`${REGISTER}/attributes`]: '{}', [REGISTER]: '410', 'base/a-1/account/off_peak': 'ON' }

function setUp() {
  const broker = new FakeBroker()
  const clock = new ManualClock()
  const heard: string[] = []
  const account = {
    slug: 'a-1',
    hearRegister: (...of: string[]) => heard.push(of.join(' ')),
    registersTold: () => heard.push('told'),
  } as unknown as Account
  const publisher = new Publisher(broker, clock, 'base/bridge/state', () => {})
  let known: Account | null = null
  const registers = new HeardRegisters({
    ...{ broker, publisher, base: 'base', account: () => known },
    afterRetained: afterRetained(broker, clock),
  })
  registers.start()
  publisher.start()
  const begin = () => {
    known = account
    registers.listen('a-1')
    want(STATES)
  }
  const want = (states: Record<string, string>) =>
    publisher.want(new Map(Object.entries(states).map(([topic, payload]) => [topic, { payload, retain: true }])))
  const said = () => broker.sent.splice(0).map(({ topic, payload }) => `${topic}=${payload}`)
  return { broker, clock, publisher, registers, begin, want, said, heard }
}

describe('registers', () => {
  it('go out two seconds after all the rest where the broker holds none, and then online', () => {
    const { broker, clock, begin, said } = setUp()
    begin()
    broker.up()
    expect(said()).toEqual(['base/a-1/account/off_peak=ON'])
    clock.advance(1.9 * SECOND)
    expect(said()).toEqual([])
    clock.advance(SECOND)
    expect(said()).toEqual([`${REGISTER}/attributes={}`, `${REGISTER}=410`, 'base/bridge/state=online'])
  })

  it('go out as soon as the broker was heard to hold the very same', () => {
    const { broker, begin, said } = setUp()
    begin()
    broker.up()
    said()
    broker.message(REGISTER, '410', true)
    expect(said()).toEqual([])
    broker.message(`${REGISTER}/attributes`, '{}', true)
    expect(said()).toEqual([`${REGISTER}/attributes={}`, `${REGISTER}=410`, 'base/bridge/state=online'])
  })

  it('go on from what was heard meanwhile, and never fall', () => {
    const { broker, clock, begin, want, said, heard } = setUp()
    begin()
    broker.up()
    broker.message(REGISTER, '426', true)
    broker.message('base/a-2/gas/accumulative_consumption', '5', true)
    broker.message('base/a-1/gas/current_rate', '5', true)
    broker.message(REGISTER, '427')
    expect(heard).toEqual(['gas accumulative_consumption 426'])
    want({ ...STATES, [REGISTER]: '426' })
    clock.advance(2 * SECOND)
    expect(heard).toEqual(['gas accumulative_consumption 426', 'told'])
    expect(said().filter(line => line.startsWith(`${REGISTER}=`))).toEqual([`${REGISTER}=426`])
    want({ ...STATES, [REGISTER]: '428' })
    expect(said()).toEqual([`${REGISTER}=428`])
  })

  it('wait for two whole seconds of one connection, also where the account is known only then', () => {
    const { broker, clock, begin, said } = setUp()
    broker.up()
    clock.advance(60 * SECOND)
    begin()
    clock.advance(SECOND)
    broker.down()
    clock.advance(60 * SECOND)
    broker.up()
    clock.advance(1.5 * SECOND)
    expect(said().filter(line => line.startsWith(REGISTER))).toEqual([])
    clock.advance(SECOND)
    expect(said().filter(line => line.startsWith(REGISTER))).toHaveLength(2)
    broker.down()
    broker.up()
    expect(said().filter(line => line.startsWith(REGISTER))).toHaveLength(2)
  })

  it('are not listened to any longer when they have gone out', () => {
    const { broker, clock, begin } = setUp()
    begin()
    broker.up()
    expect(broker.subscribed).toHaveLength(3)
    clock.advance(2 * SECOND)
    expect(broker.subscribed).toEqual([])
  })

  it('do not keep a daemon from stopping, and stay as they were', async () => {
    const { broker, begin, said, publisher, registers } = setUp()
    begin()
    broker.up()
    expect(await publisher.flush(SECOND)).toBe(true)
    registers.stop()
    await publisher.stop(SECOND)
    expect(said().filter(line => line.startsWith(REGISTER))).toEqual([])
  })

  it('that are taken away go too', () => {
    const { broker, clock, begin, said, publisher } = setUp()
    begin()
    broker.up()
    publisher.clear([REGISTER])
    clock.advance(2 * SECOND)
    expect(said()).toContain(`${REGISTER}=`)
  })
})
