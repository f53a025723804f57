/** How devices present themselves in Home Assistant. */
import { catalogue } from '../entities/catalogue.ts'
import type { AccountView, CarView, MeterKind, MeterView } from '../snapshot.ts'
import type { Device } from './document.ts'
import { idPart } from './entity-ids.ts'

const SUPPLIER = 'Octopus Energy'

/** Identity of the bridge: one for each base topic, so that two bridges share a broker. */
export const bridgeId = (base: string): string => `${idPart(base)}_bridge`

/** How devices refer to each other. */
export const identifier = (id: string): string => `octopus2mqtt_${id}`

export const bridgeDevice = (base: string, version: string): Device => ({
  identifiers: [identifier(bridgeId(base))],
  name: 'Octopus bridge',
  manufacturer: 'octopus2mqtt',
  model: 'Bridge',
  sw_version: version,
})

/** All that is told of an account. */
export type AccountNames = Pick<AccountView, 'id' | 'slug' | 'number'>

/** An account with a name of its own in the configuration shows it. */
export const accountDevice = (account: AccountNames, base: string): Device => ({
  identifiers: [identifier(account.id)],
  name: account.slug === account.number.toLowerCase() ? 'Octopus account' : `Octopus ${account.slug}`,
  manufacturer: SUPPLIER,
  model: 'Account',
  serial_number: account.number,
  via_device: identifier(bridgeId(base)),
})

const lastFour = (point: string): string => point.slice(-4)

const METERS: Readonly<Record<MeterKind, { readonly name: string; readonly model: string }>> = {
  electricity_import: { name: 'Electricity import', model: 'Electricity meter' },
  electricity_export: { name: 'Electricity export', model: 'Electricity meter' },
  gas: { name: 'Gas', model: 'Gas meter' },
}

/** The first of its kind has the kind's own slug and needs no number. */
export const meterDevice = (meter: MeterView, accountId: string): Device => ({
  identifiers: [identifier(meter.id)],
  name: meter.slug === meter.kind ? METERS[meter.kind].name : `${METERS[meter.kind].name} ${lastFour(meter.point)}`,
  manufacturer: SUPPLIER,
  model: METERS[meter.kind].model,
  serial_number: meter.serial,
  via_device: identifier(accountId),
})

/**
 * A car's name as it may stand in front of its entities' names. Older releases cut a device's name off the beginning of
 * an entity's, so a car called `Charge` becomes `Charge car`.
 */
function carName(car: CarView): string {
  const given = car.name.trim() || [car.make, car.model].filter(Boolean).join(' ').trim() || 'Car'
  const clashes = catalogue.car.some(row => row.name.toLowerCase().startsWith(given.toLowerCase()))
  return clashes ? `${given} car` : given
}

export const carDevice = (car: CarView, accountId: string): Device => ({
  identifiers: [identifier(car.id)],
  name: carName(car),
  ...(car.make !== null && { manufacturer: car.make }),
  ...(car.model !== null && { model: car.model }),
  via_device: identifier(accountId),
})
