/** Devices as `devices` answers them. */
import { type Clock, type Instant, MINUTE, SECOND } from '../clock.ts'
import type { SimulatedAccount } from './account.ts'
import type { Car } from './car.ts'
import type { Wire } from './format.ts'
import { krakenError } from './wire-errors.ts'

const DAYS = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const

/** A car's battery is asked that often; between, the API repeats the old reading with its old time. */
const BATTERY_READ_EVERY = 10 * MINUTE

interface BatteryReading {
  readonly at: Instant
  readonly percent: number
  readonly kw: number
}

export class DeviceAnswers {
  readonly #clock: Clock
  readonly #account: SimulatedAccount
  readonly #wire: Wire
  readonly #readings = new Map<string, BatteryReading>()
  readonly #capped = new Map<string, boolean>()

  constructor(clock: Clock, account: SimulatedAccount, wire: Wire) {
    this.#clock = clock
    this.#account = account
    this.#wire = wire
  }

  setCapped(key: string, capped: boolean): void {
    this.#capped.set(key, capped)
  }

  /** With `failing`, what needs the maker of the car fails: its state of charge and its preferences. */
  car(car: Car, failing: boolean): Record<string, unknown> {
    const { spec } = car
    const isVehicle = spec.kind === 'vehicle'
    const decimal = (value: number, digits: number, place: string) =>
      this.#wire.decimal(value, digits, `${spec.key} ${place}`)
    const fail = () => {
      throw krakenError('KT-CT-4360')
    }
    const reading = this.#reading(car)
    const timestamp = this.#wire.stamp(reading.at)
    return {
      __typename: isVehicle ? 'SmartFlexVehicle' : 'SmartFlexChargePoint',
      id: car.deviceId,
      name: spec.name,
      deviceType: 'ELECTRIC_VEHICLES',
      provider: spec.provider,
      integrationDeviceId: `${spec.key}-at-maker`,
      propertyId: String(this.#account.propertyId),
      make: spec.make,
      model: spec.model,
      vehicleBatterySize: decimal(spec.batteryKwh, 1, 'battery'),
      chargePointPowerOutput: decimal(spec.chargerKw, 2, 'power'),
      alerts: [],
      status: {
        __typename: isVehicle ? 'SmartFlexVehicleStatus' : 'SmartFlexChargePointStatus',
        current: 'LIVE',
        isSuspended: car.suspended,
        currentState: car.state,
        stateOfCharge: failing ? fail : { value: decimal(reading.percent, 0, 'soc'), timestamp },
        activePower: { value: decimal(reading.kw, 1, 'kw'), timestamp },
        stateOfChargeLimit: { upperSocLimit: car.targetPercent, isLimitViolated: false, timestamp },
        testDispatchFailureReason: 'NONE',
      },
      preferences: failing ? fail : this.#preferences(car),
      preferenceSetting: {
        __typename: 'FlexDevicePreferenceSetting',
        id: 1,
        deviceType: 'ELECTRIC_VEHICLES',
        mode: 'CHARGE',
        unit: 'PERCENTAGE',
        scheduleSettings: [
          {
            __typename: 'FlexDevicePreferenceScheduleSetting',
            id: 1,
            timeFrom: '04:00:00',
            timeTo: '11:00:00',
            timeStep: 30,
            min: decimal(10, 0, 'least'),
            max: decimal(100, 0, 'most'),
            step: decimal(5, 0, 'step'),
          },
        ],
      },
    }
  }

  /** What such an account lists beside its cars: their earlier registrations, and the smart meter. */
  others(cars: readonly [Car, ...Car[]]): Record<string, unknown>[] {
    const nothing = { integrationDeviceId: null, alerts: [], preferences: null, preferenceSetting: null }
    const propertyId = String(this.#account.propertyId)
    const retired = [
      { spec: cars[0].spec, id: '00000000-0002-4000-8020-0000000ca400' },
      ...cars.flatMap(({ spec, registration }) => registration.earlier.map(id => ({ spec, id }))),
    ]
    return [
      ...retired.map(({ spec, id }) => ({
        ...nothing,
        __typename: 'SmartFlexVehicle',
        id,
        name: spec.name,
        deviceType: 'ELECTRIC_VEHICLES',
        provider: 'JEDLIX_V2',
        propertyId,
        make: spec.make,
        model: spec.model,
        vehicleBatterySize: null,
        chargePointPowerOutput: null,
        status: {
          __typename: 'SmartFlexVehicleStatus',
          current: 'RETIRED',
          isSuspended: false,
          currentState: 'RETIRED',
        },
      })),
      {
        ...nothing,
        __typename: 'SmartFlexDevice',
        id: '00000000-000a-4000-8020-000000000001',
        name: null,
        deviceType: 'ELECTRICITY_METERS',
        provider: 'OCTOPUS_ENERGY',
        propertyId,
        status: {
          __typename: 'SmartFlexDeviceStatus',
          current: 'LIVE',
          isSuspended: false,
          currentState: 'SETUP_COMPLETE',
        },
      },
    ]
  }

  /** A charge point does not know how full the car is: its target is "add so much". */
  #preferences(car: Car): Record<string, unknown> {
    const isVehicle = car.spec.kind === 'vehicle'
    return {
      __typename: 'SmartFlexDevicePreferences',
      targetType: isVehicle ? 'ABSOLUTE_STATE_OF_CHARGE' : 'RELATIVE_STATE_OF_CHARGE',
      unit: 'PERCENTAGE',
      mode: 'CHARGE',
      gridExport: 'NOT_APPLICABLE',
      isChargingDurationCapped: (this.#capped.get(car.spec.key) ?? true) ? 'ENABLED' : 'DISABLED',
      schedules: DAYS.map(dayOfWeek => ({
        dayOfWeek,
        time: `${car.readyBy}:00`,
        min: null,
        max: car.targetPercent,
        upperLimit: null,
      })),
    }
  }

  #reading(car: Car): BatteryReading {
    const now = this.#clock.now()
    const known = this.#readings.get(car.spec.key)
    if (known !== undefined && now - known.at < BATTERY_READ_EVERY) return known
    const reading = { at: now - 20 * SECOND, percent: car.charger.percent, kw: car.charger.watts / 1000 }
    this.#readings.set(car.spec.key, reading)
    return reading
  }
}
