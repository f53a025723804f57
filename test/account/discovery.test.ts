import { describe, expect, it } from '@jest/globals'
import { Discovery } from '../../src/account/discovery.ts'
import type { Found } from '../../src/account/found.ts'
import { HOUR, MINUTE } from '../../src/clock.ts'
import type { DeviceFacts } from '../../src/intelligent/types.ts'
import type { AccountFacts } from '../../src/octopus/parse-account.ts'
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
async function asksInADay(
  productCode: string | null,
  cars: readonly DeviceFacts[],
  { days = 1, setBack = 0 } = {},
): Promise<number> {
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
    keyDigest: 'of the key',
    wanted: null,
    onFound: () => {},
    onOutcome: () => {},
  })
  discovery.start()
  for (let minute = 0; minute < days * 24 * 60 - 1; minute += 1) {
    clock.advance(MINUTE)
    if (minute === 60) clock.setBy(-setBack)
    // What a look set going comes to its end.
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve()
  }
  await discovery.stop()
  return asked
}

const meterOf = (serial: string) => ({
  ...{ serial, type: null, isSmart: null, manufacturer: null, model: null, unit: 'kWh' as const },
})

/** As the store has it. */
const WHOLE = {
  at: NOON,
  account: {
    number: 'A-0C70B05A',
    productCode: 'AGILE-24-10-01',
    gasMeterPoints: null,
    meterPoints: [
      {
        ...{ mpan: '1', direction: 'import' as const, serials: ['S'], meters: [meterOf('S')] },
        agreements: [
          { productCode: 'AGILE-24-10-01', tariffCode: null, tariffType: null, validFrom: NOON, validTo: null },
        ],
      },
    ],
  },
  missing: {},
  cars: [],
}

/** What a start on this store shows and asks, with an Octopus that answers so. */
async function start(kept: object, answered: AccountFacts['gasMeterPoints']) {
  const clock = new ManualClock(NOON)
  const { values } = openStore({ path: ':memory:', clock })
  values.set('found', { keyDigest: 'of the key', wanted: null, found: kept })
  const shown: Found[] = []
  let asked = 0
  const discovery = new Discovery({
    clock,
    log: SILENT,
    values,
    octopus: {
      accounts: async () => ['A-0C70B05A'],
      account: async number => {
        asked += 1
        return { number, meterPoints: [], gasMeterPoints: answered, productCode: null }
      },
      devices: async () => [],
    },
    keyDigest: 'of the key',
    wanted: null,
    onFound: found => shown.push(found),
    onOutcome: () => {},
  })
  discovery.start()
  clock.advance(MINUTE)
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
  await discovery.stop()
  return { shown, asked }
}

describe('what was found before', () => {
  const { number } = WHOLE.account
  /** The account that a start shows before it asks. */
  function shownAtOnce(keyDigest: string, wanted: string | null, before: string | null = null): string | null {
    const clock = new ManualClock(NOON)
    const { values } = openStore({ path: ':memory:', clock })
    values.set('found', { keyDigest: 'of the key', wanted: before, found: WHOLE })
    const refused = () => Promise.reject(new Error('away'))
    const discovery = new Discovery({
      ...{ clock, log: SILENT, values, keyDigest, wanted },
      octopus: { accounts: refused, account: refused, devices: refused },
      onFound: () => {},
      onOutcome: () => {},
    })
    discovery.start()
    return discovery.found?.account.number ?? null
  }

  it.each([
    ['the same key', 'of the key', null, number],
    ['another key, which may see another account', 'of another', null, null],
    ['the same key, and the number written down meanwhile', 'of the key', number, number],
    ['another key to the account that is written down', 'of another', number, number],
    ['another account that is written down', 'of the key', 'A-0000FFFF', null],
  ])('with %s', (_, keyDigest, wanted, shown) => {
    expect(shownAtOnce(keyDigest, wanted)).toBe(shown)
  })

  it('is not what was asked for by name before: without a name another may be chosen', () => {
    expect(shownAtOnce('of the key', number, number)).toBe(number)
    expect(shownAtOnce('of the key', null, number)).toBeNull()
  })
})

describe('what the store has', () => {
  it('is enough for the day, even if gas is not known', async () => {
    const { shown, asked } = await start(WHOLE, [])
    expect([shown.length, asked]).toEqual([1, 0])
  })
})

describe('gas', () => {
  it('that was known stays known where an answer says nothing of it', async () => {
    const gasMeterPoints = [{ mprn: '77', meters: [], agreements: [] }]
    const known = { ...WHOLE, at: 0, account: { ...WHOLE.account, gasMeterPoints } }
    const { shown, asked } = await start(known, null)
    expect(asked).toBe(1)
    expect(shown[1]?.account.gasMeterPoints).toEqual(gasMeterPoints)
    expect((await start(known, [])).shown[1]?.account.gasMeterPoints).toEqual([])
  })
})

describe('the account is read again', () => {
  it('once a day', async () => {
    expect(await asksInADay('IOG-SMB-VAR-26-07-06', [CAR])).toBe(1)
    expect(await asksInADay('AGILE-24-10-01', [])).toBe(1)
  })

  it('once a day, also when the clock was set back by a year', async () => {
    expect(await asksInADay('AGILE-24-10-01', [], { days: 3, setBack: 365 * 24 * HOUR })).toBe(3)
  })

  it('at once after a start where a wrong clock says that it was read next year', async () => {
    const { asked } = await start({ ...WHOLE, at: NOON + 365 * 24 * HOUR }, [])
    expect(asked).toBe(1)
  })

  it('each hour where an Intelligent tariff has no car: nobody waits a day for one that comes back', async () => {
    expect(await asksInADay('IOG-SMB-VAR-26-07-06', [])).toBe((24 * HOUR) / HOUR)
  })
})

describe('of several accounts', () => {
  const importing = (number: string): AccountFacts => ({
    ...{ number, productCode: null, gasMeterPoints: null },
    meterPoints: [{ mpan: number, direction: 'import', serials: ['S'], meters: [meterOf('S')], agreements: [] }],
  })

  it('the one that was chosen stays so, though an answer leaves its meter out', async () => {
    const clock = new ManualClock(NOON)
    const shown: string[] = []
    let isLeftOut = false
    const discovery = new Discovery({
      clock,
      log: SILENT,
      values: openStore({ path: ':memory:', clock }).values,
      octopus: {
        accounts: async () => ['A-1', 'A-2'],
        account: async number =>
          isLeftOut && number === 'A-1' ? { ...importing(number), meterPoints: [] } : importing(number),
        devices: async () => [],
      },
      keyDigest: 'of the key',
      wanted: null,
      onFound: found => shown.push(found.account.number),
      onOutcome: () => {},
    })
    const aDay = async () => {
      clock.advance(24 * HOUR)
      for (let turn = 0; turn < 30; turn += 1) await Promise.resolve()
    }
    discovery.start()
    await aDay()
    isLeftOut = true
    for (let day = 0; day < 3; day += 1) await aDay()
    await discovery.stop()
    expect(shown).toEqual(['A-1', 'A-1', 'A-1', 'A-2'])
  })
})
