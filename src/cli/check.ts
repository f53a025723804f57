/**
 * `octopus2mqtt check`: a doctor. Looks at everything that can be wrong, one step each; what it asks of Octopus counts in
 * the ledger that the daemon uses.
 */
import { carBindings } from '../account/configured-cars.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config/config.ts'
import { openStore, type Store } from '../store/open.ts'
import { checkBroker } from './check-broker.ts'
import { checkHomeAssistant } from './check-home-assistant.ts'
import { checkOctopus } from './check-octopus.ts'
import { reportObject, stepBlock, stepLine, summary } from './check-report.ts'
import { checkSummerTime } from './check-summer-time.ts'
import { Doctor, type Finding, good, type Onlooker, type Result } from './doctor.ts'
import { EXIT } from './exit.ts'
import { type Here, hereAndNow } from './here.ts'
import { load } from './load.ts'
import { withLocalTimes } from './local-time.ts'
import { paintFor } from './paint.ts'

export interface CheckOptions {
  readonly config?: string
  /** One JSON document at the end, instead of lines. */
  readonly json?: boolean
}

/** 0 where nothing failed, 1 where something did. Throws what is wrong with the configuration. */
export async function check(options: CheckOptions, here: Here = hereAndNow()): Promise<number> {
  const { config, file, redactor } = await load(options.config)
  const cars = carBindings(config.ev)
  const { clock } = here
  const began = clock.monotonic()
  const clean = (text: string) => redactor.redact(options.json ? text : withLocalTimes(text, clock.now()))
  const doctor = new Doctor(clock, onlooker(options, here), clean)
  const start: Result<Config> = { name: 'configuration', ok: true, value: config }
  await doctor.look('configuration', start, () => good(file ?? 'from the environment alone', config))
  await checkSummerTime(doctor, start, clock.now())
  const store = await doctor.look('store', start, () => lookAtStore(config, here.clock))
  try {
    await checkOctopus({ doctor, config, here, redactor, cars }, store)
    await checkBroker({ doctor, config, clock: here.clock, cars })
    await checkHomeAssistant({ doctor, config, clock: here.clock })
  } finally {
    if (store.ok) store.value.close()
  }
  const took = clock.monotonic() - began
  here.live.clear()
  if (options.json) here.print(JSON.stringify(reportObject(doctor.steps, took), null, 2))
  else {
    if (here.columns !== null) here.print('')
    here.print(summary(doctor.steps, took, paintFor(here.colour)))
  }
  return doctor.steps.some(({ mark }) => mark === 'fail') ? EXIT.checkFailed : EXIT.done
}

/** Each step as soon as it is there; what is being looked at stands below. */
function onlooker({ json }: CheckOptions, { columns, colour, print, live }: Here): Onlooker {
  const paint = paintFor(colour)
  return {
    begins: name => live.show(`  looking at: ${name}`),
    says: step => {
      if (json) return
      for (const line of columns === null ? [stepLine(step, paint)] : stepBlock(step, columns, paint)) print(line)
    },
  }
}

/** Opened as the daemon opens it. One that only works in memory is a failure, and still good enough to go on with. */
function lookAtStore({ storage: { path } }: Config, clock: Clock): Finding<Store> {
  const store = openStore({ path, clock, setsAside: false })
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
