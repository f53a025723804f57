import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { HOUR, MINUTE, SECOND } from '../../src/clock.ts'
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/index.ts'
import { clientOf, MINT, POLL } from './client.ts'
import { type VirtualClock, virtualClock } from './virtual-clock.ts'

const START = Date.parse('2026-07-20T17:50:00+01:00')

let clock: VirtualClock
let simulator: Simulator
let client: ReturnType<typeof clientOf>

async function start(options: Partial<SimulatorOptions> = {}) {
  clock = virtualClock(START)
  simulator = await startSimulator({ clock, scenario: 'demo', ...options })
  client = clientOf(simulator)
}
beforeEach(() => start())
afterEach(async () => {
  await simulator.stop()
  expect(clock.pending()).toBe(0)
})

const codes = (json: { errors?: { extensions?: { errorCode?: string } }[] }) =>
  (json.errors ?? []).map(error => error.extensions?.errorCode)

describe('tokens', () => {
  it('have the form of a JWT with real claims, and live an hour', async () => {
    const { json } = await client.mint()
    const { token, payload, refreshExpiresIn } = json.data.obtainKrakenToken
    const claims = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString())
    expect(token.split('.')).toHaveLength(3)
    expect(claims).toEqual(payload)
    expect(claims.exp - claims.iat).toBe(3600)
    expect(claims.iat).toBe(START / 1000)
    expect(refreshExpiresIn).toBe(START / 1000 + 7 * 24 * 3600)
    expect((await client.poll(token)).json.errors).toBeUndefined()
    expect((await client.poll(`JWT ${token}`)).json.errors).toBeUndefined()
    clock.advance(HOUR)
    const expired = await client.poll(token)
    expect(expired.status).toBe(200)
    expect(new Set(codes(expired.json))).toEqual(new Set(['KT-CT-1124']))
    expect(expired.json.errors[0]).toMatchObject({
      message: 'Signature of the JWT has expired.',
      extensions: { errorType: 'APPLICATION' },
    })
  })

  it('are renewed by a refresh token for seven days', async () => {
    const first = (await client.mint()).json.data.obtainKrakenToken
    const renew = () => client.graphql(MINT, { input: { refreshToken: first.refreshToken } })
    clock.advance(6 * 24 * HOUR)
    const second = (await renew()).json.data.obtainKrakenToken
    expect(second).toMatchObject({ refreshToken: first.refreshToken, refreshExpiresIn: first.refreshExpiresIn })
    expect((await client.poll(second.token)).json.errors).toBeUndefined()
    clock.advance(2 * 24 * HOUR)
    expect(codes((await renew()).json)).toEqual(['KT-CT-1134'])
    expect(codes((await client.graphql(MINT, { input: { refreshToken: 'made up' } })).json)).toEqual(['KT-CT-1135'])
  })

  it('are refused for a wrong key in the exact form, and throttled after several', async () => {
    const wrong = await client.mint('sk_live_wrong')
    expect(wrong.status).toBe(200)
    expect(wrong.json).toEqual({
      errors: [
        {
          message: 'Invalid data.',
          locations: expect.any(Array),
          path: ['obtainKrakenToken'],
          extensions: {
            errorType: 'VALIDATION',
            errorCode: 'KT-CT-1139',
            errorDescription: 'Authentication failed.',
            errorClass: 'VALIDATION',
            validationErrors: [{ message: 'Authentication failed.', inputPath: ['input', 'apiKey'] }],
          },
        },
      ],
      data: { obtainKrakenToken: null },
    })
    for (let i = 0; i < 4; i += 1) await client.mint('sk_live_wrong')
    expect(codes((await client.mint()).json)).toEqual(['KT-CT-1199'])
    clock.advance(11 * MINUTE)
    expect(codes((await client.mint()).json)).toEqual([])
  })

  it.each([
    ['no header', undefined, 'KT-CT-1112'],
    ['garbage', 'garbage', 'KT-CT-1143'],
    ['three parts of garbage', 'a.b.c', 'KT-CT-1143'],
    ['another scheme', 'Bearer x', 'KT-CT-1143'],
  ])('%s is refused after the document was validated', async (_name, header, code) => {
    const refused = await client.graphql('{ viewer { accounts { number } } }', {}, header)
    expect(refused.status).toBe(200)
    expect(codes(refused.json)).toEqual([code])
    expect((await client.graphql('{ viewer { nothing } }', {}, header)).status).toBe(400)
  })

  it('outlive a restart, as at Octopus, but not a changed signature', async () => {
    const token = await client.token()
    await simulator.stop()
    await start()
    expect(codes((await client.graphql('{ viewer { id } }', {}, token)).json)).toEqual([])
    const [head = '', body = ''] = token.split('.')
    const forged = `${head}.${body}.${Buffer.from('another').toString('base64url')}`
    expect(codes((await client.graphql('{ viewer { id } }', {}, forged)).json)).toEqual(['KT-CT-1126'])
  })
})

describe('the poll', () => {
  it('shows the car, its plan and the values as strings in one place and numbers in another', async () => {
    const token = await client.token()
    clock.advance(10 * MINUTE)
    const { json } = await client.poll(token)
    const { devices, flexPlannedDispatches } = json.data
    expect(devices.map((each: { __typename: string }) => each.__typename)).toEqual([
      'SmartFlexVehicle',
      'SmartFlexVehicle',
      'SmartFlexDevice',
    ])
    expect(devices[0].status).toMatchObject({ current: 'LIVE', currentState: 'SMART_CONTROL_IN_PROGRESS' })
    expect(devices[1].status.current).toBe('RETIRED')
    expect(devices[0].preferences.schedules).toHaveLength(7)
    expect(flexPlannedDispatches[0]).toMatchObject({
      start: '2026-07-20T17:05:00+00:00',
      end: '2026-07-20T17:25:00+00:00',
      type: 'SMART',
    })
    expect(Number(flexPlannedDispatches[0].energyAddedKwh)).toBeLessThan(0)
  })

  it.each([
    ['string', ['string']],
    ['number', ['number']],
  ] as const)('writes decimals as %s where asked', async (style, kinds) => {
    await simulator.stop()
    await start({ decimals: style })
    clock.advance(10 * MINUTE)
    const { json } = await client.poll(await client.token())
    const [car] = json.data.devices
    const values = [
      ...json.data.flexPlannedDispatches.map((row: { energyAddedKwh: unknown }) => row.energyAddedKwh),
      car.status.stateOfCharge.value,
      car.vehicleBatterySize,
    ]
    expect(values).toHaveLength(5)
    expect([...new Set(values.map(value => typeof value))]).toEqual(kinds)
  })

  it('mixes them by default', async () => {
    const kinds = new Set<string>()
    for (const seed of [1, 2, 3]) {
      await simulator.stop()
      await start({ seed })
      clock.advance(10 * MINUTE)
      const { json } = await client.poll(await client.token())
      for (const row of json.data.flexPlannedDispatches) kinds.add(typeof row.energyAddedKwh)
    }
    expect(kinds).toEqual(new Set(['string', 'number']))
  })

  it('is not for other accounts or unknown devices', async () => {
    const token = await client.token()
    const other = await client.graphql('query ($a: String!) { devices(accountNumber: $a) { id } }', { a: 'A-1' }, token)
    expect(codes(other.json)).toEqual(['KT-CT-1111'])
    const unknown = await client.poll(token, 'no-such-device')
    expect(unknown.json.data.devices).toHaveLength(3)
    expect(unknown.json.data.flexPlannedDispatches).toBeNull()
  })
})

describe('a bad document', () => {
  it.each([
    ['an unknown field', '{ viewer { secrets } }', {}],
    ['a variable of a wrong type', POLL, { acc: 5, dev: 'x' }],
    ['a missing variable', POLL, { acc: 'A-1' }],
    [
      'a String where an ID is wanted',
      'mutation ($d: String!) { updateDeviceSmartControl(input: {deviceId: $d, action: SUSPEND}) { id } }',
      { d: 'x' },
    ],
    ['a syntax error', '{ viewer {', {}],
  ])('%s is HTTP 400 with bare errors', async (_name, query, variables) => {
    const answer = await client.graphql(query, variables, await client.token())
    expect(answer.status).toBe(400)
    expect(Object.keys(answer.json)).toEqual(['errors'])
    for (const error of answer.json.errors) expect(error).not.toHaveProperty('extensions')
  })

  it('is refused over a complexity of 200 and over a megabyte', async () => {
    const token = await client.token()
    const many = Array.from({ length: 120 }, (_, i) => `a${i}: viewer { accounts { number } }`).join(' ')
    expect(codes((await client.graphql(`{ ${many} }`, {}, token)).json)).toEqual(['KT-CT-1188'])
    const huge = await client.post(simulator.graphqlUrl, JSON.stringify({ query: ' '.repeat(1_100_000) }))
    expect(huge.status).toBe(413)
    expect((await client.post(simulator.graphqlUrl, 'not json')).status).toBe(400)
  })
})

describe('limits', () => {
  it('answers the sixth dispatch query of a minute with KT-CT-1199 beside the other data', async () => {
    const token = await client.token()
    for (let i = 0; i < 5; i += 1) expect(codes((await client.poll(token)).json)).toEqual([])
    const sixth = await client.poll(token)
    expect(sixth.json.errors).toEqual([
      expect.objectContaining({
        message: 'Too many requests.',
        path: ['flexPlannedDispatches'],
        extensions: {
          errorType: 'AUTHORIZATION',
          errorCode: 'KT-CT-1199',
          errorDescription: 'There were too many requests. Please try again later.',
        },
      }),
    ])
    expect(sixth.json.data.devices).toHaveLength(3)
    clock.advance(MINUTE)
    expect(codes((await client.poll(token)).json)).toEqual([])
  })

  it('tells what is left', async () => {
    const token = await client.token()
    await client.poll(token)
    const ask = (first: string) =>
      client.graphql(
        `{ rateLimitInfo { pointsAllowanceRateLimit { limit usedPoints remainingPoints isBlocked } fieldSpecificRateLimits${first} { edges { node { field rate isBlocked } } } } }`,
        {},
        token,
      )
    const { json } = await ask('(first: 50)')
    const { pointsAllowanceRateLimit: points, fieldSpecificRateLimits: fields } = json.data.rateLimitInfo
    expect(points.usedPoints + points.remainingPoints).toBe(50_000)
    expect(points.usedPoints).toBeGreaterThan(0)
    expect(fields.edges.map((edge: { node: unknown }) => edge.node)).toContainEqual({
      field: 'Query.flexPlannedDispatches',
      rate: '5/m',
      isBlocked: false,
    })
    expect(codes((await ask('')).json)).toEqual(['KT-CT-1201'])
  })
})

describe('the audit', () => {
  it('finds nothing where the promise is kept', async () => {
    const token = await client.token()
    for (let i = 0; i < 20; i += 1) {
      await client.poll(token)
      clock.advance(MINUTE)
    }
    expect(simulator.audit.report()).toMatchObject({
      dispatchRequests: 20,
      calls: 21,
      mints: 1,
      mostDispatchRequestsInAnHour: 20,
      leastDispatchGap: MINUTE,
      violations: [],
    })
  })

  it('sees the twenty-first in an hour, a short gap, too many calls and too many tokens', async () => {
    const token = await client.token()
    for (let i = 0; i < 21; i += 1) {
      await client.poll(token)
      clock.advance(MINUTE)
    }
    clock.advance(-50)
    await client.poll(token)
    clock.advance(MINUTE - 60)
    await client.poll(token)
    for (let i = 0; i < 4; i += 1) await client.mint()
    for (let i = 0; i < 34; i += 1) await client.rest('products/')
    const rules = simulator.audit.report().violations.map(violation => violation.rule)
    expect(new Set(rules)).toEqual(new Set(['dispatchRequestsPerHour', 'dispatchGap', 'mintsPerHour', 'callsPerHour']))
    expect(rules.filter(rule => rule === 'dispatchGap')).toHaveLength(1)
    expect(simulator.audit.report().leastDispatchGap).toBe(MINUTE - 60)
  })

  it('counts a dispatch request whatever comes of it', async () => {
    simulator.faults.inject({ kind: 'http_502', times: 1 })
    await client.poll('no token')
    await client.poll('no token')
    await client.graphql('{ flexPlannedDispatches(deviceId: "x") { gone } }')
    await client.graphql('query { ...f } fragment f on Query { completedDispatches(accountNumber: "x") { start } }')
    expect(simulator.audit.report().dispatchRequests).toBe(4)
  })
})

describe('commands', () => {
  const BOOST =
    'mutation ($input: UpdateBoostChargeInput!) { updateBoostCharge(input: $input) { id status { currentState } } }'
  const CONTROL =
    'mutation ($input: SmartControlInput!) { updateDeviceSmartControl(input: $input) { id status { currentState isSuspended } } }'
  const PREFER =
    'mutation ($input: SmartFlexDevicePreferencesInput!) { setDevicePreferences(input: $input) { id preferences { schedules { time max } } } }'

  it('boost the car a moment later, and say why not', async () => {
    const token = await client.token()
    const [car] = simulator.household.cars
    const deviceId = car.spec.deviceId
    const refused = await client.graphql(BOOST, { input: { deviceId, action: 'BOOST' } }, token)
    expect(refused.json.errors[0].extensions).toMatchObject({
      errorCode: 'KT-CT-4357',
      boostChargeRefusalReasons: ['BC_DEVICE_DISCONNECTED'],
    })
    clock.advance(5 * MINUTE)
    const taken = await client.graphql(BOOST, { input: { deviceId, action: 'BOOST' } }, token)
    expect(taken.json).toEqual({
      data: { updateBoostCharge: { id: deviceId, status: { currentState: 'SMART_CONTROL_IN_PROGRESS' } } },
    })
    clock.advance(20 * SECOND)
    expect(car.state).toBe('BOOSTING')
    await client.graphql(BOOST, { input: { deviceId, action: 'CANCEL' } }, token)
    clock.advance(20 * SECOND)
    expect(car.state).toBe('SMART_CONTROL_IN_PROGRESS')
    expect(codes((await client.graphql(BOOST, { input: { deviceId, action: 'CANCEL' } }, token)).json)).toEqual([
      'KT-CT-4354',
    ])
  })

  it('suspend and resume, and set preferences for all seven days', async () => {
    const token = await client.token()
    const [car] = simulator.household.cars
    const deviceId = car.spec.deviceId
    await client.graphql(CONTROL, { input: { deviceId, action: 'SUSPEND' } }, token)
    clock.advance(20 * SECOND)
    expect(car.state).toBe('SMART_CONTROL_OFF')
    await client.graphql(CONTROL, { input: { deviceId, action: 'UNSUSPEND' } }, token)
    clock.advance(20 * SECOND)
    expect(car.state).toBe('SMART_CONTROL_NOT_AVAILABLE')

    const days = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY']
    const schedules = days.map(dayOfWeek => ({ dayOfWeek, time: '06:30', max: 90 }))
    const input = { deviceId, mode: 'CHARGE', unit: 'PERCENTAGE', schedules }
    const set = await client.graphql(PREFER, { input }, token)
    expect(set.json.data.setDevicePreferences.preferences.schedules[3]).toEqual({ time: '06:30:00', max: 90 })
    const few = await client.graphql(PREFER, { input: { ...input, schedules: schedules.slice(1) } }, token)
    expect(codes(few.json)).toEqual(['KT-CT-4321'])
    const odd = await client.graphql(
      PREFER,
      { input: { ...input, schedules: schedules.map(each => ({ ...each, time: 'half past' })) } },
      token,
    )
    expect(odd.status).toBe(400)
  })
})

describe('REST', () => {
  const consumption = (query: string) => {
    const { mpan, serial } = simulator.account
    return client.rest(`electricity-meter-points/${mpan}/meters/${serial}/consumption/?${query}`)
  }

  it('gives the account to its key alone', async () => {
    const { json } = await client.rest(`accounts/${simulator.account.number}/`)
    expect(simulator.account.number).toMatch(/^A-[0-9A-F]{8}$/)
    expect(json.properties[0].electricity_meter_points[0]).toMatchObject({
      mpan: simulator.account.mpan,
      is_export: false,
    })
    expect(await client.rest(`accounts/${simulator.account.number}/`, null)).toMatchObject({
      status: 401,
      json: { detail: expect.any(String) },
    })
    expect((await client.rest(`accounts/${simulator.account.number}/`, 'sk_live_wrong')).status).toBe(401)
    expect((await client.rest('accounts/A-00000000/')).status).toBe(404)
    expect((await client.rest(`electricity-meter-points/${simulator.account.mpan}/`, null)).json.gsp).toBe('_C')
  })

  it('gives half hours with the local offset, oldest first where asked, to an exclusive end', async () => {
    const { json } = await consumption('period_from=2026-07-18T00:00:00&period_to=2026-07-19T00:00&order_by=period')
    expect(json.count).toBe(48)
    expect(json.results[0]).toEqual({
      consumption: expect.any(Number),
      interval_start: '2026-07-18T00:00:00+01:00',
      interval_end: '2026-07-18T00:30:00+01:00',
    })
    expect(json.results.at(-1).interval_start).toBe('2026-07-18T23:30:00+01:00')
    const utc = await consumption('period_from=2026-07-18T00:00:00Z&period_to=2026-07-18T01:00:00Z')
    expect(utc.json.results.map((row: { interval_start: string }) => row.interval_start)).toEqual([
      '2026-07-18T01:30:00+01:00',
      '2026-07-18T01:00:00+01:00',
    ])
  })

  it('pages with links, and refuses what cannot be meant', async () => {
    const first = (await consumption('period_from=2026-07-18T00:00&page_size=30')).json
    expect(first.previous).toBeNull()
    const second = (await client.rest(first.next)).json
    expect(second.results.length).toBeGreaterThan(0)
    expect(second.previous).toContain('page=1')
    expect((await consumption('period_to=2026-07-18T00:00')).status).toBe(400)
    expect((await consumption('period_from=yesterday')).status).toBe(400)
    expect((await consumption('page=99')).status).toBe(404)
    const wrong = await client.rest(`electricity-meter-points/${simulator.account.mpan}/meters/other/consumption/`)
    expect(wrong.json).toMatchObject({ count: 0, results: [] })
  })

  it('prices the product of the account, for all to see', async () => {
    const { product, tariff } = simulator.account
    const page = (name: string) => client.rest(`products/${product}/electricity-tariffs/${tariff}/${name}/`, null)
    expect((await client.rest(`products/${product}/`, null)).json.code).toBe(product)
    const rates = (await page('standard-unit-rates')).json.results
    expect(rates).toContainEqual({
      value_exc_vat: 6.6667,
      value_inc_vat: 7,
      valid_from: '2026-07-20T22:30:00Z',
      valid_to: '2026-07-21T04:30:00Z',
      payment_method: null,
    })
    expect((await page('standing-charges')).json.results).toHaveLength(1)
    expect((await page('day-unit-rates')).status).toBe(404)
    expect((await client.rest('products/OTHER/', null)).status).toBe(404)
  })

  it('has no standard rates on a product of the six-hour allowance', async () => {
    await simulator.stop()
    await start({ product: 'IOG-SMB-VAR-26-07-06' })
    const { product, tariff } = simulator.account
    const page = (name: string) => client.rest(`products/${product}/electricity-tariffs/${tariff}/${name}/`, null)
    expect((await page('standard-unit-rates')).json).toMatchObject({ count: 0 })
    expect((await page('ev-device-off-peak-unit-rates')).json).toMatchObject({ count: 1 })
  })
})

describe('the control paths', () => {
  it('plug, plan and show', async () => {
    await client.control('POST', 'plug', { plugged: true })
    clock.advance(75 * SECOND)
    const rows = [{ start: '2026-07-20T18:00:00Z', end: '2026-07-20T18:30:00Z' }]
    expect((await client.control('POST', 'plan', { rows })).json).toEqual({ rows: 1 })
    const state = (await client.control('GET', 'state')).json
    expect(state.cars[0]).toMatchObject({ plugged: true, state: 'SMART_CONTROL_IN_PROGRESS' })
    expect(state.cars[0].planned).toEqual([
      { start: '2026-07-20T18:00:00Z', end: '2026-07-20T18:30:00Z', type: 'SMART', energyKwh: -3.6 },
    ])
    await client.control('POST', 'plug', { plugged: false })
    expect(simulator.household.cars[0].plugged).toBe(false)
  })

  it('inject faults, list them and take them away', async () => {
    const { json } = await client.control('POST', 'faults', { kind: 'http_503', operation: 'viewer' })
    const ask = () => client.graphql('{ viewer { id } }')
    expect((await ask()).status).toBe(503)
    expect((await client.control('GET', 'faults')).json).toHaveLength(1)
    await client.control('DELETE', `faults/${json.id}`)
    expect((await ask()).status).toBe(200)
    expect((await client.control('GET', 'audit')).json).toMatchObject({ calls: 2 })
    expect((await client.control('GET', 'requests')).json.map((each: { status: number }) => each.status)).toEqual([
      503, 200,
    ])
  })

  it.each([
    ['faults', { kind: 'sunshine' }],
    ['faults', { kind: 'slow', delay: 'long' }],
    ['plug', { plugged: 'on' }],
    ['plug', { plugged: true, car: 'other' }],
    ['plan', { rows: [{ start: 'now', end: 'then' }] }],
    ['plan', {}],
  ])('refuse what they do not understand: %s %j', async (path, body) => {
    const refused = await client.control('POST', path, body)
    expect(refused.status).toBe(400)
    expect(refused.json.error).toEqual(expect.any(String))
  })
})

describe('the backend host', () => {
  it('takes the raw token and nothing else', async () => {
    const token = await client.token()
    const ask = (authorization: string) =>
      client.post(simulator.backendUrl, JSON.stringify({ query: '{ savingSessions { events { id } } }' }), {
        authorization,
      })
    expect((await ask(token)).json).toEqual({ data: { savingSessions: { events: [] } } })
    expect(codes((await ask(`JWT ${token}`)).json)).toEqual(['OE-0103'])
  })
})

describe('the log', () => {
  it('keeps who called what, and no secret', async () => {
    const token = await client.token()
    await client.poll(token)
    expect(simulator.requests.map(each => each.names)).toEqual([
      ['obtainKrakenToken'],
      ['Poll', 'devices', 'flexPlannedDispatches', 'completedDispatches'],
    ])
    expect(simulator.requests[1]).toMatchObject({ protocol: 'graphql', status: 200, errorCodes: [], at: START })
    expect(simulator.requests[1]?.userAgent).toEqual(expect.any(String))
    const text = JSON.stringify(simulator.requests)
    expect(text).not.toContain(token)
    expect(text).not.toContain(simulator.apiKey)
  })
})

it('refuses a scenario that does not exist', async () => {
  await expect(startSimulator({ clock, scenario: 'nowhere' })).rejects.toThrow('no scenario "nowhere"')
})
