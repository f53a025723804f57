/** A meter that Octopus leaves out of an answer about the account: what is shown of it, over answers and restarts. */
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { MINUTE } from '../../src/clock.ts'
import { type ListedAccount, Lives } from './support/life.ts'

const IMPORT = 'electricity_import 00S0000017'
const EXPORT = 'electricity_export 00S0000017'
const GAS = 'gas 00G0000031'
const ALL = [EXPORT, IMPORT, GAS]

const EXPORT_POINT = '1200000000025'

// Days of an account take their time on a busy machine.
jest.setTimeout(60_000)

let lives: Lives
beforeEach(async () => {
  lives = await Lives.build(Date.parse('2026-11-23T10:00:00Z'), 'tariff-intelligent')
  lives.begin()
  await lives.toldAgain(1)
})
afterEach(() => lives.stop())

const nothing = (account: ListedAccount) => {
  account.electricityAgreements = []
  account.gasAgreements = []
}

const withoutExport = (account: ListedAccount) => {
  account.electricityAgreements = account.electricityAgreements.filter(
    ({ meterPoint }) => meterPoint.mpan !== EXPORT_POINT,
  )
}

const withoutImport = (account: ListedAccount) => {
  account.electricityAgreements = account.electricityAgreements.filter(
    ({ meterPoint }) => meterPoint.mpan === EXPORT_POINT,
  )
}

/** What was ever shown since the last time, each once. */
const everShown = () => {
  const shown = new Set(lives.snapshots.map(snapshot => JSON.stringify(lives.meters(snapshot))))
  lives.snapshots.splice(0, lives.snapshots.length - 1)
  return [...shown].map(text => JSON.parse(text))
}

describe('a meter that an answer leaves out', () => {
  it('is shown until the third of three answers that are hours apart', async () => {
    lives.change = withoutExport
    await lives.toldAgain(2)
    expect(everShown()).toEqual([ALL])
    await lives.toldAgain(1)
    expect(lives.meters()).toEqual([IMPORT, GAS])
  })

  it('is counted anew once an answer lists it', async () => {
    for (let time = 0; time < 2; time += 1) {
      lives.change = withoutExport
      await lives.toldAgain(2)
      lives.change = () => {}
      await lives.toldAgain(1)
    }
    expect(everShown()).toEqual([ALL])
  })

  it('is counted over restarts, and shown at once after each', async () => {
    lives.change = withoutExport
    for (let answer = 1; answer <= 2; answer += 1) {
      await lives.toldAgain(1)
      lives.kill()
      lives.begin()
      await lives.live(5 * MINUTE)
      expect([answer, lives.told, everShown()]).toEqual([answer, 1 + answer, [ALL]])
    }
    await lives.toldAgain(1)
    expect(lives.meters()).toEqual([IMPORT, GAS])
    lives.kill()
    lives.begin()
    await lives.live(5 * MINUTE)
    expect(everShown()).toEqual([[IMPORT, GAS]])
  })

  it('takes nothing of the tariff with it: the night stays what it was', async () => {
    lives.change = withoutImport
    await lives.toldAgain(2)
    expect(everShown()).toEqual([ALL])
    expect(lives.snapshots.at(-1)?.account.hasNight).toBe(true)
    await lives.toldAgain(1)
    expect(lives.meters()).toEqual([EXPORT, GAS])
    expect(lives.snapshots.at(-1)?.account.hasNight).toBe(false)
  })

  it('may be every meter: an account that was closed has none in the end', async () => {
    lives.change = nothing
    await lives.toldAgain(2)
    expect(everShown()).toEqual([ALL])
    await lives.toldAgain(1)
    expect(lives.meters()).toEqual([])
  })
})

describe('a meter that was exchanged', () => {
  it('is shown no more from the answer on that has the new one in its place', async () => {
    lives.change = account => {
      for (const { meterPoint } of account.electricityAgreements)
        if (meterPoint.mpan === EXPORT_POINT) meterPoint.meters = [{ ...meterPoint.meters[0], serialNumber: 'NEW' }]
    }
    await lives.toldAgain(1)
    expect(lives.meters()).toEqual(['electricity_export NEW', IMPORT, GAS])
  })
})
