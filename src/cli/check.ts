/**
 * `octopus2mqtt check`: a doctor. Looks at everything that can be wrong, one line each; what it asks of Octopus counts in
 * the ledger that the daemon uses.
 */
import { carBindings } from '../account/configured-cars.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config/config.ts'
import { openStore, type Store } from '../store/open.ts'
import { checkBroker } from './check-broker.ts'
import { checkHomeAssistant } from './check-home-assistant.ts'
import { checkOctopus } from './check-octopus.ts'
import { Doctor, type Finding, good, type Result } from './doctor.ts'
import { EXIT } from './exit.ts'
import { type Here, hereAndNow } from './here.ts'
import { load } from './load.ts'

/** 0 where nothing failed, 1 where something did. Throws what is wrong with the configuration. */
export async function check(options: { config?: string }, here: Here = hereAndNow()): Promise<number> {
  const { config, file, redactor } = await load(options.config)
  const cars = carBindings(config.ev)
  const doctor = new Doctor(line => here.print(redactor.redact(line)), here.colour)
  const start: Result<Config> = { name: 'configuration', ok: true, value: config }
  await doctor.look('configuration', start, () => good(file ?? 'from the environment alone', config))
  const store = await doctor.look('store', start, () => lookAtStore(config, here.clock))
  try {
    await checkOctopus({ doctor, config, here, redactor, cars }, store)
    await checkBroker({ doctor, config, clock: here.clock, cars })
    await checkHomeAssistant({ doctor, config, clock: here.clock })
  } finally {
    if (store.ok) store.value.close()
  }
  return doctor.failed ? EXIT.checkFailed : EXIT.done
}

/** Opened as the daemon opens it. One that only works in memory is a failure, and still good enough to go on with. */
function lookAtStore({ storage: { path } }: Config, clock: Clock): Finding<Store> {
  const store = openStore({ path, clock })
  const { degraded } = store
  if (degraded === null) return good(path, store)
  return {
    lines: [
      {
        mark: 'fail',
        text: `${path}: ${degraded.action} [STORE_${degraded.reason === 'corrupt' ? 'CORRUPT' : 'UNAVAILABLE'}]`,
      },
    ],
    value: store,
  }
}
