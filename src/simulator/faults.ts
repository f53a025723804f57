/** Everything that can go wrong with the real API, on demand: each kind is a form that was seen on the wire. */
import type { Cancel, Clock, Instant } from '../clock.ts'
import type { Random } from './random.ts'

type Sphere =
  | 'any'
  | 'graphql'
  | 'rest'
  | 'flexPlannedDispatches'
  | 'completedDispatches'
  | 'devices'
  | 'consumption'
  | 'rates'

/** Kind → the requests that it can hit. */
const SPHERES = {
  /** No answer, until the client or the simulator closes. */
  timeout: 'any',
  /** The right answer, `delay` milliseconds late. */
  slow: 'any',
  /** The connection is reset. */
  reset: 'any',
  http_500: 'any',
  http_502: 'any',
  http_503: 'any',
  http_504: 'any',
  /** The content network blocks: HTML, which says nothing about the key. */
  cloudfront_403: 'any',
  nginx_403: 'any',
  /** HTTP 429 with `Retry-After: retryAfter`. */
  http_429: 'any',
  /** HTTP 200, JSON by its header, not JSON by its text. */
  bad_json: 'any',
  /** The body ends in the middle. */
  truncated: 'any',
  'KT-CT-1111': 'graphql',
  'KT-CT-1124': 'graphql',
  'KT-CT-1139': 'graphql',
  'KT-CT-1143': 'graphql',
  'KT-CT-1199': 'graphql',
  /** HTTP 400, as if `field` ("Type.field") had been removed from the schema. */
  removed_field: 'graphql',
  /** Planned list null beside the other data. */
  'KT-CT-4340': 'flexPlannedDispatches',
  /** Completed list null beside the other data. */
  'KT-CT-4341': 'completedDispatches',
  /** State of charge and preferences of each device null, with an error for each. */
  devices_partial: 'devices',
  /** `devices: null` with an error. */
  devices_null: 'devices',
  /** `devices: []` without an error. */
  devices_empty: 'devices',
  rest_401: 'rest',
  rest_404: 'rest',
  rest_503: 'rest',
  /** The newest day ends at 17:30. */
  partial_day: 'consumption',
  /** Prices that begin after this moment are not there yet, whatever the time. */
  rates_late: 'rates',
  /** The list of prices ends after its newest ten. */
  rates_short: 'rates',
} as const satisfies Record<string, Sphere>

export type FaultKind = keyof typeof SPHERES

export const FAULT_KINDS = Object.keys(SPHERES) as readonly FaultKind[]

export const isFaultKind = (text: unknown): text is FaultKind => FAULT_KINDS.some(kind => kind === text)

export interface Fault {
  readonly kind: FaultKind
  /** Only requests that carry this name: an operation's, a root field's, or a REST route's (`account`, `consumption`, …). */
  readonly operation?: string
  /** So many requests; any number without it. */
  readonly times?: number
  /** In [from, until), by the simulator's clock. */
  readonly from?: Instant
  readonly until?: Instant
  /** How often it hits a request that it could hit; always without it. */
  readonly probability?: number
  /** `slow`: milliseconds by the simulator's clock. */
  readonly delay?: number
  /** `http_429`: seconds. */
  readonly retryAfter?: number
  /** `removed_field`: "Type.field". */
  readonly field?: string
}

/** What a request is known by: its protocol, and every name under which a fault may ask for it. */
export interface RequestFacts {
  readonly protocol: 'graphql' | 'rest'
  readonly names: readonly string[]
}

export class Faults {
  readonly #clock: Clock
  readonly #random: Random
  readonly #active = new Map<number, { readonly fault: Fault; left: number }>()
  #lastId = 0

  constructor(clock: Clock, random: Random) {
    this.#clock = clock
    this.#random = random
  }

  /** Adds a fault; the answer takes it away again. Faults add up. */
  inject(fault: Fault): Cancel {
    const id = this.add(fault)
    return () => this.remove(id)
  }

  add(fault: Fault): number {
    this.#lastId += 1
    this.#active.set(this.#lastId, { fault, left: fault.times ?? Number.POSITIVE_INFINITY })
    return this.#lastId
  }

  remove(id: number): void {
    this.#active.delete(id)
  }

  clear(): void {
    this.#active.clear()
  }

  list(): { readonly id: number; readonly fault: Fault }[] {
    return [...this.#active].map(([id, { fault }]) => ({ id, fault }))
  }

  /** The faults that hit this request, each of them counted once. */
  take(request: RequestFacts): Fault[] {
    const now = this.#clock.now()
    const hits: Fault[] = []
    for (const [id, entry] of this.#active) {
      const { fault } = entry
      if (fault.until !== undefined && now >= fault.until) {
        this.#active.delete(id)
        continue
      }
      if (!this.#canHit(fault, request, now)) continue
      entry.left -= 1
      if (entry.left <= 0) this.#active.delete(id)
      hits.push(fault)
    }
    return hits
  }

  #canHit(fault: Fault, request: RequestFacts, now: Instant): boolean {
    if (fault.from !== undefined && now < fault.from) return false
    if (fault.operation !== undefined && !request.names.includes(fault.operation)) return false
    const sphere: Sphere = SPHERES[fault.kind]
    if (sphere !== 'any' && sphere !== request.protocol && !request.names.includes(sphere)) return false
    return fault.probability === undefined || this.#random.chance(fault.probability)
  }
}
