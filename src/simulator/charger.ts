/**
 * The electricity of one car: draws where a row or a boost asks for it, with the lags of a real charger, and counts what
 * flowed. Watts are constant between two edges, so the energy is exact however fast the clock runs.
 */
import { type Clock, HALF_HOUR, HOUR, type Instant, MINUTE, SECOND } from '../clock.ts'
import type { DispatchRow } from '../intelligent/types.ts'
import { halfHourStart } from '../time/london.ts'
import type { Behaviour } from './behaviour.ts'
import { Timers } from './timers.ts'

/** 0.7 A at 230 V: what a paused car still takes until its charger's flag clears. */
export const TRICKLE_WATTS = 160

/** A test: a minute at the trickle, with six seconds at 7 A in its middle. Too little for the completed list. */
const TEST_LASTS = MINUTE
const TEST_PEAK = { from: 30 * SECOND, to: 36 * SECOND, watts: 1610 } as const

/** Part of the metered energy that arrives in the battery. */
const EFFICIENCY = 0.93

/** The demand that no row makes. */
const BOOST = 'boost'

export interface ChargerSpec {
  readonly chargerKw: number
  readonly batteryKwh: number
}

/** What the charger is asked to follow at the moment. */
export interface Orders {
  readonly rows: readonly DispatchRow[]
  readonly boosting: boolean
  /** It stops there, in % (a boost goes to 100). */
  readonly limitPercent: number
}

export interface ChargerListener {
  /** Never twice the same watts in a row. */
  watts(watts: number): void
  /** Energy in kWh that flowed in the half hour that starts then; called in pieces. `smart`: a planned row asked for it. */
  energy(halfHour: Instant, kwh: number, smart: boolean): void
  /** That half hour is over, and this much flowed in it. */
  halfHourOver(halfHour: Instant, kwh: number): void
}

export class Charger {
  readonly #clock: Clock
  readonly #spec: ChargerSpec
  readonly #lags: Pick<Behaviour, 'drawBegins' | 'flagClears'>
  readonly #listener: ChargerListener
  readonly #timers: Timers
  #orders: Orders | null = null
  #demand: string | null = null
  #drawsFrom: Instant = 0
  #tricklesUntil: Instant = 0
  #testFrom: Instant = Number.NEGATIVE_INFINITY
  #watts = 0
  #countedTo: Instant
  #pending: { start: Instant; kwh: number } | null = null
  #percent: number

  constructor(
    clock: Clock,
    spec: ChargerSpec,
    percent: number,
    lags: Pick<Behaviour, 'drawBegins' | 'flagClears'>,
    listener: ChargerListener,
  ) {
    this.#clock = clock
    this.#spec = spec
    this.#percent = percent
    this.#lags = lags
    this.#listener = listener
    this.#timers = new Timers(clock)
    this.#countedTo = clock.now()
  }

  get watts(): number {
    return this.#watts
  }

  /** State of charge in %, at this very moment. */
  get percent(): number {
    return Math.min(100, this.#percent + this.#percentOf(this.#watts, this.#clock.now() - this.#countedTo))
  }

  /** The car was driven. */
  drain(percent: number): void {
    this.#percent = Math.max(0, this.#percent - percent)
  }

  /** New orders; null when the cable is out. */
  follow(orders: Orders | null): void {
    this.#orders = orders
    this.#update()
  }

  /** A short spike of power that nobody asked for and nobody lists; nothing where the cable is out. */
  test(): void {
    this.#testFrom = this.#clock.now()
    this.#update()
  }

  stop(): void {
    this.#timers.stop()
  }

  #update(): void {
    const now = this.#clock.now()
    this.#count(now)
    const demand = this.#demandAt(now)
    if (demand !== this.#demand) {
      if (this.#watts > TRICKLE_WATTS) this.#tricklesUntil = now + this.#lags.flagClears()
      if (demand !== null) this.#drawsFrom = now + this.#lags.drawBegins()
      this.#demand = demand
    }
    if (this.#orders === null) {
      this.#tricklesUntil = 0
      this.#testFrom = Number.NEGATIVE_INFINITY
    }
    this.#setWatts(this.#wattsAt(now))
    this.#arm(now)
  }

  #demandAt(now: Instant): string | null {
    const orders = this.#orders
    if (orders === null) return null
    if (this.#percent >= (orders.boosting ? 100 : orders.limitPercent) - 1e-6) return null
    if (orders.boosting) return BOOST
    const row = orders.rows.find(each => each.type !== 'TEST' && each.start <= now && each.end > now)
    return row === undefined ? null : `row ${row.start}`
  }

  #wattsAt(now: Instant): number {
    if (this.#demand !== null && now >= this.#drawsFrom) return this.#spec.chargerKw * 1000
    const tested = now - this.#testFrom
    if (tested >= TEST_PEAK.from && tested < TEST_PEAK.to) return TEST_PEAK.watts
    return now < this.#tricklesUntil || tested < TEST_LASTS ? TRICKLE_WATTS : 0
  }

  #setWatts(watts: number): void {
    if (watts === this.#watts) return
    this.#watts = watts
    this.#listener.watts(watts)
  }

  /** Adds what flowed since the last edge, half hour by half hour. */
  #count(now: Instant): void {
    while (this.#countedTo < now) {
      const start = halfHourStart(this.#countedTo)
      const to = Math.min(now, start + HALF_HOUR)
      const span = to - this.#countedTo
      const kwh = ((this.#watts / 1000) * span) / HOUR
      if (kwh > 0) {
        this.#percent = Math.min(100, this.#percent + this.#percentOf(this.#watts, span))
        this.#pending = { start, kwh: kwh + (this.#pending?.start === start ? this.#pending.kwh : 0) }
        this.#listener.energy(start, kwh, this.#demand !== null && this.#demand !== BOOST)
      }
      this.#countedTo = to
      if (this.#pending !== null && to >= this.#pending.start + HALF_HOUR) {
        const over = this.#pending
        this.#pending = null
        this.#listener.halfHourOver(over.start, over.kwh)
      }
    }
  }

  #percentOf(watts: number, span: number): number {
    return (((watts / 1000) * span) / HOUR / this.#spec.batteryKwh) * EFFICIENCY * 100
  }

  /** One timer, at the next instant at which something may change. */
  #arm(now: Instant): void {
    const edges = [this.#drawsFrom, this.#tricklesUntil]
    for (const after of [TEST_PEAK.from, TEST_PEAK.to, TEST_LASTS]) edges.push(this.#testFrom + after)
    for (const row of this.#orders?.rows ?? []) edges.push(row.start, row.end)
    if (this.#pending !== null || this.#watts > 0) edges.push(halfHourStart(now) + HALF_HOUR)
    if (this.#watts > TRICKLE_WATTS && this.#orders !== null) {
      const missing = (this.#orders.boosting ? 100 : this.#orders.limitPercent) - this.#percent
      edges.push(Math.ceil(now + (missing / this.#percentOf(this.#watts, HOUR)) * HOUR))
    }
    const next = Math.min(...edges.filter(edge => edge > now))
    if (Number.isFinite(next)) this.#timers.at('edge', next, () => this.#update())
    else this.#timers.clear('edge')
  }
}
