/** The pages of REST lists and the connections of GraphQL. */
import type { JsonAnswer } from './exchange.ts'
import { krakenError } from './wire-errors.ts'

const ROWS_BY_DEFAULT = 100

/** One page of a REST list by `page` and `page_size`, at most `most` rows, with links as the client wrote the address. */
export function restPage<T>(rows: readonly T[], url: URL, most: number, body: (row: T) => unknown): JsonAnswer {
  const asked = Number(url.searchParams.get('page_size') ?? ROWS_BY_DEFAULT)
  const size = Number.isInteger(asked) && asked > 0 ? Math.min(asked, most) : ROWS_BY_DEFAULT
  const number = Number(url.searchParams.get('page') ?? 1)
  const pages = Math.max(1, Math.ceil(rows.length / size))
  if (!Number.isInteger(number) || number < 1 || number > pages) {
    return { status: 404, body: { detail: 'Invalid page.' } }
  }
  const linkTo = (other: number): string | null => {
    if (other < 1 || other > pages) return null
    const link = new URL(url)
    link.searchParams.set('page', String(other))
    return link.href
  }
  return {
    status: 200,
    body: {
      count: rows.length,
      next: linkTo(number + 1),
      previous: linkTo(number - 1),
      results: rows.slice((number - 1) * size, number * size).map(body),
    },
  }
}

export interface ConnectionArgs {
  readonly first?: number | null
  readonly last?: number | null
  readonly after?: string | null
  readonly before?: string | null
}

/** A connection wants `first` or `last`, below this. */
const CONNECTION_LIMIT = 100

const cursorOf = (index: number): string => Buffer.from(`arrayconnection:${index}`).toString('base64')

function indexOf(cursor: string | null | undefined): number | null {
  if (cursor === null || cursor === undefined) return null
  const index = /^arrayconnection:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString('utf8'))?.[1]
  if (index === undefined) throw krakenError('KT-CT-1201')
  return Number(index)
}

/**
 * Throws KT-CT-1201 without `first` or `last`.
 * assumption: the same where they are 100 or more, or a cursor is none of ours; the documents give the limit and no code for it.
 */
export function connection<T>(rows: readonly T[], args: ConnectionArgs, nodeOf: (row: T) => unknown): unknown {
  const { first, last } = args
  const size = first ?? last
  if (typeof size !== 'number' || size < 1 || size >= CONNECTION_LIMIT) throw krakenError('KT-CT-1201')
  const start = (indexOf(args.after) ?? -1) + 1
  const end = Math.min(indexOf(args.before) ?? rows.length, rows.length)
  const from = typeof first === 'number' ? start : Math.max(start, end - size)
  const to = typeof first === 'number' ? Math.min(end, start + size) : end
  const edges = rows.slice(from, to).map((row, index) => ({ node: nodeOf(row), cursor: cursorOf(from + index) }))
  return {
    pageInfo: {
      hasNextPage: to < end,
      hasPreviousPage: from > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    edges,
    totalCount: rows.length,
    edgeCount: edges.length,
  }
}
