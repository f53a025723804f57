/** The household on MQTT, as a charger would be: the plug, whether it charges, and the power. */
import type { Cancel } from '../clock.ts'
import type { Household } from './household.ts'

/** As little of an MQTT client as this needs. */
export interface MqttLink {
  subscribe(topic: string, handler: (payload: string) => void): void
  publish(topic: string, payload: string, retain: boolean): void
}

export interface LinkOptions {
  /**
   * `topic`: the car follows what others say of the plug. `household`: the plug is said by us, as the scenario has it.
   */
  readonly plug: 'topic' | 'household'
  readonly car?: string
  readonly pluggedTopic?: string
  readonly chargingTopic?: string
  readonly powerTopic?: string
}

const YES = ['true', 'on', '1', 'yes', 'connected', 'plugged']
const NO = ['false', 'off', '0', 'no', 'disconnected', 'unplugged']

/** The answer ends it: what is subscribed is no longer followed, and nothing more is published. */
export function linkToMqtt(household: Household, mqtt: MqttLink, options: LinkOptions): Cancel {
  const { pluggedTopic = 'ev/plugged', chargingTopic = 'ev/charging', powerTopic = 'ev/power' } = options
  const car = household.car(options.car)
  if (car === undefined) throw new RangeError(`The household has no car "${options.car}"`)
  let linked = true
  let saidCharging: boolean | null = null

  const sayPlugged = (plugged: boolean) => mqtt.publish(pluggedTopic, String(plugged), true)
  const sayWatts = (watts: number) => {
    mqtt.publish(powerTopic, String(watts), true)
    if (saidCharging === watts > 0) return
    saidCharging = watts > 0
    mqtt.publish(chargingTopic, String(saidCharging), true)
  }

  if (options.plug === 'household') sayPlugged(car.plugged)
  else {
    mqtt.subscribe(pluggedTopic, payload => {
      const word = payload.trim().toLowerCase()
      if (linked && YES.includes(word)) car.plug()
      if (linked && NO.includes(word)) car.unplug()
    })
  }
  sayWatts(car.charger.watts)
  const unsubscribe = household.on(event => {
    if (event.car !== car.spec.key) return
    if (event.type === 'charging') sayWatts(event.watts)
    else if (options.plug === 'household' && event.type === 'plugged') sayPlugged(true)
    else if (options.plug === 'household' && event.type === 'unplugged') sayPlugged(false)
  })
  return () => {
    linked = false
    unsubscribe()
  }
}
