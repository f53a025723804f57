/** When a life ends: at a random moment, or right when something has happened, if it happens in time. */
import { existsSync } from 'node:fs'
import { SECOND } from '../../src/clock.ts'
import type { Random } from '../../src/simulator/random.ts'
import type { Recorded } from '../integration/recorder.ts'
import type { Daemon } from '../support/daemon.ts'
import type { Place } from './place.ts'

/**
 * `random`: 0–3 s after its start. `early`: while it starts. `store`: when the file has just appeared. `online`, `plan`,
 * `cheap`: right after that was published. `asking`: right after it began to ask Octopus.
 */
export type Moment = 'random' | 'early' | 'store' | 'online' | 'plan' | 'cheap' | 'asking'

export const MOMENTS: readonly Moment[] = [
  ...(['random', 'random', 'random', 'random', 'early', 'early'] as const),
  ...(['online', 'plan', 'cheap', 'asking'] as const),
]

/** For a new store. */
export const EARLY: readonly Moment[] = ['early', 'early', 'store', 'store', 'random', 'online', 'asking', 'plan']

/** Real milliseconds. */
const LONGEST_LIFE = 3 * SECOND
const STARTING = 0.8 * SECOND

/** Resolves when the life is to end. */
export async function momentIn(place: Place, daemon: Daemon, moment: Moment, random: Random): Promise<void> {
  const limit = random.between(0, moment === 'early' ? STARTING : LONGEST_LIFE)
  const published = (path: string, pattern: RegExp) => {
    const topic = place.topic(path)
    return place.recorder.next(
      (message: Recorded) => message.topic === topic && pattern.test(message.payload),
      PATIENCE,
    )
  }
  const happens: Readonly<Record<Moment, () => Promise<unknown>>> = {
    random: () => after(limit),
    early: () => after(limit),
    store: () => appears(place.storePath),
    online: () => published('bridge/state', /^online$/),
    plan: () => published('car/plan', /"fetched_at":"/),
    cheap: () => published('account/house_cheap', /^ON$/),
    asking: () => daemon.writes(/asking Octopus/),
  }
  const bound = ['random', 'early'].includes(moment) ? [] : [after(LONGEST_LIFE + SECOND)]
  // What does not happen in time is no fault: then this life ends as another would.
  await Promise.race([happens[moment]().catch(() => after(limit)), ...bound])
}

const PATIENCE = 8 * SECOND

const after = (delay: number): Promise<void> => new Promise(resolve => setTimeout(resolve, delay))

/** Looks every millisecond: a store is made within a few. */
async function appears(file: string): Promise<void> {
  const until = performance.now() + LONGEST_LIFE
  while (!existsSync(file) && performance.now() < until) await after(1)
}
