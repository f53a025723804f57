/** Entities of a car or charge point. */
import type { CarView } from '../snapshot.ts'
import { dispatchingEntities } from './dispatching.ts'
import type { Entity } from './entity.ts'
import { vehicleEntities } from './vehicle.ts'

export const carEntities: readonly Entity<CarView>[] = [...dispatchingEntities, ...vehicleEntities]
