/**
 * Puts our half hours into Home Assistant's statistics, at the hours in which they were. Nothing here is waited for by the rest
 * of the daemon, and no trouble leaves it but as a line in the log and as `trouble`.
 *
 * It connects when there is something to send, and closes again. Readings come once or twice a day; a connection that is held
 * between would be one more thing to keep alive through every restart of Home Assistant, and tell nothing.
 */
import { alarm, type Cancel, HOUR, type Instant, MINUTE, SECOND } from '../../clock.ts'
import type { BridgeError } from '../../errors.ts'
import { Pending } from './pending.ts'
import { type Outcome, type RoundTools, round } from './round.ts'
import type { StatisticsSeries } from './series.ts'
import { Waits } from './waits.ts'

export interface SenderOptions extends Omit<RoundTools, 'waits'> {
  /** 0–1; another one in tests. */
  readonly random?: () => number
  /** Told when a trouble begins, becomes another one, or ends (null). */
  readonly onTrouble?: (trouble: BridgeError | null) => void
}

/** Pushes that come together are sent together. */
const SOON = 5 * SECOND
/** How often Home Assistant's newest month is looked at although nothing is new: it may have been restored from a backup. */
const LOOK_AGAIN = 24 * HOUR
const FIRST_RETRY = MINUTE
const LONGEST_RETRY = HOUR
/** Home Assistant shows its owner a warning for each token that it rejects, and may shut the address out. */
const AFTER_REJECTION = 6 * HOUR

export class StatisticsSender {
  readonly #options: SenderOptions
  readonly #waits: Waits
  readonly #pending = new Pending()
  readonly #said = new Set<string>()
  #state: 'new' | 'running' | 'stopped' = 'new'
  #cancelRound: Cancel = () => {}
  #cancelLook: Cancel = () => {}
  #round: Promise<void> | null = null
  #failures = 0
  #trouble: BridgeError | null = null

  constructor(options: SenderOptions) {
    this.#options = options
    this.#waits = new Waits(options.clock)
  }

  /** What keeps statistics from being written now; null while all is well. */
  get trouble(): BridgeError | null {
    return this.#trouble
  }

  start(): void {
    if (this.#state !== 'new') return
    this.#state = 'running'
    this.#soon()
  }

  /**
   * Series that have something new, each with all that it is now. `from`: no half hour before it has changed since the same
   * series was last pushed in this process; the first push of each is compared from its beginning all the same. Returns at once.
   */
  push(series: readonly StatisticsSeries[], from: Instant = 0): void {
    for (const one of series) this.#pending.push(one, from)
    this.#soon()
  }

  /** Closes the connection; what was not sent is found again at the next start. Resolves within a second or so. */
  async stop(): Promise<void> {
    this.#state = 'stopped'
    this.#cancelRound()
    this.#cancelLook()
    this.#waits.endAll()
    await this.#round
  }

  /** A retry that waits is not made earlier: its time was chosen for a reason. */
  #soon(): void {
    if (this.#trouble === null) this.#arm(SOON)
  }

  #arm(wait: number): void {
    this.#cancelRound()
    if (this.#state !== 'running' || this.#round !== null || !this.#pending.any) return
    this.#cancelRound = this.#options.clock.after(wait, () => {
      this.#round = round(this.#pending.take(), { ...this.#options, waits: this.#waits }).then(outcome => {
        this.#round = null
        this.#ended(outcome)
      })
    })
  }

  #ended({ undone, trouble }: Outcome): void {
    if (this.#state !== 'running') return
    for (const task of undone) this.#pending.giveBack(task)
    this.#tell(trouble)
    if (trouble === null) {
      this.#failures = 0
      this.#arm(SOON)
      this.#lookAgainLater()
    } else this.#arm(this.#retryIn(trouble))
  }

  #lookAgainLater(): void {
    const { clock } = this.#options
    this.#cancelLook()
    this.#cancelLook = alarm(clock, clock.now() + LOOK_AGAIN, () => {
      this.#pending.lookAgain()
      this.#soon()
    })
  }

  /** Shortened by up to half, so that several bridges do not come back at once. */
  #retryIn({ code }: BridgeError): number {
    const { random = Math.random } = this.#options
    const growing = Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** this.#failures)
    this.#failures += 1
    return (code === 'HOMEASSISTANT_TOKEN_REJECTED' ? AFTER_REJECTION : growing) * (1 - random() / 2)
  }

  /** The same trouble is said once, until a round goes well. */
  #tell(trouble: BridgeError | null): void {
    const { log, onTrouble } = this.#options
    const before = this.#trouble
    this.#trouble = trouble
    if (trouble === null) {
      this.#said.clear()
      if (before !== null) log.info({}, "Home Assistant's statistics are written again")
    } else if (!this.#said.has(trouble.message)) {
      this.#said.add(trouble.message)
      log.warn({ code: trouble.code, ...trouble.details }, trouble.message)
    }
    if (before?.message !== trouble?.message) onTrouble?.(trouble)
  }
}
