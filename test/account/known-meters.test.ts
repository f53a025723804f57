/** An answer about the account with holes in it, as GraphQL gives them: null among good fields, and errors beside the data. */
import { describe, expect, it } from '@jest/globals'
import { Discovery } from '../../src/account/discovery.ts'
import type { Found } from '../../src/account/found.ts'
import { HOUR, MINUTE } from '../../src/clock.ts'
import { parseAccount } from '../../src/octopus/parse-account.ts'
import { openStore } from '../../src/store/open.ts'
import { ManualClock } from '../octopus/support/manual-clock.ts'
import { SILENT } from './silent.ts'

const NOON = Date.parse('2026-11-23T12:00:00Z')
const ACCOUNT = 'A-0C70B05A'

const agreements = (productCode: string) => [
  {
    validFrom: '2026-08-01T00:00:00+01:00',
    validTo: null,
    tariff: { productCode, tariffCode: `E-1R-${productCode}-C` },
  },
]
const IMPORT = {
  ...{ mpan: '1', direction: 'IMPORT', meters: [{ serialNumber: 'S' }] },
  agreements: agreements('IOG-SMB-VAR-26-07-06'),
}
const EXPORT = {
  ...{ mpan: '2', direction: 'EXPORT', meters: [{ serialNumber: 'S' }] },
  agreements: agreements('OUTGOING-VAR-24-10-26'),
}
const GAS = {
  mprn: '3',
  meters: [{ serialNumber: 'G', consumptionUnits: 'm³' }],
  agreements: agreements('VAR-22-11-01'),
}
const points = (...list: unknown[]) => list.map(meterPoint => ({ meterPoint }))
const WHOLE = {
  number: ACCOUNT,
  electricityAgreements: points(IMPORT, EXPORT),
  gasAgreements: points(GAS),
}

/** What is found a day later, with this answer then. */
async function nextDay(account: object): Promise<readonly Found[]> {
  const clock = new ManualClock(NOON)
  const answers: object[] = [WHOLE, account]
  const found: Found[] = []
  const discovery = new Discovery({
    clock,
    log: SILENT,
    values: openStore({ path: ':memory:', clock }).values,
    octopus: {
      accounts: async () => [ACCOUNT],
      account: async number => parseAccount({ account: answers.shift() ?? account }, number, clock.now()),
      devices: async () => [
        {
          ...{ deviceId: 'd', typename: 'SmartFlexVehicle', name: 'Car', make: null, model: null, provider: null },
          ...{ lifeCycle: 'LIVE', batteryKwh: null, chargerKw: null },
        },
      ],
    },
    keyDigest: 'of the key',
    wanted: null,
    onFound: one => found.push(one),
    onOutcome: () => {},
  })
  discovery.start()
  for (let gone = 0; gone < 25 * HOUR; gone += 30 * MINUTE) {
    clock.advance(30 * MINUTE)
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
  }
  await discovery.stop()
  return found
}

describe('what is known of the account', () => {
  it.each([
    ['no electricity is listed', { ...WHOLE, electricityAgreements: [] }],
    ['its gas is not told', { ...WHOLE, gasAgreements: null }],
    [
      'the meters of a point are not told',
      { ...WHOLE, electricityAgreements: points(IMPORT, { ...EXPORT, meters: null, direction: null }) },
    ],
    [
      'the agreements of a point are not told',
      { ...WHOLE, electricityAgreements: points({ ...IMPORT, agreements: null }, EXPORT) },
    ],
    [
      'the meters of the gas are not told',
      { ...WHOLE, gasAgreements: points({ ...GAS, meters: null, agreements: null }) },
    ],
    [
      'it is not told what a gas meter counts in',
      { ...WHOLE, gasAgreements: points({ ...GAS, meters: [{ serialNumber: 'G', consumptionUnits: null }] }) },
    ],
  ])('stays where %s', async (_, account) => {
    const [first, second] = await nextDay(account)
    expect(first?.account.meterPoints).toHaveLength(2)
    expect(second?.account).toEqual(first?.account)
  })

  it('stays where its electricity is not told: that is no answer, and no reason to take another account', async () => {
    expect(await nextDay({ ...WHOLE, electricityAgreements: null })).toHaveLength(1)
  })

  it('stays where a point is not listed, of which others are', async () => {
    const [first, second] = await nextDay({ ...WHOLE, electricityAgreements: points(EXPORT), gasAgreements: [] })
    expect(second?.account).toEqual(first?.account)
  })

  it('goes at once where a meter was exchanged', async () => {
    const answer = {
      ...WHOLE,
      electricityAgreements: points({ ...IMPORT, meters: [{ serialNumber: 'NEW' }] }, EXPORT),
    }
    const [, second] = await nextDay(answer)
    expect(second?.account.meterPoints.map(({ serials }) => serials)).toEqual([['NEW'], ['S']])
  })
})
