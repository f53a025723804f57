/**
 * Half hours of the past without a price, where an answer was short: asked about again in rounds, page by page, the newest
 * first, with growing waits between the rounds. Then they are given up, since some prices were never published.
 */
import { HOUR, type Instant, MINUTE, SECOND } from '../clock.ts'
import { aNumber, anInstant, fields, orNull } from '../shape.ts'
import type { Values } from '../store/values.ts'
import { type Interval, londonDate, startOfDay } from '../time/london.ts'
import { type Asked, retryAfter } from './errand.ts'

const DAY = 24 * HOUR
/** A page of prices: three requests of half-hourly ones. */
export const PAGE = 90 * DAY
/** Between two pages, so that they hinder nothing. */
export const BETWEEN_PAGES = 30 * SECOND

/** Pages begin at a midnight, so that no half hour is cut. */
export const dayOf = (at: Instant): Instant => startOfDay(londonDate(at))

/** Before each round; after the last one nobody asks any more. */
const WAITS = [BETWEEN_PAGES, 10 * MINUTE, HOUR, 6 * HOUR, DAY, 3 * DAY]
/** After so many failed requests in a row, one a day is enough: the prices are of the past. */
const PATIENCE = 5

/** Milliseconds to wait after the nth failure in a row, of what may be gone for good. */
export const retryPatiently = (failures: number): number => (failures > PATIENCE ? DAY : retryAfter(failures))

/** How far the asking has come. */
interface Round {
  /** Rounds that are over. */
  readonly rounds: number
  /** In this round it was asked down to here; null before its first page. */
  readonly down: Instant | null
  /** Holes before that are given up. */
  readonly givenUp: Instant
}

const aRound = fields<Round>({ rounds: aNumber(0, WAITS.length), down: orNull(anInstant), givenUp: anInstant })
const FIRST: Round = { rounds: 0, down: null, givenUp: 0 }

/** The holes of one tariff. They are given at each call, as they then are, in order. */
export class PriceHoles {
  readonly #values: Values
  readonly #key: string

  constructor(values: Values, tariffCode: string) {
    this.#values = values
    this.#key = `price-holes:${tariffCode}`
  }

  dueAt(holes: readonly Interval[], { at, failures }: Asked, now: Instant): Instant | null {
    if (this.page(holes) === null) return null
    if (at === null) return now
    const { rounds, down } = this.#round
    const wait = down === null ? (WAITS[rounds] ?? DAY) : BETWEEN_PAGES
    return Math.max(now, at + (failures === 0 ? wait : retryPatiently(failures)))
  }

  /** What to ask about next; null where there is nothing. */
  page(holes: readonly Interval[]): Interval | null {
    if (holes.length === 0) return null
    const { down, givenUp } = this.#round
    return pageOf(holes, { start: givenUp, end: down ?? Number.POSITIVE_INFINITY })
  }

  /** The page has come; `holes` are those that are left, and nothing after `until` is a hole by now. */
  asked(page: Interval, holes: readonly Interval[], until: Instant): void {
    const { rounds, givenUp } = this.#round
    const isOver = pageOf(holes, { start: givenUp, end: page.start }) === null
    if (!isOver) this.#set({ rounds, down: page.start, givenUp })
    else if (pageOf(holes, { start: givenUp, end: until }) === null) this.#set({ ...FIRST, givenUp })
    else if (rounds + 1 < WAITS.length) this.#set({ rounds: rounds + 1, down: null, givenUp })
    else this.#set({ ...FIRST, givenUp: until })
  }

  /** More of the past has come: all its holes are worth asking about. */
  begin(): void {
    this.#values.remove(this.#key)
  }

  get #round(): Round {
    return this.#values.get<Round>(this.#key, aRound) ?? FIRST
  }

  #set(round: Round): void {
    this.#values.set(this.#key, round)
  }
}

/** The newest page of the interval that has a hole, no longer than from its first hole to its last. */
function pageOf(holes: readonly Interval[], { start: from, end: to }: Interval): Interval | null {
  const within = holes
    .map(({ start, end }) => ({ start: Math.max(start, from), end: Math.min(end, to) }))
    .filter(({ start, end }) => start < end)
  const end = within.at(-1)?.end
  if (end === undefined) return null
  const first = dayOf(end - PAGE)
  const oldest = within.find(hole => hole.end > first)
  return { start: Math.max(first, oldest?.start ?? first), end }
}
