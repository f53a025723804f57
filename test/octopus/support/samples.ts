import { Buffer } from 'node:buffer'

export const API_KEY = 'sk_live_a+b/c=d&e f'
export const ACCOUNT = 'A-1234ABCD'
export const CAR = '00000000-0002-4000-8020-0000000ea7d3'

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

let minted = 0

/** A token that lives an hour by the clock of Octopus, which need not be ours. */
export const aToken = (lifetimeSeconds = 3_600, issuedAt = 1_700_000_000): string => {
  minted += 1
  return `${part({ alg: 'RS256' })}.${part({ iat: issuedAt, exp: issuedAt + lifetimeSeconds, n: minted })}.signature${minted}`
}

export const tokenAnswer = (token: string) => ({ data: { obtainKrakenToken: { token, payload: null } } })

export const graphqlError = (errorCode: string, errorType: string, path: string[], message = 'In words.') => ({
  message,
  locations: [{ line: 2, column: 2 }],
  path,
  extensions: { errorType, errorCode, errorDescription: message },
})

export const aCar = (changes: object = {}) => ({
  __typename: 'SmartFlexVehicle',
  id: CAR,
  name: 'Tess',
  provider: 'TESLA_V2',
  status: {
    current: 'LIVE',
    isSuspended: false,
    currentState: 'SMART_CONTROL_IN_PROGRESS',
    stateOfCharge: { value: '62', timestamp: '2026-09-19T20:11:03.123456+00:00' },
  },
  preferences: {
    targetType: 'ABSOLUTE_STATE_OF_CHARGE',
    unit: 'PERCENTAGE',
    schedules: [
      { dayOfWeek: 'SATURDAY', time: '09:00:00', max: 90 },
      { dayOfWeek: 'SUNDAY', time: '07:30:00', max: '80.0' },
    ],
  },
  make: 'Tesla',
  model: 'Model 3',
  vehicleBatterySize: '75.0',
  chargePointPowerOutput: '7.40',
  ...changes,
})

export const aMeterDevice = {
  __typename: 'SmartFlexDevice',
  id: '00000000-000a-4000-8020-000000000001',
  provider: 'OCTOPUS_ENERGY',
  status: { current: 'LIVE', isSuspended: false, currentState: 'SETUP_COMPLETE' },
}

export const pollData = () => ({
  devices: [aCar(), aMeterDevice],
  p0: [
    { start: '2026-09-19T23:30:00+00:00', end: '2026-09-20T00:00:00+00:00', type: 'SMART', energyAddedKwh: -2.611 },
    {
      start: '2026-09-20T06:54:00+02:00',
      end: '2026-09-20T06:30:00.000001Z',
      type: 'bump-charge',
      energyAddedKwh: '-6.521',
    },
  ],
  completedDispatches: [
    {
      start: '2026-09-19T12:00:00+00:00',
      end: '2026-09-19T12:30:00+00:00',
      delta: '-1.37',
      meta: { source: null, location: 'AT_HOME' },
    },
  ],
})
