/** Entities of a meter, by its kind. What a kind cannot have is left out here; what hangs on the tariff, in the rows. */
import type { MeterView } from '../../snapshot.ts'
import type { Entity } from '../entity.ts'
import { consumptionEntities } from './consumption.ts'
import { costEntities } from './cost.ts'
import { judgedEntities } from './judged.ts'
import { rateEntities } from './rates.ts'

const everything = [...consumptionEntities, ...costEntities, ...rateEntities, ...judgedEntities]

const without = (...keys: string[]): readonly Entity<MeterView>[] => everything.filter(({ key }) => !keys.includes(key))

const VOLUME = ['previous_accumulative_consumption_m3', 'accumulative_consumption_m3']
const CAR = ['ev_rate_now', 'previous_ev_consumption', 'previous_ev_cost']
const JUDGED = judgedEntities.map(({ key }) => key)

export const importMeterEntities = without(...VOLUME)
export const exportMeterEntities = without(...VOLUME, ...CAR, ...JUDGED, 'current_standing_charge')
export const gasMeterEntities = without(...CAR, ...JUDGED, 'next_cheapest')
