import type { DeviceFacts } from '../intelligent/types.ts'
import { octopusError } from './errors.ts'
import { asArray, asNumber, asObject, asText, type JsonObject } from './json.ts'

/** A charge point says ELECTRIC_VEHICLES of itself like a car, so only the type's name tells. Batteries and meters are none. */
const CARS = ['SmartFlexVehicle', 'SmartFlexChargePoint']

export const isCar = (facts: DeviceFacts): boolean => CARS.includes(facts.typename)

export const isLiveCar = (facts: DeviceFacts): boolean => isCar(facts) && facts.lifeCycle === 'LIVE'

/** The facts of one device; null where its type was not asked for or it has no id. */
export function parseDevice(device: JsonObject): DeviceFacts | null {
  const deviceId = asText(device.id)
  const typename = asText(device.__typename)
  if (deviceId === null || typename === null) return null
  return {
    deviceId,
    typename,
    name: asText(device.name),
    make: asText(device.make),
    model: asText(device.model),
    provider: asText(device.provider),
    lifeCycle: asText(asObject(device.status)?.current),
    batteryKwh: asNumber(device.vehicleBatterySize),
    chargerKw: asNumber(device.chargePointPowerOutput),
  }
}

/** Every device of the account, of whatever kind. Throws OCTOPUS_BAD_ANSWER where there is no list. */
export function parseDevices(data: JsonObject): DeviceFacts[] {
  const devices = asArray(data.devices)
  if (devices === null) throw octopusError('OCTOPUS_BAD_ANSWER', { problem: 'no devices' })
  return devices.map(device => parseDevice(asObject(device) ?? {})).filter(facts => facts !== null)
}
