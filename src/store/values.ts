/** Last good values under a name: the engine's state, plans, signals, what Octopus last said of itself. JSON inside. */
import type { Clock, Instant } from '../clock.ts'
import type { Shape } from '../shape.ts'
import { jsonIn } from './json-in.ts'
import type { ResilientDatabase } from './resilient.ts'

export interface Values {
  /** The value as it was set, or null where there is none, or where what is there is no JSON or not of this shape. */
  get<T>(key: string, shape: Shape): T | null
  updatedAt(key: string): Instant | null
  /** Anything that JSON can hold. */
  set(key: string, value: unknown): void
  /** The same with what else this tick tells the store. `value` is asked for then; undefined: there is nothing to set. */
  setSoon(key: string, value: () => unknown): void
  remove(key: string): void
}

export class SqliteValues implements Values {
  readonly #database: ResilientDatabase
  readonly #clock: Clock
  readonly #unfit: (key: string) => void
  readonly #told = new Set<string>()

  /** `unfit` is told of each key whose value cannot be used, once. */
  constructor(database: ResilientDatabase, clock: Clock, unfit: (key: string) => void = () => {}) {
    this.#database = database
    this.#clock = clock
    this.#unfit = unfit
  }

  get<T>(key: string, shape: Shape): T | null {
    const row = this.#database.read(database => database.get('SELECT json FROM stored_values WHERE key = ?', key))
    if (row === null) return null
    const value = jsonIn(row.json)
    if (shape(value)) return value as T
    if (!this.#told.has(key)) this.#unfit(key)
    this.#told.add(key)
    return null
  }

  updatedAt(key: string): Instant | null {
    const row = this.#database.read(database => database.get('SELECT updated_at FROM stored_values WHERE key = ?', key))
    return row === null ? null : Number(row.updated_at)
  }

  set(key: string, value: unknown): void {
    const json = JSON.stringify(value)
    if (json === undefined) throw new TypeError(`The value of ${key} has no form in JSON`)
    this.#database.write(database => {
      database.run(
        `INSERT INTO stored_values (key, json, updated_at) VALUES (?, ?, ?)
         ON CONFLICT (key) DO UPDATE SET json = excluded.json, updated_at = excluded.updated_at`,
        key,
        json,
        this.#clock.now(),
      )
    })
  }

  setSoon(key: string, value: () => unknown): void {
    const now = value()
    if (now !== undefined) this.set(key, now)
  }

  remove(key: string): void {
    this.#database.write(database => {
      database.run('DELETE FROM stored_values WHERE key = ?', key)
    })
  }
}
