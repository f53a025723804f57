/** The configuration, cut into what each room asks for. */
import { HOMEPAGE, VERSION } from './about.ts'
import type { Config } from './config/config.ts'
import { bridgeStateTopic } from './entities/topics.ts'
import type { DiscoverySettings } from './home-assistant/document.ts'
import type { IntelligentSettings } from './intelligent/settings.ts'
import type { MeterSettings } from './meters/meters.ts'
import type { BrokerSettings } from './mqtt/settings.ts'
import type { LimitSettings } from './octopus/budget.ts'

export function brokerSettings({ mqtt }: Config): BrokerSettings {
  const { url, username, password, caFile, certFile, keyFile, protocolVersion, baseTopic } = mqtt
  return {
    url,
    username,
    password,
    caFile,
    certFile,
    keyFile,
    protocolVersion,
    // Fixed, so that the broker ends an old connection of ours before it takes the new one.
    clientId: mqtt.clientId ?? baseTopic.replaceAll(/[^a-zA-Z0-9]+/g, '-'),
    will: { topic: bridgeStateTopic(baseTopic), payload: 'offline' },
  }
}

/** Null where discovery is off. */
export const discoverySettings = ({ homeassistant, mqtt }: Config): DiscoverySettings | null =>
  homeassistant.discovery
    ? {
        base: mqtt.baseTopic,
        prefix: homeassistant.discoveryPrefix,
        entityIdPrefix: homeassistant.entityIdPrefix,
        version: VERSION,
        url: HOMEPAGE,
      }
    : null

export const intelligentSettings = ({ intelligent }: Config): IntelligentSettings => ({
  tariffPolicy: intelligent.tariffPolicy,
  evidence: intelligent.evidence,
  night: { start: intelligent.offPeak.start, end: intelligent.offPeak.end },
  nightConfigured: intelligent.offPeak.configured,
  minDispatch: intelligent.minDispatch,
  minDispatchEnergyKwh: intelligent.minDispatchEnergy,
  trustPlanFor: intelligent.trustPlanFor,
  standingStates: intelligent.standingStates,
})

export const meterSettings = ({ energy, intelligent }: Config): MeterSettings => ({
  historyDays: energy.historyDays,
  paymentMethod: energy.paymentMethod === 'direct_debit' ? 'DIRECT_DEBIT' : 'NON_DIRECT_DEBIT',
  bill: energy.bill,
  cheapestWindow: energy.cheapestWindow,
  calorificValue: energy.gas.calorificValue,
  night: { start: intelligent.offPeak.start, end: intelligent.offPeak.end },
  economy7: energy.economy7,
})

export const gasUnitSetting = ({ energy }: Config): 'kWh' | 'm3' | null =>
  energy.gas.unit === 'auto' ? null : energy.gas.unit

export const limitSettings = ({ limits }: Config): LimitSettings => ({
  dispatchPerHour: limits.dispatchRequestsPerHour,
  dispatchMinGap: limits.dispatchMinGap,
  reserveForEvents: limits.reserveForEvents,
  requestsPerHour: limits.requestsPerHour,
})
