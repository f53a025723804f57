/** The `ev` section as bindings: presets filled in, what is not configured not listened for. */
import type { CarConfig, SignalConfig } from '../config/cars.ts'
import { carSpec, DEFAULT_TOPICS } from '../vehicle/mapping.ts'
import type { CarBinding } from './bindings.ts'

const configured = <S extends SignalConfig>(signal: S): S | undefined =>
  signal.sources.length === 0 ? undefined : signal

/** Throws CONFIG_INVALID where a preset lacks a parameter. */
export const carBindings = (cars: readonly CarConfig[]): CarBinding[] =>
  cars.map(car => bindingOf(car, cars.length > 1))

function bindingOf(car: CarConfig, isOneOfSeveral: boolean): CarBinding {
  const { plugged, preset } = car
  // Without a preset an empty list means nothing; the default topics of a single car are in the configuration already.
  const nothing = plugged === 'none' || (plugged.sources.length === 0 && preset === undefined)
  const { charging, power, ...spec } = carSpec(
    {
      preset,
      params: car.params,
      plugged: nothing ? 'none' : plugged,
      charging: configured(car.charging),
      power: configured(car.power),
      atHome: configured(car.atHome),
      scheduleChanged: configured(car.scheduleChanged),
    },
    isOneOfSeveral ? {} : DEFAULT_TOPICS,
  )
  const isMeant = (signal: SignalConfig) => preset !== undefined || signal.sources.length > 0
  return {
    device: car.device,
    spec: {
      ...spec,
      ...(charging && isMeant(car.charging) ? { charging } : {}),
      ...(power && isMeant(car.power) ? { power } : {}),
    },
    explicit: !nothing && (plugged.explicit || preset !== undefined),
  }
}
