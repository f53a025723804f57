/** Fetches half-hour readings of the import meters until yesterday is complete, and knows the newest complete day. */
import { alarm, type Cancel, type Clock, type Instant, MINUTE } from '../clock.ts'
import { newestCompleteDay, rollingWeekStart, shownFrom } from '../energy/days.ts'
import { nextReadingAt, readingsAreLate } from '../energy/reading-times.ts'
import type { MeterReading } from '../energy/types.ts'
import { BridgeError, describeError } from '../errors.ts'
import type { Log } from '../log.ts'
import { aNumber, anInstant, fields, orNull } from '../shape.ts'
import type { HalfHourReading, MeterView } from '../snapshot.ts'
import type { Readings } from '../store/readings.ts'
import type { Values } from '../store/values.ts'
import { halfHourStart, londonDate } from '../time/london.ts'

export interface ImportMeter {
  readonly id: string
  readonly slug: string
  readonly mpan: string
  readonly serial: string
}

export interface MetersOptions {
  readonly clock: Clock
  readonly log: Log
  readonly readings: Readings
  readonly values: Values
  /** Half hours from `from` on, as far as Octopus has them. Throws BridgeError. */
  readonly fetch: (meter: ImportMeter, from: Instant) => Promise<readonly HalfHourReading[]>
  /** This installation's own constant, 0–60 min in milliseconds. */
  readonly phase: number
  readonly onChange: () => void
}

interface Asked {
  readonly at: Instant | null
  readonly failures: number
}

type Newest = Pick<MeterView, 'lastDay' | 'latestReading'>

const newest = (known: readonly HalfHourReading[], now: Instant): Newest => ({
  lastDay: newestCompleteDay(known, now),
  latestReading: known.length === 0 ? null : Math.max(...known.map(({ start }) => start)),
})

const anAsked = fields<Asked>({ at: orNull(anInstant), failures: aNumber(0, 1e6) })

export class Meters {
  readonly #options: MetersOptions
  #meters: readonly ImportMeter[] = []
  #views: readonly MeterView[] = []
  #cancel: Cancel = () => {}
  #asking: Promise<void> | null = null
  #derivedIn: Instant | null = null
  #stopped = false
  /** By day and meter; nobody else writes readings, so they need not be read again before we have, or before midnight. */
  readonly #read = new Map<string, Newest>()

  constructor(options: MetersOptions) {
    this.#options = options
  }

  /** The account's import meters, as they are now known. */
  use(meters: readonly ImportMeter[]): void {
    this.#meters = meters
    this.#derive()
    this.#arm()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#cancel()
    await this.#asking
  }

  /** As of the last half hour or the last readings. */
  get views(): readonly MeterView[] {
    return this.#views
  }

  /** Derives the views anew where time alone may have changed them: a day ends, and lateness begins, on a half hour. */
  keepUp(): void {
    if (halfHourStart(this.#options.clock.now()) !== this.#derivedIn) this.#derive()
  }

  #derive(): void {
    const { clock, readings } = this.#options
    const now = clock.now()
    this.#derivedIn = halfHourStart(now)
    const today = londonDate(now)
    this.#views = this.#meters.map(meter => {
      const key = `${today} ${keyOf(meter)}`
      const read = this.#read.get(key) ?? newest(readings.range(storedAs(meter), shownFrom(now), now).map(asKwh), now)
      this.#read.set(key, read)
      return { ...meter, ...read, isLate: readingsAreLate(read.lastDay?.date ?? null, now) }
    })
  }

  #arm(): void {
    this.#cancel()
    if (this.#stopped || this.#asking !== null || this.#views.length === 0) return
    this.#cancel = alarm(this.#options.clock, this.#dueAt(), () => {
      this.#asking = this.#ask().finally(() => {
        this.#asking = null
        this.#read.clear()
        this.#derive()
        this.#options.onChange()
        this.#arm()
      })
    })
  }

  #dueAt(): Instant {
    return Math.min(...this.#views.map(view => this.#dueFor(view)))
  }

  #dueFor(view: MeterView): Instant {
    const { clock, phase } = this.#options
    const { at, failures } = this.#asked(view)
    return nextReadingAt({
      newestComplete: view.lastDay?.date ?? null,
      lastAskedAt: at,
      failures,
      phase,
      now: clock.now(),
    })
  }

  #asked(meter: ImportMeter): Asked {
    return this.#options.values.get<Asked>(keyOf(meter), anAsked) ?? { at: null, failures: 0 }
  }

  async #ask(): Promise<void> {
    const { clock, log, readings, values, fetch } = this.#options
    const due = this.#views.filter(view => this.#dueFor(view) <= clock.now() + MINUTE)
    for (const meter of due) {
      const at = clock.now()
      try {
        const fetched = await fetch(meter, rollingWeekStart(at))
        readings.upsert(
          storedAs(meter),
          fetched.map(({ start, kwh }) => ({ start, amount: kwh })),
        )
        values.set(keyOf(meter), { at, failures: 0 })
        log.info({ meter: meter.slug, halfHours: fetched.length }, 'meter readings fetched')
      } catch (error) {
        const failures = this.#asked(meter).failures + 1
        values.set(keyOf(meter), { at, failures })
        const code = error instanceof BridgeError ? error.code : undefined
        log.warn({ meter: meter.slug, code, failures }, `meter readings: ${describeError(error)}`)
      }
    }
  }
}

const storedAs = ({ mpan, serial }: ImportMeter) => ({ point: mpan, serial })
const asKwh = ({ start, amount }: MeterReading): HalfHourReading => ({ start, kwh: amount })

const keyOf = (meter: ImportMeter): string => `readings-asked:${meter.mpan}:${meter.serial}`
