/** The cars of the scenarios. All of it is made up. */
import type { CarSpec } from './car-spec.ts'

/** A car that Octopus reaches through its charger; `change` what matters. */
export const aCar = (change: Partial<CarSpec> = {}): CarSpec => ({
  key: 'car',
  deviceId: '00000000-0002-4000-8020-0000000ca401',
  kind: 'vehicle',
  name: 'Family car',
  make: 'Kia',
  model: 'e-Niro',
  provider: 'HYPERVOLT',
  batteryKwh: 64,
  chargerKw: 7.2,
  percent: 41,
  targetPercent: 80,
  readyBy: '07:30',
  ...change,
})

/** A second one, behind a charge point of its own. */
export const aSecondCar = (change: Partial<CarSpec> = {}): CarSpec =>
  aCar({
    key: 'second',
    deviceId: '00000000-0002-4000-8020-0000000ca402',
    kind: 'charge_point',
    name: 'Driveway charger',
    make: 'Wallbox',
    model: 'Pulsar',
    provider: 'OCPP_WALLBOX',
    batteryKwh: 40,
    chargerKw: 7.4,
    percent: 55,
    targetPercent: 90,
    ...change,
  })

/** One that Octopus reaches through its maker's cloud, and so hears of late. */
export const aCloudCar = (change: Partial<CarSpec> = {}): CarSpec =>
  aCar({
    key: 'cloud',
    deviceId: '00000000-0002-4000-8020-0000000ca403',
    name: 'Long-range car',
    make: 'Tesla',
    model: 'Model Y',
    provider: 'TESLA_V2',
    batteryKwh: 75,
    chargerKw: 7.0,
    percent: 62,
    targetPercent: 80,
    ...change,
  })
