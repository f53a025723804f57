/** Entities of a car that come from its plan: whether it may charge cheaply now and next. */
import type { CarView } from '../snapshot.ts'
import { dispatchAttributeMeanings, dispatchAttributes } from './dispatch-attributes.ts'
import type { Entity } from './entity.ts'
import { PLAN_CHANGES } from './plan-changes.ts'

export const dispatchingEntities: readonly Entity<CarView>[] = [
  {
    key: 'dispatch_active',
    platform: 'binary_sensor',
    name: 'Dispatch active',
    meaning:
      'ON while a row of the plan that stands covers this moment; it turns at the row’s edges at once. Unknown when the ' +
      'plan is too old to be trusted and the car is not known to be unplugged.',
    availability: 'bridge',
    icon: 'mdi:ev-station',
    value: car => car.dispatchActive,
  },
  {
    key: 'intelligent_dispatching',
    platform: 'binary_sensor',
    name: 'Intelligent dispatching',
    meaning:
      'ON at night, and otherwise what `dispatch_active` says: a planned smart charge or the standard cheap period.',
    availability: 'bridge',
    icon: 'mdi:battery-clock',
    value: car => car.intelligentDispatching,
    attributes: dispatchAttributes,
    attributeMeanings: dispatchAttributeMeanings,
  },
  {
    key: 'planned_dispatch_count',
    platform: 'sensor',
    name: 'Planned dispatches',
    meaning: 'How many rows of the plan stand; unknown while no plan may be trusted.',
    availability: 'bridge',
    icon: 'mdi:format-list-numbered',
    precision: 0,
    value: car => car.plannedCount,
  },
  {
    key: 'planned_energy',
    platform: 'sensor',
    name: 'Planned energy',
    meaning: 'What the rows that stand are to charge together. A forecast, so not for the Energy dashboard.',
    availability: 'bridge',
    deviceClass: 'energy',
    unit: 'kWh',
    precision: 1,
    value: car => car.plannedKwh,
  },
  {
    key: 'current_dispatch_end',
    platform: 'sensor',
    name: 'Current dispatch end',
    meaning: 'When the window that runs now ends (rows that overlap or touch are one window).',
    availability: 'bridge',
    deviceClass: 'timestamp',
    value: car => car.current?.end ?? null,
  },
  {
    key: 'next_dispatch_start',
    platform: 'sensor',
    name: 'Next dispatch start',
    meaning: 'When the next window begins; never the one that runs now.',
    availability: 'bridge',
    deviceClass: 'timestamp',
    value: car => car.next?.start ?? null,
  },
  {
    key: 'next_dispatch_end',
    platform: 'sensor',
    name: 'Next dispatch end',
    meaning: 'When that next window ends.',
    availability: 'bridge',
    deviceClass: 'timestamp',
    value: car => car.next?.end ?? null,
  },
  {
    key: 'plan_changed',
    platform: 'event',
    name: 'Plan changed',
    meaning:
      'Octopus added, removed or moved a row of the plan. A row that has run its time and leaves the list is no change.',
    availability: 'bridge',
    icon: 'mdi:calendar-sync',
    eventTypes: PLAN_CHANGES,
  },
]
