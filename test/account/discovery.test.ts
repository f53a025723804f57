import { describe, expect, it } from '@jest/globals'
import { Discovery } from '../../src/account/discovery.ts'
import { HOUR, MINUTE } from '../../src/clock.ts'
import type { DeviceFacts } from '../../src/intelligent/types.ts'
import { openStore } from '../../src/store/open.ts'
import { ManualClock } from '../octopus/support/manual-clock.ts'
import { SILENT } from './silent.ts'

const NOON = Date.parse('2026-11-23T12:00:00Z')
const CAR: DeviceFacts = {
  deviceId: 'device',
  typename: 'SmartFlexVehicle',
  name: 'Car',
  make: null,
  model: null,
  provider: null,
  lifeCycle: 'LIVE',
  batteryKwh: null,
  chargerKw: null,
}

/** How often the devices are asked for in a day, with this product and these cars. */
async function asksInADay(productCode: string | null, cars: readonly DeviceFacts[]): Promise<number> {
  const clock = new ManualClock(NOON)
  let asked = 0
  const discovery = new Discovery({
    clock,
    log: SILENT,
    values: openStore({ path: ':memory:', clock }).values,
    octopus: {
      accounts: async () => ['A-0C70B05A'],
      account: async number => ({ number, meterPoints: [], gasMeterPoints: [], productCode }),
      devices: async () => {
        asked += 1
        return [...cars]
      },
    },
    wanted: null,
    onFound: () => {},
    onOutcome: () => {},
  })
  discovery.start()
  for (let minute = 0; minute < 24 * 60 - 1; minute += 1) {
    clock.advance(MINUTE)
    // What a look set going comes to its end.
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve()
  }
  await discovery.stop()
  return asked
}

describe('the account is read again', () => {
  it('once a day', async () => {
    expect(await asksInADay('IOG-SMB-VAR-26-07-06', [CAR])).toBe(1)
    expect(await asksInADay('AGILE-24-10-01', [])).toBe(1)
  })

  it('each hour where an Intelligent tariff has no car: nobody waits a day for one that comes back', async () => {
    expect(await asksInADay('IOG-SMB-VAR-26-07-06', [])).toBe((24 * HOUR) / HOUR)
  })
})
