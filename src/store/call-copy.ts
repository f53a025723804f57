/**
 * The calls of the last hour once more, beside the store: a promise to Octopus must not hang on one file. A damaged or
 * emptied store, a lost write-ahead log, or a disk that was full while we ran would take the ledger with it. The file has its
 * full size from the beginning and is written over in place, which needs no room.
 */
import { closeSync, fchownSync, openSync, readSync, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { aNumber, anInstant, aText, listOf, oneOf, orNull } from '../shape.ts'
import type { CallKind } from './calls.ts'

/** A call as it stands in the ledger; `mono` by the monotonic clock of the boot `boot`. */
export interface CopiedCall {
  readonly kind: CallKind
  readonly wall: number
  readonly mono: number
  readonly boot: string
  readonly outcome: string | null
  /** For so long after its start Octopus asked us to stay away, milliseconds. */
  readonly blockedFor: number | null
}

const SIZE = 8 * 1024
/** More than an hour can have. */
const MOST_CALLS = 90
const KINDS: readonly CallKind[] = ['dispatch', 'token', 'background']

type Line = readonly [
  kind: number,
  wall: number,
  mono: number,
  boot: number,
  outcome: string | null,
  blocked: number | null,
]

const SHAPES = [
  oneOf(0, 1, 2),
  anInstant,
  aNumber(0, 1e15),
  aNumber(0, MOST_CALLS),
  orNull(aText),
  orNull(aNumber(0, 1e12)),
]
const isLine = (value: unknown): boolean =>
  Array.isArray(value) && value.length === SHAPES.length && SHAPES.every((shape, index) => shape(value[index]))
const areBoots = listOf(aText)
const areLines = listOf(isLine)

function parse(text: string): CopiedCall[] | null {
  try {
    const [boots, lines] = JSON.parse(text) as [readonly string[], readonly Line[]]
    if (!areBoots(boots) || !areLines(lines)) return null
    return lines.map(([kind, wall, mono, boot, outcome, blockedFor]) => ({
      kind: KINDS[kind] ?? 'dispatch',
      wall,
      mono,
      boot: boots[boot] ?? '',
      outcome,
      blockedFor,
    }))
  } catch {
    return null
  }
}

function written(calls: readonly CopiedCall[]): string {
  const newest = calls.slice(-MOST_CALLS)
  const boots = [...new Set(newest.map(({ boot }) => boot))]
  const lines = newest.map(
    ({ kind, wall, mono, boot, outcome, blockedFor }): Line => [
      KINDS.indexOf(kind),
      Math.round(wall),
      Math.round(mono),
      boots.indexOf(boot),
      outcome,
      blockedFor,
    ],
  )
  return JSON.stringify([boots, lines])
}

export class CallCopy {
  readonly #file: number | null

  /** Opens or creates the file; where that cannot be done there is no copy, and nothing fails because of it. */
  constructor(path: string | null) {
    this.#file = path === null ? null : openSomehow(path)
  }

  /** What was kept, oldest first; null where there is none that can be read. */
  read(): CopiedCall[] | null {
    if (this.#file === null) return null
    try {
      const bytes = Buffer.alloc(SIZE)
      const length = readSync(this.#file, bytes, 0, SIZE, 0)
      return parse(bytes.subarray(0, length).toString('utf8'))
    } catch {
      return null
    }
  }

  keep(calls: readonly CopiedCall[]): void {
    if (this.#file === null) return
    const bytes = Buffer.alloc(SIZE, ' ')
    // Too long only where somebody's words are: then fewer are kept.
    for (let count = MOST_CALLS; count > 0; count = Math.floor(count / 2)) {
      const text = written(calls.slice(-count))
      if (Buffer.byteLength(text) > SIZE) continue
      bytes.write(text)
      break
    }
    try {
      writeSync(this.#file, bytes, 0, SIZE, 0)
    } catch {
      // The store itself says what is wrong with the disk.
    }
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file)
  }
}

function openSomehow(path: string): number | null {
  try {
    return openSync(path, 'r+')
  } catch {
    // Not there yet, or not to be had.
  }
  try {
    const file = openSync(path, 'wx+', 0o600)
    givenToOwner(file, dirname(path))
    // Its room is taken while there is some.
    writeSync(file, Buffer.alloc(SIZE, ' '), 0, SIZE, 0)
    return file
  } catch {
    return null
  }
}

/** What a command of root's makes is the daemon's, whose folder it is. */
function givenToOwner(file: number, folder: string): void {
  if (process.geteuid?.() !== 0) return
  const { uid, gid } = statSync(folder)
  fchownSync(file, uid, gid)
}
