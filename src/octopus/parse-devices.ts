import type { DeviceFacts } from '../intelligent/types.ts'
import { octopusError } from './errors.ts'
import { asArray, asId, asName, asObject, asQuantity, type JsonObject } from './json.ts'

/** A charge point says ELECTRIC_VEHICLES of itself like a car, so only the type's name tells. Batteries and meters are none. */
const CARS = ['SmartFlexVehicle', 'SmartFlexChargePoint']

export const isCar = (facts: DeviceFacts): boolean => CARS.includes(facts.typename)

export const isLiveCar = (facts: DeviceFacts): boolean => isCar(facts) && facts.lifeCycle === 'LIVE'

/** More cars and charge points than any account has: with twenty, somebody's list is wrong. */
export const MOST_CARS = 10

/** Without those that are listed again: one car is one car, and has one set of topics. */
export function eachOnce<T extends { readonly deviceId: string }>(devices: readonly T[]): T[] {
  const byId = new Map<string, T>()
  for (const device of devices) if (!byId.has(device.deviceId)) byId.set(device.deviceId, device)
  return [...byId.values()]
}

/** The facts of one device; null where its type was not asked for or it has no id. */
export function parseDevice(device: JsonObject): DeviceFacts | null {
  const deviceId = asId(device.id)
  const typename = asId(device.__typename)
  if (deviceId === null || typename === null) return null
  return {
    deviceId,
    typename,
    name: asName(device.name),
    make: asName(device.make),
    model: asName(device.model),
    provider: asName(device.provider),
    lifeCycle: asName(asObject(device.status)?.current),
    batteryKwh: asQuantity(device.vehicleBatterySize),
    chargerKw: asQuantity(device.chargePointPowerOutput),
  }
}

/** Every device of the account, of whatever kind. Throws OCTOPUS_BAD_ANSWER where there is no list. */
export function parseDevices(data: JsonObject): DeviceFacts[] {
  const devices = asArray(data.devices)
  if (devices === null) throw octopusError('OCTOPUS_BAD_ANSWER', { problem: 'no devices' })
  return eachOnce(devices.map(device => parseDevice(asObject(device) ?? {})).filter(facts => facts !== null))
}
