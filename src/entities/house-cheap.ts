/** Entities of the account that say what the whole house pays. They exist only where there is a cheap period. */
import { type AccountView, HOUSE_CHEAP_REASONS } from '../snapshot.ts'
import type { Entity } from './entity.ts'
import { time } from './payload.ts'

const NIGHT_KNOWN =
  'an Intelligent product, a configured night, or a tariff whose prices show cheap windows (Go, Cosy, Economy 7)'
const hasNight = (account: AccountView): boolean => account.hasNight

export const cheapEntities: readonly Entity<AccountView>[] = [
  {
    key: 'off_peak',
    platform: 'binary_sensor',
    name: 'Off-peak',
    meaning:
      'ON in the tariff’s own cheap period, whatever a car does: on an Intelligent product by the clock in London, whatever ' +
      'Octopus answers, on another tariff as its prices show.',
    availability: 'bridge',
    icon: 'mdi:weather-night',
    exists: hasNight,
    existsWhen: NIGHT_KNOWN,
    value: account => account.offPeak,
  },
  {
    key: 'house_cheap',
    platform: 'binary_sensor',
    name: 'House cheap',
    meaning:
      'ON while the whole house pays the off-peak price: in `off_peak`, or in a half hour that a car’s smart charge has made ' +
      'cheap. No plan makes anything cheap before it starts, and a half hour once cheap stays so to its end.',
    availability: 'bridge',
    icon: 'mdi:home-lightning-bolt',
    exists: hasNight,
    existsWhen: NIGHT_KNOWN,
    value: account => account.houseCheap.value,
    attributes: ({ houseCheap }) => ({
      reason: houseCheap.reason,
      until: time(houseCheap.until),
      expected_until: time(houseCheap.expectedUntil),
      policy: houseCheap.policy,
    }),
    attributeMeanings: {
      reason: `why: ${HOUSE_CHEAP_REASONS.map(reason => `\`${reason}\``).join(', ')}`,
      until: 'cheap for certain until then',
      expected_until: 'cheap until then if the plan is kept and the car charges',
      policy: 'the rule in force, `whole_slot` or `charge_cap`',
    },
  },
  {
    key: 'house_cheap_until',
    platform: 'sensor',
    name: 'House cheap until',
    meaning:
      'When the certain cheap time ends; unknown unless `house_cheap` is ON. A reader that finds an ON of `house_cheap` ' +
      'after this time must not trust it.',
    availability: 'bridge',
    deviceClass: 'timestamp',
    exists: hasNight,
    existsWhen: NIGHT_KNOWN,
    value: account => account.houseCheap.until,
  },
  {
    key: 'cheap_minutes_left',
    platform: 'sensor',
    name: 'Cheap minutes left',
    meaning: 'Whole minutes until `house_cheap_until`; 0 while `house_cheap` is OFF.',
    availability: 'bridge',
    deviceClass: 'duration',
    unit: 'min',
    precision: 0,
    exists: hasNight,
    existsWhen: NIGHT_KNOWN,
    value: account => account.houseCheap.minutesLeft,
  },
  {
    key: 'smart_half_hours_used',
    platform: 'sensor',
    name: 'Smart half hours used',
    meaning:
      'Half hours of smart charging since noon in London, of the 12 that a charge cap allows; of the car that used most.',
    availability: 'bridge',
    icon: 'mdi:timer-sand',
    stateClass: 'measurement',
    precision: 0,
    exists: hasNight,
    existsWhen: NIGHT_KNOWN,
    value: account => account.smartHalfHours.used,
    attributes: account => ({ cars: account.smartHalfHours.byCar }),
    attributeMeanings: { cars: 'the count of each car, by its name in topics' },
  },
]
