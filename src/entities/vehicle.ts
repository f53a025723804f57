/** Entities of a car that show its own state: plug, charging, battery, and what Octopus's smart control does with it. */
import { CAR_STATES, type Measured } from '../intelligent/types.ts'
import type { CarView } from '../snapshot.ts'
import type { Attributes, Entity } from './entity.ts'
import { time, word } from './payload.ts'

const measuredAt = (measured: Measured<unknown> | null): Attributes => ({ measured_at: time(measured?.at ?? null) })
const measuredAtMeaning = { measured_at: 'when it was measured or read, or null where Octopus does not say' }

/** A local time of day as it is, anything else as not known. */
const timeOfDay = (text: string | null): string | null => (text !== null && /^\d\d:\d\d$/.test(text) ? text : null)

export const vehicleEntities: readonly Entity<CarView>[] = [
  {
    key: 'plugged_in',
    platform: 'binary_sensor',
    name: 'Plugged in',
    meaning: 'Whether the car is plugged in at home, from the plug topic, the charging and Octopus’s state together.',
    availability: 'bridge',
    deviceClass: 'plug',
    value: car => car.pluggedIn,
    attributes: car => ({ source: car.pluggedSource }),
    attributeMeanings: { source: 'what decided: `topic`, `state`, `charging` or `none`' },
  },
  {
    key: 'charging',
    platform: 'binary_sensor',
    name: 'Charging',
    meaning: 'Whether the car draws, from its charging or power topic.',
    availability: 'bridge',
    deviceClass: 'battery_charging',
    exists: car => car.hasCharging,
    existsWhen: 'a charging or power topic that is configured or was heard',
    value: car => car.charging,
  },
  {
    key: 'intelligent_state',
    platform: 'sensor',
    name: 'Intelligent state',
    meaning: 'Octopus’s own word for what its smart control does with the car.',
    availability: 'bridge+account',
    deviceClass: 'enum',
    options: CAR_STATES,
    value: car => car.state,
    attributes: car => ({ raw: word(car.state) }),
    attributeMeanings: { raw: 'the word as Octopus sent it, also where it is a new one and the state is unknown' },
  },
  {
    key: 'boosting',
    platform: 'binary_sensor',
    name: 'Boosting',
    meaning: 'ON while the car is charged because somebody asked for it now: not smart, so not cheap.',
    availability: 'bridge+account',
    icon: 'mdi:lightning-bolt',
    value: car => car.boosting,
  },
  {
    key: 'smart_charging_suspended',
    platform: 'binary_sensor',
    name: 'Smart charging suspended',
    meaning: 'ON while smart charging is switched off at Octopus.',
    availability: 'bridge+account',
    icon: 'mdi:pause-octagon-outline',
    value: car => car.suspended,
  },
  {
    key: 'state_of_charge',
    platform: 'sensor',
    name: 'State of charge',
    meaning: 'The car’s battery as Octopus last heard of it.',
    availability: 'bridge+account',
    deviceClass: 'battery',
    stateClass: 'measurement',
    unit: '%',
    precision: 0,
    value: car => car.stateOfCharge?.value ?? null,
    attributes: car => measuredAt(car.stateOfCharge),
    attributeMeanings: measuredAtMeaning,
  },
  {
    key: 'charge_target',
    platform: 'sensor',
    name: 'Charge target',
    meaning: 'The state of charge that Octopus plans for.',
    availability: 'bridge+account',
    icon: 'mdi:battery-charging-high',
    unit: '%',
    precision: 0,
    value: car => car.chargeTarget?.value ?? null,
    attributes: car => measuredAt(car.chargeTarget),
    attributeMeanings: measuredAtMeaning,
  },
  {
    key: 'ready_by',
    platform: 'sensor',
    name: 'Ready by',
    meaning: 'The local time of day by which the target is to be reached, such as `07:30`.',
    availability: 'bridge+account',
    icon: 'mdi:clock-check-outline',
    value: car => timeOfDay(car.readyBy?.value ?? null),
    attributes: car => measuredAt(car.readyBy),
    attributeMeanings: measuredAtMeaning,
  },
]
