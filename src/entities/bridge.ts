/** Entities of the bridge itself. */
import type { Entity } from './entity.ts'

export const BRIDGE_STATE_KEY = 'bridge_state'

/** The bridge has no part in the snapshot: its state is published by whoever holds the connection. */
export const bridgeEntities: readonly Entity<null>[] = [
  {
    key: BRIDGE_STATE_KEY,
    platform: 'binary_sensor',
    name: 'Connection',
    meaning:
      'ON while the daemon runs and is connected to the broker. Its state topic is `<base>/bridge/state`, which says ' +
      '`online` or `offline`; the broker itself publishes `offline` when the daemon vanishes. OFF too where a start without ' +
      'a store finds states of an earlier one, until Octopus has told the account.',
    availability: 'none',
    deviceClass: 'connectivity',
    category: 'diagnostic',
  },
]
