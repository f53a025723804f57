/**
 * Lists in attributes, cut so that the whole stays under what Home Assistant's recorder keeps (16 384 bytes, its own
 * attributes such as the friendly name included).
 */
import type { Attributes } from './entity.ts'

export const MAX_ATTRIBUTE_BYTES = 15_000

/** More rows than ever fit; saves measuring an absurd list row by row. */
const MAX_ROWS = 300

/** Whether both have the same parts under the same names; a list is the same where it is the very list. */
export function isSame(one: Attributes, other: Attributes): boolean {
  const names = Object.keys(one)
  return names.length === Object.keys(other).length && names.every(name => Object.is(one[name], other[name]))
}

/** A row of a list; rows are shown in the order of `start`, or of `since` where they have no `start`. */
export type Row = Readonly<Record<string, unknown>>

const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

// Of long ones the text is made to see that they are not too long, and again when they are published.
const texts = new WeakMap<Attributes, string>()

/** Attributes as they are published. */
export const attributesText = (attributes: Attributes): string => texts.get(attributes) ?? JSON.stringify(attributes)

interface Budgeted {
  readonly name: string
  readonly rows: Row[]
  readonly sizes: number[]
  total: number
}

function budget(name: string, byImportance: readonly Row[]): Budgeted {
  const rows = byImportance.slice(0, MAX_ROWS)
  const sizes = rows.map(row => bytes(row) + 1)
  return { name, rows, sizes, total: sizes.reduce((sum, size) => sum + size, 0) }
}

const when = (row: Row): string => String(row.start ?? row.since ?? '')

/** Times of one form sort as text. */
const inOrder = (rows: readonly Row[]): Row[] =>
  [...rows].sort((a, b) => (when(a) < when(b) ? -1 : when(a) > when(b) ? 1 : 0))

/**
 * `fixed` with the lists beside it, each given by importance, the row to lose last first. While it is too much, the
 * list that takes the most room loses its least important row.
 */
export function withLists(fixed: Attributes, lists: Readonly<Record<string, readonly Row[]>>): Attributes {
  const named = Object.entries(lists)
  const whole = { ...fixed, ...Object.fromEntries(named.map(([name, rows]) => [name, inOrder(rows)])) }
  // As it nearly always is: nothing has to be weighed row by row. A list's last row has no comma, which is counted below.
  if (named.every(([, rows]) => rows.length <= MAX_ROWS)) {
    const text = JSON.stringify(whole)
    if (Buffer.byteLength(text) + named.length <= MAX_ATTRIBUTE_BYTES) {
      texts.set(whole, text)
      return whole
    }
  }
  const budgets = named.map(([name, rows]) => budget(name, rows))
  const empty = Object.fromEntries(budgets.map(({ name }) => [name, []]))
  let total = bytes({ ...fixed, ...empty }) + budgets.reduce((sum, list) => sum + list.total, 0)
  while (total > MAX_ATTRIBUTE_BYTES) {
    const largest = budgets.reduce<Budgeted | undefined>(
      (a, b) => (a === undefined || b.total > a.total ? b : a),
      undefined,
    )
    const lost = largest?.sizes.pop()
    if (largest === undefined || lost === undefined) break
    largest.rows.pop()
    largest.total -= lost
    total -= lost
  }
  return { ...fixed, ...Object.fromEntries(budgets.map(({ name, rows }) => [name, inOrder(rows)])) }
}
