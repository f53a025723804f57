/** The configuration of a house's bridge, as a person would write it. */
import type { Simulator } from '../../src/simulator/index.ts'

type Section = Readonly<Record<string, unknown>>
/** Sections that differ from the house's own, key by key; a list stands in the section's place. */
export type ConfigChange = Readonly<Record<string, Section | readonly unknown[]>>

interface Places {
  readonly simulator: Simulator
  readonly brokerUrl: string
  readonly base: string
  readonly storePath: string
  /** Of the first car. */
  readonly topics: { readonly plugged: string; readonly charging: string; readonly power: string }
}

export function configText({ simulator, brokerUrl, base, storePath, topics }: Places, change: ConfigChange): string {
  const { plugged, charging, power } = topics
  const own: Record<string, Section> = {
    octopus: {
      api_key: simulator.apiKey,
      graphql_url: simulator.graphqlUrl,
      backend_graphql_url: simulator.backendUrl,
      rest_url: simulator.restUrl,
      // The network does not run faster with the clock: at 600 times as fast this is half a second.
      timeout: '5m',
    },
    mqtt: { url: brokerUrl, base_topic: base },
    homeassistant: { discovery_prefix: `${base}-ha`, status_topic: `${base}-ha/status` },
    ev: { plugged: { topic: plugged }, charging: { topic: charging }, power: { topic: power } },
    storage: { path: storePath },
    status: { listen: '127.0.0.1:0' },
    // Most stories are about the car: what is asked of the past would only be in their way.
    energy: { history_days: 0, bill: false },
    log: { level: 'trace' },
  }
  const changed = Object.entries(change).map(([section, value]) => [
    section,
    Array.isArray(value) ? value : { ...own[section], ...value },
  ])
  return JSON.stringify({ ...own, ...Object.fromEntries(changed) })
}
