/** What fuzzing found in answers (test/hostile): each of these once crashed something, hung it, or was published. */
import { describe, expect, it } from '@jest/globals'
import { HOUR, SECOND } from '../../src/clock.ts'
import { createOctopus } from '../../src/octopus/client.ts'
import { readErrors } from '../../src/octopus/errors.ts'
import { asInstant, asName } from '../../src/octopus/json.ts'
import { parseAccount, parseViewer } from '../../src/octopus/parse-account.ts'
import { parseDevices } from '../../src/octopus/parse-devices.ts'
import { parsePoll } from '../../src/octopus/parse-poll.ts'
import { nextReady } from '../../src/octopus/preferences.ts'
import { parseToken } from '../../src/octopus/session.ts'
import { openStore } from '../../src/store/open.ts'
import { ManualClock } from './support/manual-clock.ts'
import { ACCOUNT, API_KEY, aCar, aToken, CAR, pollData, tokenAnswer } from './support/samples.ts'

const NOW = Date.parse('2026-09-19T21:00:00Z')
const parse = (data: object) =>
  parsePoll(data as never, { deviceIds: [CAR], askedAt: NOW, fetchedAt: NOW, errorCodes: [] })
const row = (start: string, end: string) => ({ start, end, type: 'SMART', energyAddedKwh: -1 })

describe('a row of a plan', () => {
  it.each([
    ['lasts for thousands of years', row('2026-09-19T22:00:00Z', '9999-12-31T23:59:59Z')],
    ['lasts for a week', row('2026-09-19T22:00:00Z', '2026-09-26T22:00:00Z')],
    ['lies in the year 0', row('0000-01-01T00:00:00Z', '0000-01-01T01:00:00Z')],
    ['lies beyond the year 9999', row('9999-12-31T23:59:00-14:00', '9999-12-31T23:59:59-14:00')],
    ['is years away', row('2031-09-19T22:00:00Z', '2031-09-19T23:00:00Z')],
  ])('that %s is left out and counted', (_, one) => {
    const { answer, dropped } = parse({ ...pollData(), p0: [one] })
    expect([answer.cars?.[0]?.planned, dropped]).toEqual([[], 1])
  })

  it('is one of two hundred at most', () => {
    const one = row('2026-09-19T22:00:00Z', '2026-09-19T23:00:00Z')
    const { answer, dropped } = parse({ ...pollData(), p0: Array.from({ length: 100_000 }, () => one) })
    expect([answer.cars?.[0]?.planned?.length, dropped]).toEqual([200, 99_800])
  })

  it('has no energy that would make a sum infinite', () => {
    const one = { ...row('2026-09-19T22:00:00Z', '2026-09-19T23:00:00Z'), energyAddedKwh: 1e308 }
    expect(parse({ ...pollData(), p0: [one] }).answer.cars?.[0]?.planned?.[0]?.energyKwh).toBeNull()
  })
})

describe('a device', () => {
  it('that is listed twice is one car', () => {
    expect(parse({ ...pollData(), devices: [aCar(), aCar()] }).answer.cars).toHaveLength(1)
    expect(parseDevices({ devices: [aCar(), aCar()] })).toHaveLength(1)
  })

  it('is one of ten at most', () => {
    const devices = Array.from({ length: 5_000 }, (_, number) => aCar({ id: `car ${number}` }))
    expect(parse({ ...pollData(), devices }).answer.cars).toHaveLength(10)
  })

  it('whose id is an object that cannot be text is left out', () => {
    expect(parse({ ...pollData(), devices: [aCar({ id: { toString: 1 } })] }).answer.cars).toEqual([])
  })

  it.each(['\0', 'x'.repeat(70_000), '\ud800', '🚗', ''])('whose id is %j is left out', id => {
    expect(parseDevices({ devices: [aCar({ id })] })).toEqual([])
  })
})

describe('a name', () => {
  it.each([
    ['Tess\n\0\u2028', 'Tess'],
    ['a\ud800b', 'a b'],
    ['👨‍👩‍👧', '👨‍👩‍👧'],
    ['x'.repeat(8_000_000), 'x'.repeat(100)],
    [`my ${aToken()} car`, 'my *** car'],
    ['\u0007', null],
  ])('%# is short and fit to be shown', (text, shown) => expect(asName(text)).toBe(shown))
})

describe('an account', () => {
  it.each(['A-1/#', '+', 'a/b', 'A\0', '🚗', 'x'.repeat(70_000)])('%j is no level of a topic, so no number', number => {
    expect(parseViewer({ viewer: { accounts: [{ number }] } })).toEqual([])
    expect(parseAccount({ account: { number, electricityAgreements: [] } }, ACCOUNT, NOW).number).toBe(ACCOUNT)
  })

  it('has each meter once, and not thousands', () => {
    const meters = Array.from({ length: 3_000 }, (_, number) => ({ serialNumber: `S${number % 1_500}` }))
    const account = { number: ACCOUNT, electricityAgreements: [{ meterPoint: { mpan: '1', meters } }] }
    expect(parseAccount({ account }, ACCOUNT, NOW).meterPoints[0]?.serials).toEqual(['S0', 'S1', 'S2', 'S3', 'S4'])
  })
})

describe('the rest', () => {
  it('a path of an error may hold anything', () => {
    const [error] = readErrors([{ message: 'x', path: ['p0', 3, { toString: 1 }, null] }])
    expect(error?.path).toBe('p0.3.?.?')
    expect(readErrors(Array.from({ length: 100_000 }, () => ({})))).toHaveLength(50)
  })

  it.each(['ey\nx', 'ключ', 'a b', 'x'.repeat(9_000)])('a token that no header can carry is none: %#', token => {
    expect(() => parseToken({ obtainKrakenToken: { token } })).toThrow(
      expect.objectContaining({ code: 'OCTOPUS_BAD_ANSWER' }),
    )
  })

  it('a token lives a day at most, whatever it says', () => {
    expect(parseToken(tokenAnswer(aToken(1e300)).data).lifetime).toBe(24 * HOUR)
  })

  it('times are of this century', () => {
    expect(['1999-12-31T23:59:59Z', '2100-01-01T00:00:00Z', '0000-01-01T00:00:00Z'].map(asInstant)).toEqual([
      null,
      null,
      null,
    ])
  })

  it('a hundred thousand schedules are read in no time', () => {
    const one = { dayOfWeek: 'SUNDAY', time: '07:30:00', max: 80 }
    const began = performance.now()
    expect(nextReady({ schedules: Array.from({ length: 100_000 }, () => one) }, NOW).readyBy).toBe('07:30')
    expect(performance.now() - began).toBeLessThan(500)
  })
})

describe('an Octopus that repeats the API key', () => {
  const forms = [API_KEY, encodeURIComponent(API_KEY), Buffer.from(`${API_KEY}:`).toString('base64')]

  it.each(forms)('does not get it into an answer: %#', async form => {
    const clock = new ManualClock(NOW)
    const store = openStore({ path: ':memory:', clock })
    const octopus = createOctopus({
      config: { apiKey: API_KEY, graphqlUrl: 'http://octopus.test/', restUrl: 'http://octopus.test/', timeout: SECOND },
      clock,
      ledger: store.ledger,
      limits: { dispatchPerHour: 20, dispatchMinGap: 60_000, reserveForEvents: 4, requestsPerHour: 60 },
      userAgent: 'test',
      fetch: async (_, init) =>
        Response.json(
          String(init?.body).includes('Token') ? tokenAnswer(aToken()) : { data: { devices: [aCar({ name: form })] } },
        ),
    })
    expect((await octopus.devices(ACCOUNT))[0]?.name).toBe('***')
    octopus.stop()
    store.close()
  })
})
