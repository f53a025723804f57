/** What the tests of the statistics share: a clock that hurries, values in memory, series of a table of half hours. */
import { type Cancel, type Clock, systemClock } from '../../../src/clock.ts'
import type { HalfHourValue } from '../../../src/home-assistant/statistics/hours.ts'
import type { StatisticsLog } from '../../../src/home-assistant/statistics/round.ts'
import type { StatisticKind, StatisticsSeries } from '../../../src/home-assistant/statistics/series.ts'
import type { Shape } from '../../../src/shape.ts'
import type { Values } from '../../../src/store/values.ts'

export const HALF_HOUR = 1_800_000
export const HOUR = 3_600_000
export const DAY = 24 * HOUR
export const NOON = Date.parse('2026-11-24T12:00:00Z')

/** The wall stands still until a test moves it; what waits an hour waits a third of a second. */
export class HurriedClock implements Clock {
  readonly speed = 10_000
  wall = NOON

  now(): number {
    return this.wall
  }

  monotonic(): number {
    return this.wall
  }

  after(delay: number, task: () => void): Cancel {
    return systemClock.after(delay / this.speed, task)
  }
}

export class MemoryValues implements Pick<Values, 'get' | 'set'> {
  readonly kept = new Map<string, string>()

  get<T>(key: string, shape: Shape): T | null {
    const value: unknown = JSON.parse(this.kept.get(key) ?? 'null')
    return shape(value) ? (value as T) : null
  }

  set(key: string, value: unknown): void {
    this.kept.set(key, JSON.stringify(value))
  }
}

export interface Line {
  readonly level: string
  readonly details: object
  readonly message: string
}

/** A log that can be waited for. */
export class Lines implements StatisticsLog {
  readonly all: Line[] = []
  #waiting: (() => void)[] = []

  readonly info = this.#writer('info')
  readonly warn = this.#writer('warn')
  readonly error = this.#writer('error')

  #writer(level: string) {
    return (details: object, message: string) => {
      this.all.push({ level, details, message })
      for (const look of this.#waiting) look()
    }
  }

  /** The first line, from the `from`th on, that has these words. */
  until(words: string, from = 0): Promise<Line> {
    return new Promise(resolve => {
      const look = () => {
        const line = this.all.slice(from).find(({ message }) => message.includes(words))
        if (line === undefined) return
        this.#waiting = this.#waiting.filter(other => other !== look)
        resolve(line)
      }
      this.#waiting.push(look)
      look()
    })
  }
}

/** Half hours that can be changed after the series was made. */
export class Table {
  readonly values = new Map<number, number>()
  readonly asked: number[] = []

  /** From `start` on, one after the other. */
  put(start: number, ...values: number[]): this {
    for (const [nth, value] of values.entries()) this.values.set(start + nth * HALF_HOUR, value)
    return this
  }

  series(kind: StatisticKind = 'import', name = 'Octopus import'): StatisticsSeries {
    return { kind, meterPoint: '1200012345678', serial: '21L1234567', name, halfHours: from => this.#from(from) }
  }

  #from(from: number): HalfHourValue[] {
    this.asked.push(from)
    return [...this.values].filter(([start]) => start >= from).map(([start, value]) => ({ start, value }))
  }
}

export const IMPORT = 'octopus2mqtt:elec_1200012345678_21l1234567_import'
