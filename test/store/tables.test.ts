import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { HALF_HOUR, HOUR } from '../../src/clock.ts'
import { anything } from '../../src/shape.ts'
import { slugify } from '../../src/store/devices.ts'
import { matchDevice } from '../../src/store/match-device.ts'
import { openStore } from '../../src/store/open.ts'
import { temporaryFile } from './support/files.ts'
import { StillClock } from './support/virtual-clock.ts'

const NOON = Date.parse('2026-11-23T12:00:00Z')
const open = (clock = new StillClock(NOON), path = ':memory:') => openStore({ path, clock })

const tesla = (octopusId: string) =>
  ({ kind: 'car', account: 'A-1', octopusId, make: 'Tesla', model: 'Model 3', name: 'Tess' }) as const

describe('values', () => {
  it('keep JSON and its age, replace and forget', () => {
    const clock = new StillClock(NOON)
    const { values } = open(clock)
    expect(values.get('a', anything)).toBeNull()
    values.set('a', { deep: [1, null, 'x'] })
    clock.pass(1_000)
    expect(values.get('a', anything)).toEqual({ deep: [1, null, 'x'] })
    expect(values.updatedAt('a')).toBe(NOON)
    values.set('a', false)
    expect(values.get('a', anything)).toBe(false)
    expect(values.updatedAt('a')).toBe(NOON + 1_000)
    values.remove('a')
    expect(values.updatedAt('a')).toBeNull()
    expect(() => values.set('a', undefined)).toThrow(TypeError)
  })

  it('give back any JSON as it was', () => {
    const { values } = open()
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), value => {
        values.set('any', value)
        expect(values.get('any', anything)).toEqual(JSON.parse(JSON.stringify(value)))
      }),
      { numRuns: 50 },
    )
  })
})

describe('devices', () => {
  it('keep one identity for one device, also over a lost store', () => {
    const first = open().devices.identify(tesla('d1'), ['tess'], [])
    const again = open().devices.identify(tesla('d1'), ['tess'], [])
    expect(first).toEqual(again)
    expect(first.id).toMatch(/^[0-9a-f]{12}$/)
  })

  it('bind a car that was registered again to the identity it had, slug and all', () => {
    const path = temporaryFile()
    const store = open(undefined, path)
    const first = store.devices.identify(tesla('d1'), ['tess'], ['d1'])
    store.close()
    const reopened = open(undefined, path)
    const second = reopened.devices.identify(tesla('d2'), ['tess'], ['d2'])
    expect(second).toEqual({ ...first, octopusId: 'd2' })
    expect(reopened.devices.all()).toEqual([second])
    expect(reopened.devices.identify({ ...tesla('d2'), name: 'Renamed' }, ['renamed'], []).slug).toBe('tess')
    reopened.close()
  })

  it('take a second car of the same kind beside the first for another one', () => {
    const { devices } = open()
    const first = devices.identify(tesla('d1'), ['tess'], ['d1', 'd2'])
    const second = devices.identify(tesla('d2'), ['tess'], ['d1', 'd2'])
    expect(second.id).not.toBe(first.id)
    expect(second.slug).toBe('tess_2')
  })

  it('give the first free slug of those wanted', () => {
    const { devices } = open()
    const meter = (mpan: string) => ({ kind: 'electricity_import', account: 'A-1', octopusId: mpan }) as const
    const wanted = (last: string) => ['electricity_import', `electricity_import_${last}`]
    expect(devices.identify(meter('1000'), wanted('1000'), []).slug).toBe('electricity_import')
    expect(devices.identify(meter('2000'), wanted('2000'), []).slug).toBe('electricity_import_2000')
    expect(devices.identify(meter('1000'), wanted('1000'), []).slug).toBe('electricity_import')
    expect(devices.identify({ ...meter('1000'), account: 'A-2' }, wanted('1000'), []).slug).toBe('electricity_import')
  })

  it('are bound to another id by hand', () => {
    const { devices } = open()
    const { id } = devices.identify(tesla('d1'), ['tess'], [])
    devices.rebind(id, 'd9')
    expect(devices.all('A-1').map(device => device.octopusId)).toEqual(['d9'])
  })

  it('never match a car of which nothing is known, nor one that is still listed', () => {
    const known = open().devices.identify({ ...tesla('d1'), make: null, model: null, name: null }, ['car'], [])
    const nameless = { kind: 'car', account: 'A-1', octopusId: 'd2' } as const
    expect(matchDevice([known], nameless, new Set())).toBeNull()
    const described = { ...known, make: 'Tesla', model: 'Model 3', name: 'Tess' }
    expect(matchDevice([described], tesla('d2'), new Set(['d1']))).toBeNull()
    expect(matchDevice([described], tesla('d2'), new Set())).toBe(described)
    expect(matchDevice([described], { ...tesla('d2'), account: 'A-2' }, new Set())).toBeNull()
  })

  it('make a slug of any name', () => {
    expect(slugify('  Zoë’s Model 3! ')).toBe('zoe_s_model_3')
    fc.assert(fc.property(fc.string(), text => expect(slugify(text)).toMatch(/^([a-z0-9]+(_[a-z0-9]+)*)?$/)))
  })
})

describe('readings', () => {
  const reading = (number: number, amount: number) => ({ start: NOON + number * HALF_HOUR, amount })
  const meter = { point: 'm', serial: 's' }

  it('are stored once, in order, and replaced by a corrected one', () => {
    const { readings } = open()
    expect(readings.extent(meter)).toBeNull()
    expect(readings.upsert(meter, [reading(1, 0.25), reading(0, 0.5)])).toEqual([NOON + HALF_HOUR, NOON])
    expect(readings.upsert(meter, [reading(1, 0.25), reading(0, 0.5)])).toEqual([])
    expect(readings.upsert(meter, [reading(1, 0.3)])).toEqual([NOON + HALF_HOUR])
    expect(readings.range(meter, NOON, NOON + HOUR)).toEqual([reading(0, 0.5), reading(1, 0.3)])
    expect(readings.range(meter, NOON, NOON + HALF_HOUR)).toEqual([reading(0, 0.5)])
    expect(readings.range({ ...meter, serial: 'other' }, NOON, NOON + HOUR)).toEqual([])
    expect(readings.extent(meter)).toEqual({ oldest: NOON, newest: NOON + HALF_HOUR })
  })
})

describe('prices', () => {
  const rate = (start: number, end: number | null, pence: number) => ({
    band: 'standard' as const,
    start: NOON + start * HALF_HOUR,
    end: end === null ? null : NOON + end * HALF_HOUR,
    pence,
  })
  const charge = { start: NOON, end: null, pence: 48.93 }

  it('come back as they were merged, decimals and negative ones too', () => {
    const { prices } = open()
    const none = prices.of('E-1R-AGILE-C')
    expect(none).toEqual({ tariffCode: 'E-1R-AGILE-C', unitRates: [], standingCharges: [] })
    const first = { ...none, unitRates: [rate(0, 1, -3.0135), rate(1, 2, 25.3575)], standingCharges: [charge] }
    prices.keep(none, first)
    expect(prices.of('E-1R-AGILE-C')).toEqual(first)
    expect(prices.of('E-1R-AGILE-C', NOON + HALF_HOUR).unitRates).toEqual([rate(1, 2, 25.3575)])
    expect(prices.of('E-1R-OTHER-C').unitRates).toEqual([])
  })

  it('are changed where they differ, also where a span of another length begins at the same instant', () => {
    const { prices } = open()
    const none = prices.of('T')
    const first = { ...none, unitRates: [rate(0, null, 20)], standingCharges: [charge] }
    prices.keep(none, first)
    const next = { ...first, unitRates: [rate(0, 4, 20), rate(4, null, 21)], standingCharges: [] }
    prices.keep(prices.of('T'), next)
    expect(prices.of('T')).toEqual(next)
  })

  it('that no tariff can have are not believed', () => {
    const { prices } = open()
    const none = prices.of('T')
    prices.keep(none, { ...none, unitRates: [rate(0, 1, 1e9), rate(2, 1, 20), rate(3, 4, 21)] })
    expect(prices.of('T').unitRates).toEqual([rate(3, 4, 21)])
  })
})

describe('half hours', () => {
  it('are remembered as they were believed, the last word counts', () => {
    const { believed } = open()
    believed.note('A-1', { start: NOON, cheap: false, reason: 'no_dispatch' })
    believed.note('A-1', { start: NOON, cheap: true, reason: 'dispatch' })
    believed.note('A-2', { start: NOON, cheap: false, reason: 'no_dispatch' })
    expect(believed.range('A-1', NOON, NOON + HOUR)).toEqual([{ start: NOON, cheap: true, reason: 'dispatch' }])
    expect(believed.range('A-1', NOON + 1, NOON + HOUR)).toEqual([])
  })

  it('are remembered as they were billed, and say which are billed otherwise now', () => {
    const { billed } = open()
    const half = (number: number, kwh: number) => ({
      start: NOON + number * HALF_HOUR,
      parts: [
        { band: 'night' as const, kwh, pence: kwh * 7 },
        { band: null, kwh: 1, pence: null },
      ],
    })
    expect(billed.upsert('m', [half(0, 1), half(1, 2)])).toEqual([NOON, NOON + HALF_HOUR])
    expect(billed.upsert('m', [half(0, 1), half(1, 2)])).toEqual([])
    const fewer = { start: NOON, parts: [{ band: 'day' as const, kwh: 1, pence: 27.5 }] }
    expect(billed.upsert('m', [half(1, 2), fewer])).toEqual([NOON])
    expect(billed.range('m', NOON, NOON + HOUR)).toEqual([fewer, half(1, 2)])
    expect(billed.range('other', NOON, NOON + HOUR)).toEqual([])
    billed.remove('m', [])
    billed.remove('other', [NOON])
    billed.remove('m', [NOON])
    expect(billed.range('m', NOON, NOON + HOUR)).toEqual([half(1, 2)])
    expect(billed.upsert('m', [fewer])).toEqual([NOON])
  })
})

describe('published', () => {
  it('remembers documents and topics until they are taken back', () => {
    const { published } = open()
    published.setDocument('car', { components: { a: 1 } })
    published.setDocument('car', { components: { b: 1 } })
    published.addTopics(['x/b', 'x/a', 'x/b'])
    expect(published.document('car')).toEqual({ components: { b: 1 } })
    expect([...published.documents()]).toEqual([['car', { components: { b: 1 } }]])
    expect(published.topics()).toEqual(['x/a', 'x/b'])
    published.removeTopics(['x/a', 'never'])
    published.removeDocument('car')
    expect(published.topics()).toEqual(['x/b'])
    expect(published.document('car')).toBeNull()
  })
})

describe('the journal', () => {
  it('gives the newest first and forgets after 30 days', () => {
    const clock = new StillClock(NOON)
    const { journal } = open(clock)
    journal.append('mode', { to: 'idle' })
    clock.pass(29 * 24 * HOUR)
    journal.append('plan', null)
    expect(journal.newest(5)).toEqual([
      { at: clock.now(), kind: 'plan', data: null },
      { at: NOON, kind: 'mode', data: { to: 'idle' } },
    ])
    expect(journal.newest(5, 'mode')).toHaveLength(1)
    clock.pass(2 * 24 * HOUR)
    journal.append('mode', 1)
    expect(journal.newest(5).map(entry => entry.data)).toEqual([1, null])
    expect(journal.newest(1)).toHaveLength(1)
  })
})
