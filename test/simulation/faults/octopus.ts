/** Octopus in trouble: each cause of the table as faults of the simulator. */
import { HOUR, type Instant, MINUTE, SECOND } from '../../../src/clock.ts'
import type { Fault } from '../../../src/simulator/faults.ts'
import type { Random } from '../../../src/simulator/random.ts'
import { addDays, atLocalTime, londonDate } from '../../../src/time/london.ts'
import type { OctopusFault, Unreachable } from './types.ts'

/** Fields of the poll that the minimal document behind it does without. */
export const REMOVABLE_FIELDS = [
  'SmartFlexVehicle.vehicleBatterySize',
  'SmartFlexChargePoint.chargePointPowerOutput',
  'SmartFlexVehicleStatus.stateOfCharge',
  'SmartFlexDevicePreferenceSchedule.max',
  'SmartFlexDeviceStatusInterface.isSuspended',
  'UpsideDispatchMetaType.location',
  'UpsideDispatchType.delta',
] as const

function trouble(
  what: OctopusFault['trouble'],
  at: Instant,
  duration: number,
  faults: readonly Fault[],
): readonly [OctopusFault] {
  const until = Math.round(at + duration)
  return [{ kind: 'octopus', trouble: what, at, until, faults: faults.map(fault => ({ ...fault, from: at, until })) }]
}

/** All requests, or a share of them. */
const share = (random: Random): Pick<Fault, 'probability'> =>
  random.chance(0.5) ? {} : { probability: random.pick([0.3, 0.6, 0.9]) }

export const slow = (random: Random, at: Instant) =>
  trouble('slow', at, random.lognormal(10 * MINUTE, 2 * HOUR), [
    { kind: 'slow', delay: Math.round(random.lognormal(6 * SECOND, 30 * SECOND)), ...share(random) },
  ])

/** Minutes mostly, now and then half a day. */
export const down = (random: Random, at: Instant) =>
  trouble('down', at, random.lognormal(8 * MINUTE, 4 * HOUR), [
    {
      kind: random.pick([
        'timeout',
        'timeout',
        'reset',
        'http_500',
        'http_502',
        'http_503',
        'http_504',
        'bad_json',
        'truncated',
      ]),
      ...share(random),
    },
  ])

export const throttled = (random: Random, at: Instant) =>
  trouble('throttled', at, random.lognormal(4 * MINUTE, 90 * MINUTE), [
    random.chance(0.5)
      ? { kind: 'KT-CT-1199', ...share(random) }
      : { kind: 'http_429', retryAfter: random.pick([1, 30, 120, 900, 3600]), ...share(random) },
  ])

const BLOCKS = ['cloudfront_403', 'cloudfront_403', 'nginx_403'] as const

export const blocked = (random: Random, at: Instant) =>
  trouble('blocked', at, random.between(5 * MINUTE, 70 * MINUTE), [{ kind: random.pick(BLOCKS) }])

/** 70 minutes, with the beginning of the night inside. */
export function blockedAtNight(random: Random, day: Instant) {
  const today = londonDate(day)
  const night = atLocalTime(today, '23:30')
  const from = Math.round(
    (night - 70 * MINUTE >= day ? night : atLocalTime(addDays(today, 1), '23:30')) -
      random.between(5 * MINUTE, 65 * MINUTE),
  )
  return trouble('blocked', from, 70 * MINUTE, [{ kind: random.pick(BLOCKS) }])
}

export const answersHalf = (random: Random, at: Instant) =>
  trouble('answers_half', at, random.lognormal(6 * MINUTE, 3 * HOUR), [
    { kind: random.pick(['KT-CT-4340', 'KT-CT-4340', 'KT-CT-4341', 'devices_partial']), ...share(random) },
  ])

export const noDevices = (random: Random, at: Instant) =>
  trouble('no_devices', at, random.lognormal(10 * MINUTE, 2 * HOUR), [
    { kind: random.pick(['devices_null', 'devices_empty']), ...share(random) },
  ])

export const removedField = (random: Random, at: Instant) =>
  trouble('removed_field', at, random.between(HOUR, 10 * HOUR), [
    { kind: 'removed_field', field: random.pick(REMOVABLE_FIELDS) },
  ])

/** Once, as when it expires; or for a while, as when the key is not taken any more. */
export const tokenRefused = (random: Random, at: Instant) =>
  random.chance(0.6)
    ? trouble('token_refused', at, HOUR, [
        { kind: random.pick(['KT-CT-1143', 'KT-CT-1124', 'KT-CT-1111']), times: random.whole(1, 3) },
      ])
    : trouble('token_refused', at, random.lognormal(5 * MINUTE, HOUR), [
        random.chance(0.5)
          ? { kind: 'KT-CT-1139', operation: 'obtainKrakenToken' }
          : { kind: random.pick(['KT-CT-1143', 'KT-CT-1124', 'KT-CT-1111']) },
      ])

export const restFails = (random: Random, at: Instant) =>
  trouble('rest_fails', at, random.lognormal(2 * HOUR, 8 * HOUR), [
    {
      kind: random.pick(['rest_401', 'rest_404', 'rest_503', 'partial_day', 'rates_late', 'rates_short']),
      ...share(random),
    },
  ])

export const unreachable = (random: Random, at: Instant): readonly [Unreachable] => [
  {
    kind: 'unreachable',
    code: random.pick(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'CERT_HAS_EXPIRED']),
    at,
    until: Math.round(at + random.lognormal(6 * MINUTE, 5 * HOUR)),
  },
]
