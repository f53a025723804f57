/**
 * What the charger of one car says on MQTT, and what becomes of that when the charger, or whoever speaks for it, is in
 * trouble. What it last said of the current is kept: it is all that a daemon can go by.
 */
import type { Instant } from '../../../src/clock.ts'
import type { Moment } from './truth.ts'

export interface CarTopics {
  readonly plugged?: string
  readonly charging?: string
  readonly power?: string
  /** `online` or `offline`. */
  readonly availability?: string
  readonly schedule?: string
}

export interface SpeakerParts {
  readonly topics: CarTopics
  readonly now: () => Instant
  readonly publish: (topic: string, payload: string, retain: boolean) => void
  readonly truth: () => Moment
}

export type Signal = 'plugged' | 'charging' | 'power'

/** A current that counts as charging: the default of a power topic without bounds of its own. */
const DRAWS_FROM = 1000

export class Speaker {
  readonly #parts: SpeakerParts
  readonly #said = new Map<Signal, string>()
  /** How many troubles keep a signal from telling changes. */
  readonly #muted = new Map<Signal, number>()
  #offline = 0
  #drawing = false
  #drewUntil: Instant | null = null

  constructor(parts: SpeakerParts) {
    this.#parts = parts
  }

  /** Whether it last said that the car draws, and when it last said otherwise after that. */
  get heard(): { readonly drawing: boolean; readonly until: Instant | null } {
    return { drawing: this.#drawing, until: this.#drewUntil }
  }

  has(signal: Signal): boolean {
    return this.#parts.topics[signal] !== undefined
  }

  /** Tells what has changed; everything, where somebody may have lost it. */
  speak(everything = false): void {
    for (const signal of ['plugged', 'power', 'charging'] as const) {
      const truth = this.#truth(signal)
      if ((this.#muted.get(signal) ?? 0) > 0) continue
      if (everything || this.#said.get(signal) !== truth) this.say(signal, truth, true)
    }
  }

  /** Says this, whatever is true. Nothing where the charger has no such topic. */
  say(signal: Signal, payload: string, retain: boolean): void {
    const topic = this.#parts.topics[signal]
    if (topic === undefined) return
    this.#said.set(signal, payload)
    this.#parts.publish(topic, payload, retain)
    const draws = this.#said.get('charging') === 'true' || Number(this.#said.get('power') ?? 0) >= DRAWS_FROM
    if (this.#drawing && !draws) this.#drewUntil = this.#parts.now()
    this.#drawing = draws
  }

  truth(signal: Signal): void {
    this.say(signal, this.#truth(signal), true)
  }

  opposite(signal: Signal): void {
    const truth = this.#truth(signal)
    this.say(signal, signal === 'power' ? (truth === '0' ? '7200' : '0') : String(truth !== 'true'), true)
  }

  /** Changes of this signal are not told until the answer is called; then the truth is. */
  mute(signal: Signal): () => void {
    this.#muted.set(signal, (this.#muted.get(signal) ?? 0) + 1)
    return () => {
      this.#muted.set(signal, (this.#muted.get(signal) ?? 1) - 1)
      if (this.#muted.get(signal) === 0) this.truth(signal)
    }
  }

  /** Its availability topic says so until the answer is called. */
  goOffline(): () => void {
    this.#offline += 1
    this.announce()
    return () => {
      this.#offline -= 1
      this.announce()
    }
  }

  announce(): void {
    const { availability } = this.#parts.topics
    if (availability !== undefined) this.#parts.publish(availability, this.#offline > 0 ? 'offline' : 'online', true)
  }

  scheduleChanged(first: string): void {
    const { schedule } = this.#parts.topics
    if (schedule !== undefined) this.#parts.publish(schedule, first, false)
  }

  #truth(signal: Signal): string {
    const { plugged, watts } = this.#parts.truth()
    if (signal === 'plugged') return String(plugged)
    return signal === 'power' ? String(Math.round(watts)) : String(watts > 0)
  }
}
