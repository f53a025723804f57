/**
 * Where everything is published. `base` is `mqtt.base_topic`; slugs come from the snapshot and never change once given.
 */

/** The account's own device segment, beside those of its meters and cars. */
export const ACCOUNT_DEVICE = 'account'

export const stateTopic = (base: string, accountSlug: string, deviceSlug: string, key: string): string =>
  `${base}/${accountSlug}/${deviceSlug}/${key}`

/** A JSON object, retained. Never cleared by an empty payload while Home Assistant listens: it warns about that. */
export const attributesTopic = (base: string, accountSlug: string, deviceSlug: string, key: string): string =>
  `${stateTopic(base, accountSlug, deviceSlug, key)}/attributes`

export const commandTopic = (base: string, accountSlug: string, deviceSlug: string, key: string): string =>
  `${stateTopic(base, accountSlug, deviceSlug, key)}/set`

/** `online` or `offline`, retained; `offline` is the last will. */
export const bridgeStateTopic = (base: string): string => `${base}/bridge/state`

export const bridgeInfoTopic = (base: string): string => `${base}/bridge/info`

/** Plan changes, mode changes, notices opened and closed; never retained. */
export const bridgeEventTopic = (base: string): string => `${base}/bridge/event`

export const requestTopic = (base: string, name: string): string => `${base}/bridge/request/${name}`

export const responseTopic = (base: string, name: string): string => `${base}/bridge/response/${name}`

export const accountAvailabilityTopic = (base: string, accountSlug: string): string =>
  `${base}/${accountSlug}/availability`

/** A JSON list of prices, retained. */
export const ratesTopic = (base: string, accountSlug: string, meterSlug: string): string =>
  `${base}/${accountSlug}/${meterSlug}/rates`

export const planTopic = (base: string, accountSlug: string, carSlug: string): string =>
  `${base}/${accountSlug}/${carSlug}/plan`
