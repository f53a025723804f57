/** The daemon's middle: account, outputs, publisher and store, between a broker and an Octopus that is scripted. */
import { Account, type AccountOptions } from '../src/account/account.ts'
import { carBindings } from '../src/account/configured-cars.ts'
import type { Found } from '../src/account/found.ts'
import type { Clock } from '../src/clock.ts'
import type { Config } from '../src/config/config.ts'
import { readConfig } from '../src/config/load.ts'
import type { DeviceFacts } from '../src/intelligent/types.ts'
import { createLog, type Log } from '../src/log.ts'
import type { Broker } from '../src/mqtt/broker.ts'
import { Publisher } from '../src/mqtt/publisher.ts'
import { Outputs } from '../src/outputs.ts'
import { Redactor } from '../src/redactor.ts'
import { gasUnitSetting, intelligentSettings, meterSettings } from '../src/settings.ts'
import type { Snapshot } from '../src/snapshot.ts'
import { forgiving } from '../src/store/forgiving.ts'
import { openStore, type Store } from '../src/store/open.ts'
import { PRESETS } from '../src/vehicle/presets.ts'

export const BASE = 'octopus2mqtt'

const CAR: DeviceFacts = {
  deviceId: '00000000-0002-4000-8020-0000000ca401',
  typename: 'SmartFlexVehicle',
  name: 'Family car',
  make: 'Kia',
  model: 'e-Niro',
  provider: 'HYPERVOLT',
  lifeCycle: 'LIVE',
  batteryKwh: 64,
  chargerKw: 7.2,
}
export const CAR_SLUG = 'family_car'

const METER = {
  mpan: '1200000000017',
  meters: [],
  serials: ['00S0000017'],
  direction: 'import' as const,
  agreements: [],
}

const found = (at: number): Found => ({
  at,
  account: { number: 'A-0C70B05A', meterPoints: [METER], gasMeterPoints: [], productCode: 'INTELLI-VAR-24-10-29' },
  missing: {},
  cars: [CAR],
})
export const CAR_ID = CAR.deviceId

export interface RigOptions {
  readonly clock: Clock
  readonly broker: Broker
  /** `:memory:`, or a file. */
  readonly storePath: string
  /** Made with the store, whose ledger its limiter reads. */
  readonly octopus: (store: Store, config: Config) => AccountOptions['octopus']
  readonly onSnapshot?: (snapshot: Snapshot) => void
}

export interface Rig {
  readonly account: Account
  readonly outputs: Outputs
  readonly publisher: Publisher
  stop(): Promise<void>
}

const CONFIG = JSON.stringify({
  octopus: { api_key: 'sk_live_bench' },
  mqtt: { url: 'mqtt://localhost:1883' },
  ev: { plugged: 'ev/plugged', charging: 'ev/charging', power: 'ev/power' },
})

export function outputsFor(parts: { broker: Broker; publisher: Publisher; store: Store }): Outputs {
  return new Outputs({
    ...parts,
    base: BASE,
    discovery: { base: BASE, prefix: 'homeassistant', version: '0.0.0', url: 'https://example.org' },
    info: '{}',
    instance: 'bench',
    docsUrl: 'https://example.org/docs',
  })
}

/** An Octopus that tells nothing of tariffs and bills: the benches are about the car. */
export const NO_TARIFFS = {
  rates: async () => ({ rates: [], bands: [] }),
  standingCharges: async () => [],
  tariffsToday: async () => [],
  applicableRates: async () => [],
  measurements: async () => ({ halfHours: [], unknownLabels: [] }),
}

/** Starts it; the broker is connected by the caller. */
export async function startRig(options: RigOptions): Promise<Rig> {
  const { clock, broker } = options
  const config = readConfig(CONFIG, 'the bench', { env: {}, cwd: '/', presets: PRESETS })
  const log: Log = await createLog({ level: 'silent', format: 'json' }, new Redactor())
  const store = forgiving(openStore({ path: options.storePath, clock, log }), log)
  const publisher = new Publisher(broker, clock, `${BASE}/bridge/state`, () => {})
  const outputs = outputsFor({ broker, publisher, store })
  const account = new Account(
    {
      clock,
      log,
      store,
      octopus: options.octopus(store, config),
      settings: intelligentSettings(config),
      refresh: config.intelligent.refresh,
      requestsPerHour: config.limits.dispatchRequestsPerHour,
      energy: meterSettings(config),
      gasUnit: gasUnitSetting(config),
      name: null,
      cars: carBindings(config.ev),
      subscribe: topics => broker.subscribe(topics),
      onSnapshot: snapshot => {
        outputs.show(snapshot)
        options.onSnapshot?.(snapshot)
      },
      onPlanChange: (car, change) => outputs.planChanged(car, change),
      random: () => 0.5,
    },
    found(clock.now()),
  )
  broker.onMessage((topic, payload, retained) => account.onMessage(topic, payload, retained))
  outputs.start()
  account.start()
  publisher.start()
  return {
    account,
    outputs,
    publisher,
    stop: async () => {
      await account.stop()
      store.close()
    },
  }
}
