/** Half hours as they were billed, in the shapes that others have seen. */
import { describe, expect, it } from '@jest/globals'
import { HALF_HOUR, HOUR, type Instant } from '../../src/clock.ts'
import { bandOfLabel } from '../../src/octopus/bands.ts'
import { parseMeasurements } from '../../src/octopus/bills.ts'
import { toIso } from '../../src/time/london.ts'
import { NOON, setUp } from './support/client.ts'
import { ACCOUNT } from './support/samples.ts'

const stat = (label: string | null, value: unknown, amount: unknown, type = 'CONSUMPTION_COST') => ({
  ...{ type, label, value },
  costInclTax: amount === null ? null : { estimatedAmount: amount, costCurrency: 'GBP' },
})
const standing = stat('STANDING_CHARGE_STANDARD_H', '1', '0.92', 'STANDING_CHARGE_COST')

const halfHour = (start: Instant, value: unknown, statistics: unknown, changes: object = {}) => ({
  node: {
    ...{ value, unit: 'kwh', startAt: toIso(start), endAt: toIso(start + HALF_HOUR) },
    metaData: { statistics },
    ...changes,
  },
})
const LAST = { hasNextPage: false, endCursor: null }
const measured = (edges: unknown[], pageInfo: unknown = LAST) => ({
  account: { properties: [{ measurements: { edges, pageInfo } }] },
})
const partsOf = (value: unknown, ...statistics: unknown[]) =>
  parseMeasurements(measured([halfHour(NOON, value, statistics)])).rows[0]?.parts

/** Octopus lists all four buckets of an Intelligent half hour, with zeros where nothing was used. */
const buckets = (suffix: string, day: number, night: number, evOff: number, evPeak: number) => [
  stat(`CONSUMPTION_CHARGE_ECO7_DAY_${suffix}`, String(day), String(day * 30)),
  stat(`CONSUMPTION_CHARGE_ECO7_NIGHT_${suffix}`, String(night), String(night * 7)),
  stat(`CONSUMPTION_CHARGE_EV_DEVICE_OFF_PEAK_${suffix}`, evOff, evOff * 7),
  stat(`CONSUMPTION_CHARGE_EV_DEVICE_PEAK_${suffix}`, evPeak, evPeak * 30),
]

describe('a label of a bill', () => {
  it.each([
    ['CONSUMPTION_CHARGE_ECO7_DAY_H', 'day'],
    ['CONSUMPTION_CHARGE_ECO7_NIGHT_B', 'night'],
    ['CONSUMPTION_CHARGE_EV_DEVICE_OFF_PEAK_P', 'ev_off_peak'],
    ['CONSUMPTION_CHARGE_EV_DEVICE_PEAK_ANYTHING', 'ev_peak'],
    ['ECO7_NIGHT', 'night'],
    ['HOME LOW RATE', 'night'],
    ['HOME STANDARD RATE', 'day'],
    ['EV LOW RATE', 'ev_off_peak'],
    ['Ev standard rate', 'ev_peak'],
    ['OFF_PEAK', 'off_peak'],
    ['STANDARD_RATE', 'standard'],
    ['CONSUMPTION_CHARGE_STANDARD_C', 'standard'],
    ['CONSUMPTION', 'standard'],
    ['CONSUMPTION_CHARGE', 'standard'],
    ['CONSUMPTION_CHARGE_OFF_PEAK_WEEKENDS_C', null],
    ['CONSUMPTION_CHARGE_EV_DEVICE_H', null],
    ['STANDING_CHARGE_STANDARD_H', null],
    ['PEAK', null],
    ['BATTERY CREDIT', null],
    ['', null],
  ])('%s is %s', (label, band) => expect(bandOfLabel(label)).toBe(band))
})

describe('a billed half hour', () => {
  it.each(['H', 'B', 'ANOTHER'])('has the buckets that were used, in pence, whatever the suffix: %s', suffix => {
    expect(partsOf('5.276', standing, ...buckets(suffix, 0, 1.98, 3.296, 0))).toEqual([
      { band: 'night', kwh: 1.98, pence: 1.98 * 7 },
      { band: 'ev_off_peak', kwh: 3.296, pence: 3.296 * 7 },
    ])
  })

  it('keeps a part that cost nothing, one that is paid for, and the zeros where there is nothing else', () => {
    expect(partsOf(1, stat('HOME LOW RATE', 1, '0.0'), stat('EV LOW RATE', 0, 0))).toEqual([
      { band: 'night', kwh: 1, pence: 0 },
    ])
    expect(partsOf(1, stat('STANDARD_RATE', '1', '-4.2'))).toEqual([{ band: 'standard', kwh: 1, pence: -4.2 }])
    expect(partsOf('0.000', ...buckets('H', 0, 0, 0, 0))?.map(({ kwh }) => kwh)).toEqual([0, 0, 0, 0])
    expect(partsOf(1, stat('OFF_PEAK', 1, null))).toEqual([{ band: 'off_peak', kwh: 1, pence: null }])
  })

  it('is counted once, where Octopus gives its total beside its parts or by two kinds of statistics', () => {
    const parts = [
      stat('HOME LOW RATE', '2.99', '16.43', 'TOU_BUCKET_COST'),
      stat('EV LOW RATE', '3.26', '17.93', 'TOU_BUCKET_COST'),
    ]
    const expected = [
      { band: 'night', kwh: 2.99, pence: 16.43 },
      { band: 'ev_off_peak', kwh: 3.26, pence: 17.93 },
    ]
    expect(partsOf('6.25', ...parts, stat(null, '6.25', '34.36', 'TOU_BUCKET_COST'))).toEqual(expected)
    expect(partsOf('6.25', stat('', '6.25', '34.36'), ...parts)).toEqual(expected)
    const whole = stat('STANDARD_RATE', '5.276', '36.9', 'TOU_BUCKET_COST')
    expect(partsOf('5.276', whole, ...buckets('H', 0, 1.98, 3.296, 0))?.map(({ band }) => band)).toEqual([
      'night',
      'ev_off_peak',
    ])
  })

  it('has the whole of its kWh in the only part that was paid for, where the parts do not say', () => {
    const unsaid = (label: string, amount: number) => stat(label, null, amount)
    expect(partsOf('1.5', unsaid('ECO7_DAY', 0), unsaid('ECO7_NIGHT', 10.5))).toEqual([
      { band: 'night', kwh: 1.5, pence: 10.5 },
    ])
    expect(partsOf('1.5', unsaid('ECO7_DAY', 15), unsaid('ECO7_NIGHT', 10.5))).toBeUndefined()
    expect(partsOf('1.5', stat(null, null, '45'))).toEqual([{ band: 'standard', kwh: 1.5, pence: 45 }])
  })

  it('has a part of no band where the label is unknown, and the label is told', () => {
    const { rows, unknownLabels } = parseMeasurements(
      measured([
        halfHour(NOON, 2, [stat('BATTERY CREDIT', 1, 8), stat('HOME LOW RATE', 1, 7)]),
        halfHour(NOON + HALF_HOUR, 1, [stat('BATTERY CREDIT', 1, 8)]),
      ]),
    )
    expect(rows.map(({ parts }) => parts.map(({ band }) => band))).toEqual([[null, 'night'], [null]])
    expect(unknownLabels).toEqual(['BATTERY CREDIT'])
  })

  it.each([
    ['is not billed yet', halfHour(NOON, 1, [])],
    ['has a standing charge alone', halfHour(NOON, 1, [standing])],
    ['has no metadata', halfHour(NOON, 1, null, { metaData: null })],
    ['is an hour', halfHour(NOON, 1, [stat('OFF_PEAK', 1, 1)], { endAt: toIso(NOON + HOUR) })],
    ['is off the grid', halfHour(NOON + 60_000, 1, [stat('OFF_PEAK', 1, 1)])],
    ['counts m³', halfHour(NOON, 1, [stat('OFF_PEAK', 1, 1)], { unit: 'm3' })],
    ['has a negative part', halfHour(NOON, 1, [stat('OFF_PEAK', -1, 1)])],
    ['has no value', halfHour(NOON, null, [stat('OFF_PEAK', 1, 1)])],
    ['is a point in time', halfHour(NOON, 1, [stat('OFF_PEAK', 1, 1)], { startAt: undefined, endAt: undefined })],
    ['is nothing', null],
  ])('that %s is left out', (_, edge) => {
    expect(parseMeasurements(measured([edge])).rows).toEqual([])
  })
})

describe('measurements', () => {
  const POINT = { account: ACCOUNT, point: '1200000000017', direction: 'import' } as const
  const billed = (start: Instant) => halfHour(start, '1', [stat('HOME LOW RATE', '1', '7')])

  it('come page by page, the oldest first, of the property that has them', async () => {
    const nothing = { measurements: { edges: [], pageInfo: { hasNextPage: true, endCursor: 'other' } } }
    const { client, server, operations, store, clock } = await setUp(({ body }) => {
      const { account } =
        body?.variables.after === 'c1'
          ? measured([billed(NOON - HALF_HOUR), billed(NOON + HOUR)])
          : measured([billed(NOON)], { hasNextPage: true, endCursor: 'c1' })
      return { body: { data: { account: { properties: [nothing, { measurements: null }, ...account.properties] } } } }
    })
    const { halfHours, unknownLabels } = await client.measurements(POINT, NOON - HOUR, NOON + HOUR)
    expect(halfHours.map(({ start }) => start)).toEqual([NOON - HALF_HOUR, NOON])
    expect(unknownLabels).toEqual([])
    expect(operations()).toEqual(['Token', 'Measurements', 'Measurements'])
    expect(server.requests.slice(1).map(({ body }) => body?.variables)).toEqual(
      [{}, { after: 'c1' }].map(more => ({
        account: ACCOUNT,
        point: '1200000000017',
        direction: 'CONSUMPTION',
        from: '2026-11-23T11:00:00Z',
        to: '2026-11-23T13:00:00Z',
        ...more,
      })),
    )
    expect(store.ledger.effectiveStarts('background', clock.now())).toHaveLength(2)
  })

  it('of an export meter are those of generation', async () => {
    const { client, server } = await setUp(() => ({
      body: {
        data: measured([halfHour(NOON, 2, [stat('STANDARD_RATE', 2, 30, 'GENERATION_VALUE')])]),
      },
    }))
    const { halfHours } = await client.measurements({ ...POINT, direction: 'export' }, NOON, NOON + HOUR)
    expect(halfHours).toEqual([{ start: NOON, parts: [{ band: 'standard', kwh: 2, pence: 30 }] }])
    expect(server.requests[1]?.body?.variables.direction).toBe('GENERATION')
  })

  it.each([
    ['has no account', { account: null, viewer: {} }],
    ['has no properties', { account: { properties: null } }],
    ['has no edges', { account: { properties: [{ measurements: {} }] } }],
  ])('of an answer that %s are an error', async (_, data) => {
    const { client } = await setUp(() => ({ body: { data } }))
    await expect(client.measurements(POINT, NOON, NOON + HOUR)).rejects.toMatchObject({ code: 'OCTOPUS_BAD_ANSWER' })
  })
})
