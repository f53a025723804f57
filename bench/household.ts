/** A simulated household lived through by the daemon's middle, on a clock that jumps: what a cycle costs, what a day sends. */
import type { AccountOptions } from '../src/account/account.ts'
import { HALF_HOUR, type Instant } from '../src/clock.ts'
import type { Config } from '../src/config/config.ts'
import { BridgeError } from '../src/errors.ts'
import type { CallClass } from '../src/intelligent/admission.ts'
import type { Answer } from '../src/intelligent/types.ts'
import { dispatchLimits, firstAllowed } from '../src/octopus/budget.ts'
import { limitSettings } from '../src/settings.ts'
import type { Snapshot } from '../src/snapshot.ts'
import type { Store } from '../src/store/open.ts'
import { type LondonDate, londonDate } from '../src/time/london.ts'
import { type BenchClock, benchClock } from './clock.ts'
import { QuietBroker } from './quiet-broker.ts'
import { momentAt, type Recording, record } from './recording.ts'
import { CAR_ID, NO_TARIFFS, startRig } from './rig.ts'

export interface Lived {
  readonly days: number
  /** Snapshots that were made, rendered, compared and kept. */
  readonly cycles: number
  /** Of this process, for everything that belongs to a cycle and the walk from one to the next. */
  readonly cpuSeconds: number
  readonly messages: number
  readonly bytes: number
  readonly snapshots: readonly Snapshot[]
}

const tick = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

/** Answers from the recording, admitted and counted by the store's ledger as the daemon's own are. */
function octopusOf(recording: Recording, clock: BenchClock, store: Store, config: Config): AccountOptions['octopus'] {
  const settings = limitSettings(config)
  const { ledger } = store
  const readings = readingsFrom(recording)
  return {
    poll: async (_number: string, _ids: readonly string[], callClass: CallClass) => {
      const admission = ledger.admit({
        kind: 'dispatch',
        callClass,
        operation: 'Poll',
        firstAllowed: (history, now) => firstAllowed(settings, 'dispatch', callClass, history, now),
      })
      if (!admission.admitted)
        throw new BridgeError('OCTOPUS_NOT_ADMITTED', 'not now', { details: { at: admission.at } })
      ledger.finish(admission.id, 'ok')
      return answerAt(recording, clock.now())
    },
    consumption: async (_meter, from) => readings(from, clock.now()).map(({ start, kwh }) => ({ start, amount: kwh })),
    ...NO_TARIFFS,
    limiter: {
      starts: now => ledger.effectiveStarts('dispatch', now),
      limits: now => dispatchLimits(settings, ledger.history(now), now),
    },
  }
}

function answerAt(recording: Recording, at: Instant): Answer {
  const { state, rows } = momentAt(recording, at)
  const said = { deviceId: CAR_ID, facts: null, currentState: state, isSuspended: false, chargeTarget: 80 }
  const planned = rows.filter(row => row.end > at)
  const measured = { stateOfCharge: { value: 41, at }, readyBy: '07:30' }
  return { askedAt: at, fetchedAt: at, cars: [{ ...said, ...measured, planned }], completed: [], errorCodes: [] }
}

/** Made up: only when they can be had is the household's own. */
function readingsFrom(recording: Recording): (from: Instant, to: Instant) => { start: Instant; kwh: number }[] {
  const completeAt = new Map<LondonDate, Instant>()
  const isThere = (start: Instant, now: Instant): boolean => {
    const date = londonDate(start)
    const at = completeAt.get(date) ?? recording.readingsCompleteAt(date)
    completeAt.set(date, at)
    return at <= now
  }
  return (from, to) => {
    const all = Array.from({ length: Math.ceil((to - from) / HALF_HOUR) }, (_, index) => from + index * HALF_HOUR)
    return all.filter(start => isThere(start, to)).map(start => ({ start, kwh: 0.25 }))
  }
}

export async function live(options: { seed: string; date: string; days: number; keep: number }): Promise<Lived> {
  const recording = record(options.seed, options.date, options.days)
  const clock = benchClock(recording.begin)
  const broker = new QuietBroker()
  const snapshots: Snapshot[] = []
  let cycles = 0
  const rig = await startRig({
    clock,
    broker,
    storePath: ':memory:',
    octopus: (store, config) => octopusOf(recording, clock, store, config),
    onSnapshot: snapshot => {
      cycles += 1
      if (snapshots.length < options.keep) snapshots.push(snapshot)
    },
  })
  for (const { at, topic, payload } of recording.messages) {
    clock.after(at - recording.begin, () => broker.hear(topic, payload, at === recording.begin))
  }
  await tick()
  const before = process.cpuUsage()
  while (clock.now() < recording.end) {
    clock.runTo(Math.min(clock.due ?? recording.end, recording.end))
    // What waits for the end of a tick has its turn: an answer, a write.
    await tick()
  }
  const { user, system } = process.cpuUsage(before)
  const { published: messages, bytes } = rig.publisher.stats
  await rig.stop()
  return { days: options.days, cycles, cpuSeconds: (user + system) / 1e6, messages, bytes, snapshots }
}
