/** What a topic is to hold. */
export interface Wanted {
  readonly payload: string
  readonly retain: boolean
}

export interface Message extends Wanted {
  readonly topic: string
}

const NOTHING: ReadonlyMap<string, Wanted> = new Map()

/** Events that wait for their turn; more than these are too many to be worth telling. */
const EVENTS_KEPT = 100

/**
 * What is to go out next on one connection: what was put first; for each topic the newest payload that is wanted, where it differs from what
 * went out; then events; then `online`, which says that all the rest is there. Pure: it knows no broker and no time.
 */
export class Outbox {
  readonly #stateTopic: string
  #wanted: Map<string, Wanted> | null = null
  /** Topics being emptied, until that is acknowledged. */
  readonly #cleared = new Map<string, Message>()
  /** What went out on this connection. */
  readonly #sent = new Map<string, string>()
  /** What goes before all of that, once. */
  #first: Message[] = []
  /** Topics that differ, in the order in which they are to go. */
  #due = new Set<string>()
  #isHeld: ((topic: string) => boolean) | null = null
  #events: Message[] = []
  #state: 'online' | 'offline' | null = 'online'
  #stateSent = false

  constructor(stateTopic: string) {
    this.#stateTopic = stateTopic
  }

  /** The map is ours from now on: whoever wants something else makes another one, or says what is another. */
  want(wanted: Map<string, Wanted>): void {
    this.#wanted = wanted
    for (const topic of this.#due) {
      if (!wanted.has(topic) && !this.#cleared.has(topic)) this.#due.delete(topic)
    }
    for (const [topic, { payload }] of wanted) this.#compare(topic, payload)
  }

  /** Some topics are to hold something else; the others what they did. */
  wantInstead(changes: Iterable<readonly [topic: string, wanted: Wanted]>): void {
    this.#wanted ??= new Map()
    for (const [topic, wanted] of changes) {
      this.#wanted.set(topic, wanted)
      this.#compare(topic, wanted.payload)
    }
  }

  #compare(topic: string, payload: string): void {
    if (this.#cleared.size > 0) this.#cleared.delete(topic)
    if (this.#sent.get(topic) === payload) this.#due.delete(topic)
    else this.#due.add(topic)
  }

  clear(topics: Iterable<string>): void {
    const rest = new Map(this.#wanted)
    for (const topic of topics) {
      rest.delete(topic)
      this.#sent.delete(topic)
      this.#cleared.set(topic, { topic, payload: '', retain: true })
      this.#due.add(topic)
    }
    if (this.#wanted) this.#wanted = rest
  }

  /** Puts these before all that is due, for this connection. */
  putFirst(messages: readonly Message[]): void {
    for (const { topic } of messages) this.#sent.delete(topic)
    this.#first.push(...messages)
  }

  /** Topics that do not go out for now; null: all do. `online` waits for them, as for everything. */
  holdBack(isHeld: ((topic: string) => boolean) | null): void {
    this.#isHeld = isHeld
  }

  /** Those that would go out if they were not held back. */
  get heldBack(): string[] {
    const isHeld = this.#isHeld
    return isHeld === null ? [] : [...this.#due].filter(isHeld)
  }

  /** Returns how many events (0 or 1) had to go to make room. */
  event(topic: string, payload: string): number {
    this.#events.push({ topic, payload, retain: false })
    if (this.#events.length <= EVENTS_KEPT) return 0
    this.#events.shift()
    return 1
  }

  /** The connection ended: drops what was to go out on it alone. Returns how many events waited. */
  drop(): number {
    this.#first = []
    return this.#events.splice(0).length
  }

  /** Everything is to go out again. */
  startAnew(): void {
    this.#sent.clear()
    this.#due = new Set([...this.#cleared.keys(), ...(this.#wanted?.keys() ?? [])])
    this.#stateSent = false
  }

  /** Says `online` or `offline` (again), after whatever else is due; with null neither, for now. */
  say(state: 'online' | 'offline' | null): void {
    this.#state = state
    this.#stateSent = false
  }

  /** What each topic is to hold, in the order of publishing. */
  get wanted(): ReadonlyMap<string, Wanted> {
    return this.#wanted ?? NOTHING
  }

  get state(): 'online' | 'offline' | null {
    return this.#state
  }

  /** Whether the state went out on this connection. */
  get stateSent(): boolean {
    return this.#stateSent
  }

  /** Topics whose newest payload has not gone out. */
  get due(): number {
    return this.#due.size
  }

  /** Nothing is left to send, and no removal waits for its acknowledgement. */
  get empty(): boolean {
    return this.#first.length + this.#cleared.size + this.#events.length === 0 && !this.#stateDue && this.#nothingDue
  }

  /** The next message, counted as sent from now on; null when all is out. */
  next(): Message | null {
    const first = this.#first.shift()
    if (first !== undefined) return first
    for (const topic of this.#due) {
      if (this.#isHeld?.(topic)) continue
      this.#due.delete(topic)
      const cleared = this.#cleared.get(topic)
      if (cleared) return cleared
      const wanted = this.#wanted?.get(topic)
      if (!wanted) continue
      this.#sent.set(topic, wanted.payload)
      return { topic, ...wanted }
    }
    return this.#events.shift() ?? (this.#stateDue ? this.nextState() : null)
  }

  /** The state, out of its turn; null while there is nothing to say. */
  nextState(): Message | null {
    if (this.#state === null) return null
    this.#stateSent = true
    return { topic: this.#stateTopic, payload: this.#state, retain: true }
  }

  /** The broker has answered for this message. */
  settled(message: Message): void {
    if (this.#cleared.get(message.topic) === message) this.#cleared.delete(message.topic)
  }

  get #nothingDue(): boolean {
    return this.#due.size === this.heldBack.length
  }

  /** `online` would be a false promise before anything was wanted. */
  get #stateDue(): boolean {
    if (this.#stateSent || this.#state === null) return false
    return this.#state === 'offline' || (this.#wanted !== null && this.heldBack.length === 0)
  }
}
