/**
 * How Octopus knows a car: by an id of its own. A new onboarding of the same car gives it another one, and while that
 * lasts, or when something went wrong, the car is on no list.
 */

/** How many earlier ids an account goes on to list as RETIRED. */
const EARLIER_LISTED = 2

export class Registration {
  readonly #first: string
  #count = 0
  #deviceId: string
  #listed = true
  #earlier: readonly string[] = []

  constructor(deviceId: string) {
    this.#first = deviceId
    this.#deviceId = deviceId
  }

  get deviceId(): string {
    return this.#deviceId
  }

  /** Whether Octopus lists the car, and knows its plan. */
  get listed(): boolean {
    return this.#listed
  }

  /** Ids that it had before, newest first. */
  get earlier(): readonly string[] {
    return this.#earlier
  }

  vanish(): void {
    this.#listed = false
  }

  /** The same device as before. */
  reappear(): void {
    this.#listed = true
  }

  /** Onboarded again: listed, under a new id. */
  renew(): void {
    this.#earlier = [this.#deviceId, ...this.#earlier].slice(0, EARLIER_LISTED)
    this.#count += 1
    this.#deviceId = this.#first.replace(/^[^-]*/, this.#count.toString(16).padStart(8, '0'))
    this.#listed = true
  }
}
