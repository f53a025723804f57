import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { DateTime } from 'luxon'
import { isBridgeError } from '../../src/errors.ts'
import { asInstant, asNumber } from '../../src/octopus/json.ts'
import { activeAgreement, parseAccount, parseViewer } from '../../src/octopus/parse-account.ts'
import { isLiveCar, parseDevices } from '../../src/octopus/parse-devices.ts'
import { parsePoll } from '../../src/octopus/parse-poll.ts'
import { nextReady } from '../../src/octopus/preferences.ts'
import { parseToken } from '../../src/octopus/session.ts'
import { aCar, aMeterDevice, CAR, pollData } from './support/samples.ts'

const NOW = Date.parse('2026-09-19T20:12:00Z')
const context = { deviceIds: [CAR], askedAt: NOW - 300, fetchedAt: NOW, errorCodes: [] }
const at = (text: string): number => Date.parse(text)

describe('an answer to a poll', () => {
  it('becomes cars, plans and what was completed', () => {
    const { answer, dropped } = parsePoll(pollData(), context)
    expect(dropped).toBe(0)
    expect(answer).toEqual({
      askedAt: NOW - 300,
      fetchedAt: NOW,
      errorCodes: [],
      completed: [
        {
          start: at('2026-09-19T12:00Z'),
          end: at('2026-09-19T12:30Z'),
          energyKwh: -1.37,
          source: null,
          location: 'AT_HOME',
        },
      ],
      cars: [
        {
          deviceId: CAR,
          facts: {
            deviceId: CAR,
            typename: 'SmartFlexVehicle',
            name: 'Tess',
            make: 'Tesla',
            model: 'Model 3',
            provider: 'TESLA_V2',
            lifeCycle: 'LIVE',
            batteryKwh: 75,
            chargerKw: 7.4,
          },
          currentState: 'SMART_CONTROL_IN_PROGRESS',
          isSuspended: false,
          planned: [
            { start: at('2026-09-19T23:30Z'), end: at('2026-09-20T00:00Z'), type: 'SMART', energyKwh: -2.611 },
            { start: at('2026-09-20T04:54Z'), end: at('2026-09-20T06:30Z'), type: 'BOOST', energyKwh: -6.521 },
          ],
          stateOfCharge: { value: 62, at: at('2026-09-19T20:11:03.123Z') },
          readyBy: '07:30',
          chargeTarget: 80,
        },
      ],
    })
  })

  it('keeps live cars and charge points only', () => {
    const charger = aCar({ __typename: 'SmartFlexChargePoint', id: 'charger' })
    const retired = aCar({ id: 'old', status: { current: 'RETIRED', currentState: 'RETIRED', isSuspended: false } })
    const battery = aCar({ __typename: 'SmartFlexBattery', id: 'battery' })
    const data = { ...pollData(), devices: [retired, charger, battery, aMeterDevice, aCar()] }
    expect(parsePoll(data, context).answer.cars?.map(car => car.deviceId)).toEqual(['charger', CAR])
    expect(parsePoll(data, context).answer.cars?.[0]?.planned).toBeNull()
  })

  it('tells no plan from an unknown one', () => {
    const planOf = (p0: unknown) => parsePoll({ ...pollData(), p0 }, context).answer.cars?.[0]?.planned
    expect(planOf([])).toEqual([])
    expect(planOf(null)).toBeNull()
  })

  it('keeps a plan that came where the list of devices failed, and says nothing else of that car', () => {
    const { answer } = parsePoll({ ...pollData(), devices: null }, { ...context, errorCodes: ['KT-CT-4301'] })
    expect(answer.cars).toMatchObject([{ deviceId: CAR, facts: null, currentState: null, isSuspended: null }])
    expect(answer.cars?.[0]?.planned).toHaveLength(2)
    expect(answer.errorCodes).toEqual(['KT-CT-4301'])
    expect(parsePoll({ completedDispatches: [] }, context).answer.cars).toBeNull()
  })

  it('reads the minimal document, which knows neither type nor life cycle, for the cars that were asked about', () => {
    const status = { currentState: 'SMART_CONTROL_CAPABLE', isSuspended: true }
    const data = {
      devices: [
        { id: CAR, status },
        { id: 'meter', status },
      ],
      p0: [],
    }
    expect(parsePoll(data, context).answer).toMatchObject({
      cars: [{ deviceId: CAR, facts: null, currentState: 'SMART_CONTROL_CAPABLE', isSuspended: true, planned: [] }],
      completed: null,
    })
  })

  it('leaves out and counts rows without usable times, and takes every form of type and number', () => {
    const row = (changes: object) => ({ start: '2026-09-19T23:30:00Z', end: '2026-09-20T00:00:00Z', ...changes })
    const p0 = [
      row({ type: 'smart-charge', energyAddedKwh: 'a lot' }),
      row({ type: null, energyAddedKwh: null }),
      row({ type: 'TEST', energyAddedKwh: '0.0' }),
      row({ type: 'something_new', energyAddedKwh: '1e1' }),
      row({ start: 'soon' }),
      row({ end: '2026-09-19T23:30:00Z' }),
      null,
    ]
    const { answer, dropped } = parsePoll({ ...pollData(), p0 }, context)
    expect(dropped).toBe(3)
    expect(answer.cars?.[0]?.planned?.map(({ type, energyKwh }) => [type, energyKwh])).toEqual([
      ['SMART', null],
      [null, null],
      ['TEST', 0],
      ['SOMETHING_NEW', 10],
    ])
  })

  it('never throws anything but OCTOPUS_BAD_ANSWER, whatever comes', () => {
    const known = fc.constantFrom(...Object.values(pollData()), aCar(), null, 'SMART', '2026-09-19T23:30:00Z', '-1.5')
    const any = fc.oneof({ weight: 3, arbitrary: fc.jsonValue({ maxDepth: 4 }) }, { weight: 1, arbitrary: known })
    const device = fc.record(
      {
        __typename: fc.constantFrom('SmartFlexVehicle', 'SmartFlexChargePoint', 'SmartFlexBattery'),
        id: fc.oneof(fc.constant(CAR), any),
        status: fc.oneof(any, fc.record({ current: any, currentState: any, stateOfCharge: any })),
        preferences: fc.oneof(
          any,
          fc.record({ schedules: fc.array(fc.record({ dayOfWeek: any, time: any, max: any })) }),
        ),
      },
      { requiredKeys: [] },
    )
    const row = fc.record({ start: any, end: any, type: any, energyAddedKwh: any, meta: any }, { requiredKeys: [] })
    const data = fc.record(
      {
        devices: fc.oneof(any, fc.array(fc.oneof(device, any))),
        p0: fc.oneof(any, fc.array(fc.oneof(row, any))),
        completedDispatches: fc.oneof(any, fc.array(fc.oneof(row, any))),
        viewer: any,
        account: fc.oneof(any, fc.record({ electricityAgreements: fc.array(fc.record({ meterPoint: any })) })),
        obtainKrakenToken: fc.oneof(any, fc.record({ token: any, payload: any })),
      },
      { requiredKeys: [] },
    )
    let parsed = 0
    fc.assert(
      fc.property(data, answer => {
        const parsers = [
          () => parsePoll(answer, context),
          () => parseViewer(answer),
          () => parseDevices(answer),
          () => parseAccount(answer, 'A-1', NOW),
          () => parseToken(answer),
        ]
        for (const parse of parsers)
          try {
            parse()
            parsed += 1
          } catch (error) {
            if (!isBridgeError(error, 'OCTOPUS_BAD_ANSWER') && !isBridgeError(error, 'ACCOUNT_NOT_FOUND')) throw error
          }
      }),
      { numRuns: 500 },
    )
    expect(parsed).toBeGreaterThan(0)
  })
})

describe('the time to be ready by', () => {
  const week = (time: string) =>
    ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'].map((dayOfWeek, day) => ({
      dayOfWeek,
      time,
      max: 70 + day,
    }))

  it.each([
    ['before it, the same day', '2026-11-23T06:59:00Z', '07:00', 70],
    ['at it, the next day', '2026-11-23T07:00:00Z', '07:00', 71],
    ['late on Sunday in summer, where London has Monday already', '2026-07-19T23:30:00Z', '07:00', 70],
  ])('is the next one by the day in London: %s', (_, now, readyBy, chargeTarget) => {
    expect(nextReady({ unit: 'PERCENTAGE', schedules: week('07:00:00') }, at(now))).toEqual({ readyBy, chargeTarget })
  })

  it('comes a week later where only today has one and it has passed', () => {
    const schedules = [{ dayOfWeek: 'MONDAY', time: '07:00', max: '85' }]
    expect(nextReady({ schedules }, at('2026-11-23T08:00:00Z'))).toEqual({ readyBy: '07:00', chargeTarget: 85 })
  })

  it('is not known without a schedule', () => {
    for (const preferences of [null, {}, { schedules: [] }, { schedules: [{ dayOfWeek: 'MONDAY', time: '7 am' }] }])
      expect(nextReady(preferences, NOW)).toEqual({ readyBy: null, chargeTarget: null })
  })
})

describe('an account', () => {
  const agreement = (productCode: string, validFrom: string, validTo: string | null, isExport = false) => ({
    validFrom,
    validTo,
    tariff: { productCode, tariffCode: `E-1R-${productCode}-C`, isExport },
  })
  const point = (mpan: string, agreements: object[], changes: object = {}) => ({
    meterPoint: { mpan, direction: 'IMPORT', meters: [{ serialNumber: `S${mpan}` }], agreements, ...changes },
  })
  const importAgreements = [
    agreement('INTELLI-VAR-24-10-29', '2026-08-01T00:00:00+01:00', null),
    agreement('VAR-22-11-01', '2024-01-01T00:00:00Z', '2026-09-30T23:00:00Z'),
  ]

  it('has meter points, directions, and the product in force', () => {
    const exporting = point('2000', [agreement('OUTGOING-FIX', '2025-01-01T00:00:00Z', null)], { direction: null })
    const imported = point('1000', importAgreements)
    const facts = parseAccount(
      { account: { number: 'A-1', electricityAgreements: [exporting, imported, imported] } },
      'A-1',
      NOW,
    )
    expect(facts.productCode).toBe('INTELLI-VAR-24-10-29')
    expect(facts.meterPoints.map(({ mpan, direction, serials }) => [mpan, direction, serials])).toEqual([
      ['2000', 'export', ['S2000']],
      ['1000', 'import', ['S1000']],
    ])
    const [, home] = facts.meterPoints
    if (home === undefined) throw new Error('No import meter point')
    expect(home.agreements[0]?.validTo).toBe(at('2026-09-30T23:00:00Z'))
    expect(activeAgreement(home, at('2026-07-01T00:00:00Z'))?.productCode).toBe('VAR-22-11-01')
    expect(activeAgreement(home, at('2020-07-01T00:00:00Z'))).toBeNull()
  })

  it('tells the direction by the kind of meter where Octopus does not', () => {
    const meters = (kind: string) => ({ direction: null, meters: [{ serialNumber: 'S', [kind]: { deviceId: 'x' } }] })
    const parse = (changes: object) =>
      parseAccount({ account: { electricityAgreements: [point('1', [], changes)] } }, 'A-1', NOW).meterPoints[0]
        ?.direction
    expect(parse(meters('smartExportElectricityMeter'))).toBe('export')
    expect(parse(meters('smartImportElectricityMeter'))).toBe('import')
    expect(parse({ direction: null })).toBe('import')
  })

  it('takes the Intelligent product of two, and none of a closed account', () => {
    const garage = point('3000', [agreement('VAR-22-11-01', '2024-01-01T00:00:00Z', null)])
    const two = { account: { number: 'A-1', electricityAgreements: [garage, point('1000', importAgreements)] } }
    expect(parseAccount(two, 'A-1', NOW).productCode).toBe('INTELLI-VAR-24-10-29')
    const closed = { account: { number: 'A-1', electricityAgreements: [] } }
    expect(parseAccount(closed, 'A-1', NOW)).toEqual({
      number: 'A-1',
      meterPoints: [],
      gasMeterPoints: null,
      productCode: null,
    })
  })

  it('tells what its meters are', () => {
    const device = { deviceId: '00', manufacturer: 'Landis+Gyr', model: 'E470' }
    const meters = [
      { serialNumber: 'S1', meterType: 'S2ADE', smartImportElectricityMeter: device },
      { serialNumber: 'S2', meterType: 'H' },
      { serialNumber: 'S3', meterType: 'A_2AF' },
      { serialNumber: 'S4' },
      { serialNumber: 'S4', meterType: 'S1' },
    ]
    const data = { account: { electricityAgreements: [point('1', importAgreements, { meters })] } }
    const [home] = parseAccount(data, 'A-1', NOW).meterPoints
    const unknown = { manufacturer: null, model: null, unit: 'kWh' }
    expect(home?.meters).toEqual([
      { serial: 'S1', type: 'S2ADE', isSmart: true, manufacturer: 'Landis+Gyr', model: 'E470', unit: 'kWh' },
      { serial: 'S2', type: 'H', isSmart: false, ...unknown },
      { serial: 'S3', type: 'A_2AF', isSmart: true, ...unknown },
      { serial: 'S4', type: null, isSmart: null, ...unknown },
    ])
    expect(home?.serials).toEqual(['S1', 'S2', 'S3', 'S4'])
  })

  it('has gas, in kWh or m³ as the meter counts', () => {
    const gasMeter = (serialNumber: string, consumptionUnits: unknown, mechanism: unknown) => ({
      ...{ serialNumber, consumptionUnits, mechanism },
      smartGasMeter: null,
    })
    const gas = {
      mprn: '7700000001',
      meters: [
        gasMeter('G1', 'm³', 'S2'),
        gasMeter('G2', 'kWh', 'S1'),
        gasMeter('G3', null, 'CR'),
        gasMeter('G4', 'cu ft', null),
      ],
      agreements: [
        {
          validFrom: '2025-10-01T00:00:00+01:00',
          validTo: null,
          tariff: { __typename: 'GasTariffType', productCode: 'VAR-22-11-01', tariffCode: 'G-1R-VAR-22-11-01-C' },
        },
      ],
    }
    const listed = [{ meterPoint: gas }, { meterPoint: gas }, { meterPoint: null }, null]
    const account = { electricityAgreements: [point('1000', importAgreements)], gasAgreements: listed }
    const { gasMeterPoints, productCode } = parseAccount({ account }, 'A-1', NOW)
    expect(productCode).toBe('INTELLI-VAR-24-10-29')
    expect(gasMeterPoints?.map(({ mprn }) => mprn)).toEqual(['7700000001'])
    expect(gasMeterPoints?.[0]?.meters.map(({ serial, unit, isSmart }) => [serial, unit, isSmart])).toEqual([
      ['G1', 'm3', true],
      ['G2', 'kWh', true],
      ['G3', null, false],
      ['G4', null, null],
    ])
    expect(gasMeterPoints?.[0]?.agreements).toEqual([
      {
        productCode: 'VAR-22-11-01',
        tariffCode: 'G-1R-VAR-22-11-01-C',
        tariffType: 'GasTariffType',
        validFrom: at('2025-09-30T23:00:00Z'),
        validTo: null,
      },
    ])
    expect(parseAccount({ account: { ...account, gasAgreements: [] } }, 'A-1', NOW).gasMeterPoints).toEqual([])
  })

  it('is found by the key, or not at all', () => {
    expect(parseViewer({ viewer: { accounts: [{ number: 'A-1' }, {}, null, { number: 'A-2' }] } })).toEqual([
      'A-1',
      'A-2',
    ])
    expect(() => parseAccount({ account: null }, 'A-1', NOW)).toThrow(
      expect.objectContaining({ code: 'ACCOUNT_NOT_FOUND' }),
    )
  })

  it('is not without electricity because nothing is said of it', () => {
    expect(() => parseAccount({ account: { electricityAgreements: null } }, 'A-1', NOW)).toThrow(
      expect.objectContaining({ code: 'OCTOPUS_BAD_ANSWER' }),
    )
  })
})

describe('values of JSON', () => {
  it('are numbers in either form, or nothing', () => {
    expect(['1', ' -2.5 ', 3, '1e2', '', 'x', '0x10', 'Infinity', null, true, {}].map(asNumber)).toEqual([
      1,
      -2.5,
      3,
      100,
      null,
      null,
      null,
      null,
      null,
      null,
      null,
    ])
  })

  it('are instants with any offset, or nothing', () => {
    const same = [
      '2026-09-19T20:11:03Z',
      '2026-09-19T21:11:03+01:00',
      '2026-09-19 20:11:03.000999+00:00',
      '2026-09-19T20:11:03',
    ]
    for (const text of same) expect(asInstant(text)).toBe(at('2026-09-19T20:11:03Z'))
    for (const text of ['07:30', '2026-09-19', '2026-13-01T00:00:00Z', '', 5, null]) expect(asInstant(text)).toBeNull()
  })

  it('are read as luxon reads them, whatever day, time and offset they name', () => {
    const two = (most: number) => fc.integer({ min: 0, max: most }).map(number => String(number).padStart(2, '0'))
    const text = fc
      .tuple(
        // A year from both ends of what is taken: an offset leads out of it.
        fc.integer({ min: 2001, max: 2098 }),
        two(13),
        two(32),
        fc.constantFrom('T', ' '),
        two(25),
        two(61),
        two(61),
        fc.constantFrom('', '.5', '.123456', 'Z', '+00:00', '-05:30', '+14:00', '.25+01:00', '+24:00'),
      )
      .map(([year, month, day, t, h, m, s, rest]) => `${year}-${month}-${day}${t}${h}:${m}:${s}${rest}`)
    fc.assert(
      fc.property(text, one => {
        const time = DateTime.fromISO(one.replace(' ', 'T'), { zone: 'utc' })
        const known = one.length >= 19 && /^\d{4}/.test(one) && time.isValid
        expect(asInstant(one)).toBe(known ? time.toMillis() : null)
      }),
      { numRuns: 3_000 },
    )
  })

  it('tell a live car from the rest', () => {
    const devices = parseDevices({ devices: [aCar(), aMeterDevice, null, { id: 'x' }] })
    expect(devices.map(isLiveCar)).toEqual([true, false])
  })
})
