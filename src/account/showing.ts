/** Makes snapshots of the account and shows them: as little anew as can be, and an edge before anything else. */
import { afterSending, type Clock, type Instant } from '../clock.ts'
import { type Rules, smartNow } from '../intelligent/dispatching.ts'
import type { AccountState } from '../intelligent/state.ts'
import type { Meters } from '../meters/meters.ts'
import type { MeterView, Snapshot } from '../snapshot.ts'
import type { Engine } from './engine.ts'
import { share } from './share.ts'
import { type SnapshotInput, snapshotLater, snapshotOf } from './snapshot.ts'

export interface ShowingOptions {
  readonly clock: Clock
  readonly engine: Engine
  readonly meters: Meters
  readonly input: (at: Instant, meters: readonly MeterView[]) => SnapshotInput
  readonly onSnapshot: (snapshot: Snapshot) => void
  /** The meters' views were derived anew: what their prices say may be another thing now. */
  readonly onMeters: (at: Instant) => void
}

export class Showing {
  readonly #options: ShowingOptions
  #shown: Snapshot | null = null
  /** What the snapshot that is shown was made from. */
  #from: { readonly state: AccountState; readonly rules: Rules } | null = null
  /** The meters' views as they were derived last, and those with every part that is as it was being the same object. */
  #derived: readonly MeterView[] = []
  #views: readonly MeterView[] = []
  #metersWait = false
  #stopped = false

  constructor(options: ShowingOptions) {
    this.#options = options
  }

  stop(): void {
    this.#stopped = true
  }

  /** Shows what is true now. */
  show(): void {
    const { clock, engine, meters } = this.#options
    // Not before what the state was walked to: a clock that was set back by a moment would show again what an edge has ended.
    const at = Math.max(clock.now(), engine.state.evaluatedAt)
    const snapshot = this.#make(at)
    if (this.#shown === null) {
      // Not without its meters: what is missing in a first snapshot would be taken away.
      this.#keepMeters(snapshot, at)
      this.#publish(this.#make(at))
      this.#options.onMeters(at)
      return
    }
    this.#publish(snapshot)
    if (this.#metersWait || !meters.isBehind(at, snapshot.account, this.#smart(at))) return
    // An edge is a half-hour mark too, and its message must not wait for prices and days.
    this.#metersWait = true
    afterSending(() => {
      this.#metersWait = false
      if (!this.#stopped) this.#catchUp()
    })
  }

  #catchUp(): void {
    const at = this.#options.clock.now()
    if (!this.#keepMeters(this.#make(at), at)) return
    this.#publish(this.#make(at))
    this.#options.onMeters(at)
  }

  #smart(at: Instant): boolean | null {
    const { engine } = this.#options
    return smartNow(engine.state.cars, engine.rules, at)
  }

  #keepMeters(snapshot: Snapshot, at: Instant): boolean {
    return this.#options.meters.keepUp(at, snapshot.account, this.#smart(at))
  }

  #make(at: Instant): Snapshot {
    const { engine } = this.#options
    const shown = this.#shown
    const stands =
      shown !== null &&
      engine.state === this.#from?.state &&
      engine.rules === this.#from.rules &&
      shown.at <= at &&
      at < engine.quietUntil
    const input = this.#options.input(at, this.#meters())
    return stands ? snapshotLater(shown, input) : snapshotOf(input)
  }

  /** Thousands of prices are held against those before only when they were derived anew. */
  #meters(): readonly MeterView[] {
    const { views } = this.#options.meters
    if (views !== this.#derived) this.#views = share(this.#views, views)
    this.#derived = views
    return this.#views
  }

  #publish(snapshot: Snapshot): void {
    const { engine, onSnapshot } = this.#options
    this.#from = { state: engine.state, rules: engine.rules }
    // Most of it is as it was: whoever shows it sees by identity what need not be made again.
    this.#shown = share(this.#shown, snapshot)
    onSnapshot(this.#shown)
  }
}
