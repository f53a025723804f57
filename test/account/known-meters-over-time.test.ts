import { describe, expect, it } from '@jest/globals'
import { withKnownMeters } from '../../src/account/known-meters.ts'
import { HOUR, type Instant } from '../../src/clock.ts'
import type { Agreement, Meter } from '../../src/octopus/meter-points.ts'
import type { AccountFacts } from '../../src/octopus/parse-account.ts'

const START = Date.parse('2026-11-24T10:00:00Z')

const meter = (serial: string, unit: Meter['unit'] = 'kWh'): Meter => ({
  ...{ serial, type: null, isSmart: true, manufacturer: null, model: null, unit },
})

const agreementOf = (productCode: string): Agreement => ({
  ...{ productCode, tariffCode: null, tariffType: null, validFrom: null, validTo: null },
})

type Points = Readonly<Record<string, readonly Meter[]>>

function account(electricity: Points, gas: Points | null = null, products: Record<string, string> = {}): AccountFacts {
  const meterPoints = Object.entries(electricity).map(([mpan, meters]) => ({
    ...{ mpan, direction: 'import' as const, meters, serials: meters.map(({ serial }) => serial) },
    agreements: products[mpan] === undefined ? [] : [agreementOf(products[mpan])],
  }))
  return {
    number: 'A-1',
    meterPoints,
    gasMeterPoints: gas && Object.entries(gas).map(([mprn, meters]) => ({ mprn, meters, agreements: [] })),
    productCode: Object.values(products)[0] ?? null,
  }
}

/** What is known after these answers, the first of them a day after nothing was known. */
function knownAfter(...answers: readonly (readonly [Instant, AccountFacts])[]) {
  let known: ReturnType<typeof withKnownMeters> | null = null
  for (const [at, answered] of answers) known = withKnownMeters(answered, known, START + at)
  if (known === null) throw new Error('No answer')
  const { meterPoints, gasMeterPoints, productCode } = known.account
  return {
    electricity: Object.fromEntries(meterPoints.map(({ mpan, serials }) => [mpan, serials])),
    gas: gasMeterPoints?.flatMap(({ meters }) => meters.map(({ serial, unit }) => [serial, unit])),
    productCode,
    missing: Object.keys(known.missing),
  }
}

const both = account({ 1: [meter('a'), meter('b')] })
const onlyA = account({ 1: [meter('a')] })

describe('a meter that answers leave out', () => {
  it('is gone after three answers and six hours, whichever comes last', () => {
    const left = [1, 2, 3, 4, 5, 6].map(hours => [hours * HOUR, onlyA] as const)
    expect(knownAfter([0, both], ...left)).toMatchObject({ electricity: { 1: ['a', 'b'] }, missing: ['1:b'] })
    expect(knownAfter([0, both], ...left, [7 * HOUR, onlyA])).toMatchObject({ electricity: { 1: ['a'] }, missing: [] })
    expect(knownAfter([0, both], [HOUR, onlyA], [48 * HOUR, onlyA]).electricity).toEqual({ 1: ['a', 'b'] })
  })

  it('keeps its place among the others, and the tariff of its point', () => {
    const products = { 1: 'INTELLI-VAR-24-10-29', 2: 'VAR-22-11-01' }
    const two = account({ 1: [meter('a')], 2: [meter('b')] }, null, products)
    const one = account({ 2: [meter('b')] }, null, { 2: products[2] })
    const known = knownAfter([0, two], [HOUR, one])
    expect(Object.entries(known.electricity)).toEqual([
      ['1', ['a']],
      ['2', ['b']],
    ])
    expect(known.productCode).toBe('INTELLI-VAR-24-10-29')
  })

  it('is gone at once where a new one stands in its place, also when it had been left out before', () => {
    const exchanged = account({ 1: [meter('new')] })
    expect(knownAfter([0, onlyA], [HOUR, exchanged])).toMatchObject({ electricity: { 1: ['new'] }, missing: [] })
    const none = account({ 1: [] })
    expect(knownAfter([0, onlyA], [HOUR, none])).toMatchObject({ electricity: { 1: ['a'] }, missing: ['1:a'] })
    expect(knownAfter([0, onlyA], [HOUR, none], [2 * HOUR, exchanged]).electricity).toEqual({ 1: ['new'] })
  })

  it('waits for no stamp of a clock that was wrong', () => {
    const days = 24 * HOUR
    const set = [9_000 * days, both, 9_001 * days, onlyA, days, onlyA, 2 * days, onlyA] as const
    const answers = [0, 2, 4, 6].map(index => [set[index], set[index + 1]] as [Instant, AccountFacts])
    expect(knownAfter(...answers).electricity).toEqual({ 1: ['a'] })
  })
})

describe('a gas meter', () => {
  const gas = (unit: Meter['unit']) => account({}, { 9: [meter('g', unit)] })

  it('counts in what it counted in, where an answer does not say', () => {
    expect(knownAfter([0, gas('m3')], [HOUR, gas(null)]).gas).toEqual([['g', 'm3']])
    expect(knownAfter([0, gas('m3')], [HOUR, gas('kWh')]).gas).toEqual([['g', 'kWh']])
  })

  it('is not left out by an answer without a word of gas', () => {
    const answers = [0, 24, 48, 72, 96].map(
      (hours, day) => [hours * HOUR, day === 0 ? gas('m3') : account({})] as const,
    )
    expect(knownAfter(...answers)).toMatchObject({ gas: [['g', 'm3']], missing: [] })
  })
})
