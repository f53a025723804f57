/**
 * Holds the one state of an account, walks it through time and keeps it in the store. Whoever has news calls `change`;
 * whoever wants to know of changes hands in `onChange`. It publishes first and persists after: an edge must not wait
 * for a disk.
 */
import { alarm, type Cancel, type Clock, type Instant, MINUTE, onLook, SECOND } from '../clock.ts'
import { advance, nextEdge, nextMinute, shiftClock } from '../intelligent/advance.ts'
import type { Rules } from '../intelligent/dispatching.ts'
import { nextNoticeEdge } from '../intelligent/notices.ts'
import { type AccountState, type CarState, emptyAccount, newCar } from '../intelligent/state.ts'
import { anAccountState } from '../intelligent/stored.ts'
import type { Log } from '../log.ts'
import type { Values } from '../store/values.ts'
import { isWorthAWrite } from './worth-a-write.ts'

/** A wall clock that is off by more than this against the monotonic one was set, or the machine slept. */
const JUMP = 2 * SECOND

export interface EngineOptions {
  readonly clock: Clock
  readonly log: Log
  readonly values: Values
  /** Where in the store the state is kept. */
  readonly key: string
  readonly rules: Rules
  /** Called after each change and at each edge, in the same tick. */
  readonly onChange: () => void
  /** Called where cheap time has a minute less, and nothing else is true now that was not before. */
  readonly onMinute: () => void
  /** The wall clock was set, or the machine slept; `by` milliseconds, forward or back. */
  readonly onJump: (by: number) => void
  /** An edge that was known beforehand was shown so many real milliseconds after its instant. */
  readonly onEdge?: (late: number) => void
  /** Edges of others that read the state, such as data growing too old. */
  readonly moreEdges: (at: Instant) => readonly (Instant | null)[]
}

type Step = (state: AccountState, rules: Rules, now: Instant) => AccountState

export class Engine {
  readonly #options: EngineOptions
  #rules: Rules
  #state: AccountState
  /** As it was last written. */
  #saved: AccountState | null = null
  #cancel: Cancel = () => {}
  #cancelLook: Cancel = () => {}
  #saving = false
  #stopped = false
  /** When something may change by time alone, the minutes of cheap time apart. */
  #quietUntil: Instant
  /** Whether something is known to change then, and it is not only looked again. */
  #edgeKnown = false
  #nextMinute = Number.POSITIVE_INFINITY
  #watched: { wall: Instant; mono: number }

  constructor(options: EngineOptions) {
    this.#options = options
    this.#rules = options.rules
    const now = options.clock.now()
    const stored = options.values.get<AccountState>(options.key, anAccountState)
    this.#state = restored(stored, options.rules, now, options.log)
    this.#quietUntil = now
    // Read together, and after the store: a disk that takes its time is no clock that was set.
    this.#watched = { wall: options.clock.now(), mono: options.clock.monotonic() }
  }

  get state(): AccountState {
    return this.#state
  }

  get rules(): Rules {
    return this.#rules
  }

  /** When the next edge is due; a health check sees that it is not overdue. */
  get nextEdge(): Instant {
    return Math.min(this.#quietUntil, this.#nextMinute)
  }

  /** Before then nothing that is shown of the state changes by time alone but the minutes of cheap time. */
  get quietUntil(): Instant {
    return this.#quietUntil
  }

  start(): void {
    this.#cancelLook = onLook(this.#options.clock, () => {
      if (this.#noticeJump()) this.change(state => state)
    })
    this.change(state => state)
  }

  stop(): void {
    this.#stopped = true
    this.#cancel()
    this.#cancelLook()
    this.#save()
  }

  /** Another tariff, so other rules, from now on. */
  useRules(rules: Rules): void {
    this.change(state => state)
    this.#rules = rules
    this.change(state => state)
  }

  /** One step: what happened becomes the state, is shown, and then kept. */
  change(step: Step): void {
    this.#change(step, () => this.#saveSoon())
  }

  /** The same for what cost a call: it is kept before anybody can see it, so that no crash makes us ask again. */
  changeAndKeep(step: Step): void {
    this.#change(step, () => this.#save())
  }

  #change(step: Step, save: () => void): void {
    this.#noticeJump()
    const now = this.#options.clock.now()
    this.#state = step(advance(this.#state, this.#rules, now), this.#rules, now)
    try {
      this.#options.onChange()
    } finally {
      // Whatever went wrong with showing it: the state is kept, and the next edge is waited for.
      save()
      this.#arm()
    }
  }

  #arm(): void {
    const { moreEdges } = this.#options
    // From where the state stands and not from now: an edge that went by while it was shown and kept is due at once.
    const at = this.#state.evaluatedAt
    const edges = [
      nextEdge(this.#state, this.#rules, at),
      ...this.#state.cars.map(car => nextNoticeEdge(car, this.#rules, at)),
      ...moreEdges(at),
    ]
    const due = edges.filter((edge): edge is Instant => edge !== null && edge > at)
    const look = at + 30 * MINUTE
    this.#quietUntil = Math.min(look, ...due)
    this.#edgeKnown = this.#quietUntil < look
    this.#wait(at)
  }

  #wait(at: Instant): void {
    this.#nextMinute = nextMinute(this.#state, this.#rules, at) ?? Number.POSITIVE_INFINITY
    this.#cancel()
    this.#cancel = alarm(this.#options.clock, this.nextEdge, () => this.#wake())
  }

  #wake(): void {
    const { clock, onEdge } = this.#options
    const now = clock.now()
    const due = this.#quietUntil
    const isEdge = this.#edgeKnown
    const jumped = this.#noticeJump()
    if (jumped || now >= due) {
      this.change(state => state)
      if (isEdge && !jumped) onEdge?.((clock.now() - due) / clock.speed)
    } else {
      // The state stays as it was walked to: a minute less is no edge of its own.
      try {
        this.#options.onMinute()
      } finally {
        this.#wait(now)
      }
    }
  }

  /**
   * Set back: our own stamps move back too, or what is old would look new until the clock catches up. Set forward, or
   * slept through: the time is taken as gone by, so what is old looks older, and that is the safe side.
   */
  #noticeJump(): boolean {
    const { clock, onJump } = this.#options
    const wall = clock.now()
    const mono = clock.monotonic()
    const by = Math.round(wall - this.#watched.wall - (mono - this.#watched.mono))
    this.#watched = { wall, mono }
    if (Math.abs(by) <= JUMP) return false
    if (by < 0) this.#state = shiftClock(this.#state, by)
    onJump(by)
    return true
  }

  #saveSoon(): void {
    if (this.#saving) return
    this.#saving = true
    this.#options.values.setSoon(this.#options.key, () => {
      this.#saving = false
      return this.#stopped ? undefined : this.#unsaved()
    })
  }

  #save(): void {
    const state = this.#unsaved()
    if (state !== undefined) this.#options.values.set(this.#options.key, state)
  }

  /** The state, for whoever writes it now; undefined where nothing that is worth a write has changed. */
  #unsaved(): AccountState | undefined {
    if (this.#saved !== null && !isWorthAWrite(this.#saved, this.#state)) return undefined
    this.#saved = this.#state
    return this.#state
  }
}

/** The state as it was stored. One from the future was written before the clock was set back: its stamps move with it. */
function restored(stored: AccountState | null, rules: Rules, now: Instant, log: Log): AccountState {
  if (stored === null) return emptyAccount(now)
  try {
    const deaf = { ...stored, cars: stored.cars.map(withoutDraw) }
    const state = deaf.evaluatedAt > now ? shiftClock(deaf, now - deaf.evaluatedAt) : deaf
    return advance(state, rules, now)
  } catch {
    log.warn({}, 'what the store kept of the account cannot be used: starting without it')
    return emptyAccount(now)
  }
}

/** While we were away nobody watched the car draw: that is not known, and no evidence of anything. */
function withoutDraw(car: CarState): CarState {
  const { charging, power } = car.signals
  const signals = {
    ...car.signals,
    charging: { ...charging, value: null, since: null, turningSince: null, watchedSince: null },
    power: { ...power, value: null, since: null, turningSince: null, watchedSince: null, watts: null, wattsAt: null },
  }
  // What an earlier version did not keep is as for a new car.
  return { ...newCar(car.id, car.slug, car.deviceId, car.facts), ...car, signals, drawn: null }
}
