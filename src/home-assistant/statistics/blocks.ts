/**
 * A series cut into months of UTC. What was sent is remembered as a few words for each month, so that a changed day costs the
 * reading of its month and of those after it, and an unchanged series costs nothing. Pure.
 */
import { createHash } from 'node:crypto'
import type { Instant } from '../../clock.ts'
import { aNumber, anInstant, aText, fields, listOf } from '../../shape.ts'
import type { HourValue } from './hours.ts'

export interface Block {
  /** The first instant of a month. */
  readonly start: Instant
  /** The first of the next; null for the newest block, which has no end. */
  readonly end: Instant | null
  readonly hours: readonly HourValue[]
  readonly digest: string
}

/** A block as it stands in Home Assistant. */
export interface SentBlock {
  readonly start: Instant
  readonly digest: string
  /** The running sum at its end. */
  readonly sum: number
}

/** What is kept of a series in the store. Home Assistant's own rows are the truth; this only saves looking at them. */
export interface Sent {
  /** Name and unit. */
  readonly described: string
  readonly blocks: readonly SentBlock[]
}

export const aSent = fields<Sent>({
  described: aText,
  blocks: listOf(fields<SentBlock>({ start: anInstant, digest: aText, sum: aNumber(-1e12, 1e12) })),
})

export function monthStart(at: Instant): Instant {
  const date = new Date(at)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth())
}

export function nextMonth(at: Instant): Instant {
  const date = new Date(at)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1)
}

const digestOf = (hours: readonly HourValue[]): string =>
  createHash('sha256')
    .update(hours.map(({ start, value }) => `${start} ${value}`).join('\n'))
    .digest('base64url')
    .slice(0, 22)

/** Every month from that of the first hour to that of the last one, also those in which there is none. Hours in their order. */
export function blocksOf(hours: readonly HourValue[]): Block[] {
  const first = hours[0]
  const last = hours.at(-1)
  if (first === undefined || last === undefined) return []
  const byMonth = new Map<Instant, HourValue[]>()
  for (let at = monthStart(first.start); at <= last.start; at = nextMonth(at)) byMonth.set(at, [])
  for (const hour of hours) byMonth.get(monthStart(hour.start))?.push(hour)
  return [...byMonth].map(([start, inMonth]) => {
    const end = nextMonth(start)
    return { start, end: end > last.start ? null : end, hours: inMonth, digest: digestOf(inMonth) }
  })
}
