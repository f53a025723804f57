/** An agreement that ends at midnight and the one that follows it are known before: from that instant on the new one counts. */
import { describe, expect, it } from '@jest/globals'
import type { Found } from '../../src/account/found.ts'
import { nextProduct, productAt } from '../../src/account/product.ts'
import { MINUTE, SECOND } from '../../src/clock.ts'
import type { Agreement } from '../../src/octopus/meter-points.ts'
import { type ListedAccount, Lives } from './support/life.ts'

const at = (text: string) => Date.parse(text)
const MIDNIGHT = '2026-11-24T00:00:00+00:00'

const tariffOf = (productCode: string, __typename: string) => ({
  ...{ __typename, productCode, tariffCode: `E-1R-${productCode}-C`, isExport: false },
})
const OLD = tariffOf('INTELLI-VAR-24-10-29', 'HalfHourlyTariff')
const CAPPED = tariffOf('IOG-SMB-VAR-26-07-06', 'FourRateEvTariff')
const FLAT = tariffOf('VAR-22-11-01', 'StandardTariff')

/** The account goes from one tariff to the other at midnight, and was read ten minutes before. */
async function overMidnight(before: object, after: object) {
  const lives = await Lives.build(at('2026-11-23T23:50:00Z'), 'overnight')
  lives.change = (account: ListedAccount) => {
    for (const { meterPoint } of account.electricityAgreements)
      Object.assign(meterPoint, {
        agreements: [
          { validFrom: '2025-01-01T00:00:00+00:00', validTo: MIDNIGHT, tariff: before },
          { validFrom: MIDNIGHT, validTo: null, tariff: after },
        ],
      })
  }
  lives.begin()
  const shown = () => {
    const account = lives.snapshots.at(-1)?.account
    return [account?.offPeak, account?.houseCheap.value, account?.houseCheap.policy]
  }
  const until = () => lives.snapshots.at(-1)?.account.houseCheap.until
  await lives.live(at(MIDNIGHT) - SECOND - lives.time.now)
  const earlier = shown()
  const certain = until()
  await lives.live(SECOND + 5)
  const later = shown()
  lives.kill()
  await lives.live(MINUTE)
  lives.begin()
  await lives.live(MINUTE)
  const restarted = shown()
  expect(lives.told).toBe(1)
  await lives.stop()
  return { earlier, later, restarted, certain }
}

describe('another tariff from midnight on', () => {
  it('without a cheap night ends the night then, also after a restart', async () => {
    const { earlier, later, restarted, certain } = await overMidnight(OLD, FLAT)
    expect(certain).toBe(at(MIDNIGHT))
    expect(earlier).toEqual([true, true, 'whole_slot'])
    expect(later.slice(0, 2)).toEqual([false, false])
    expect(restarted.slice(0, 2)).toEqual([false, false])
  })

  it('with a cheap night begins one', async () => {
    const { earlier, later } = await overMidnight(FLAT, OLD)
    expect(earlier.slice(0, 2)).toEqual([false, false])
    expect(later).toEqual([true, true, 'whole_slot'])
  })

  it('with an allowance counts by its own policy', async () => {
    const { earlier, later, restarted, certain } = await overMidnight(OLD, CAPPED)
    expect(certain).toBe(at('2026-11-24T05:30:00Z'))
    expect([earlier, later, restarted]).toEqual([
      [true, true, 'whole_slot'],
      [true, true, 'charge_cap'],
      [true, true, 'charge_cap'],
    ])
  })
})

describe('the product of an account', () => {
  const agreement = (productCode: string, validFrom: string, validTo: string | null): Agreement => ({
    ...{ productCode, tariffCode: null, tariffType: null },
    ...{ validFrom: at(validFrom), validTo: validTo === null ? null : at(validTo) },
  })
  const found = (...agreements: Agreement[]): Found => ({
    at: at('2026-11-23T12:00:00Z'),
    account: {
      ...{ number: 'A-1', gasMeterPoints: null, productCode: 'WHEN-ASKED' },
      meterPoints: [{ mpan: '1', direction: 'import', serials: [], meters: [], agreements }],
    },
    missing: {},
    cars: [],
  })
  const known = found(
    agreement('ONE', '2025-01-01T00:00:00Z', '2026-11-24T00:00:00Z'),
    agreement('TWO', '2026-11-26T00:00:00Z', null),
  )

  it('is that of the agreement in force, and what it was when asked where there is none', () => {
    const products = ['2026-11-23T23:59:59Z', '2026-11-24T00:00:00Z', '2026-11-26T00:00:00Z'].map(time =>
      productAt(known, at(time)),
    )
    expect(products).toEqual(['ONE', 'WHEN-ASKED', 'TWO'])
  })

  it('will be another when an agreement for import begins or ends, if that changes it', () => {
    const next = (found_: Found, time: string) => nextProduct(found_, at(time))
    expect(next(known, '2026-11-23T12:00:00Z')).toEqual({ from: at('2026-11-24T00:00:00Z'), product: 'WHEN-ASKED' })
    expect(next(known, '2026-11-24T00:00:00Z')).toEqual({ from: at('2026-11-26T00:00:00Z'), product: 'TWO' })
    expect(next(known, '2026-11-26T00:00:00Z')).toBeNull()
    const overlapping = found(
      agreement('ONE', '2025-01-01T00:00:00Z', '2026-11-24T00:00:00Z'),
      agreement('ONE', '2026-11-23T00:00:00Z', '2026-11-26T00:00:00Z'),
      agreement('TWO', '2026-11-26T00:00:00Z', null),
    )
    expect(next(overlapping, '2026-11-23T12:00:00Z')).toEqual({ from: at('2026-11-26T00:00:00Z'), product: 'TWO' })
    const exported = { ...known.account.meterPoints[0], direction: 'export' } as Found['account']['meterPoints'][0]
    expect(
      next({ ...known, account: { ...known.account, meterPoints: [exported] } }, '2026-11-23T12:00:00Z'),
    ).toBeNull()
  })
})
