/** Which series wait to be sent, and from where on. */
import type { Instant } from '../../clock.ts'
import type { Wish } from './plan.ts'
import { type StatisticsSeries, statisticId } from './series.ts'

export interface Task extends Pick<Wish, 'look'> {
  readonly id: string
  readonly series: StatisticsSeries
  /** No half hour before it has changed; null where none has. */
  readonly from: Instant | null
}

const LOOKS = ['no', 'newest', 'all'] as const

const earlier = (one: Instant | null, other: Instant | null): Instant | null =>
  one === null ? other : other === null ? one : Math.min(one, other)

const more = (one: Wish['look'], other: Wish['look']): Wish['look'] =>
  LOOKS[Math.max(LOOKS.indexOf(one), LOOKS.indexOf(other))] ?? 'all'

export class Pending {
  readonly #tasks = new Map<string, Task>()

  /** A series that this process sees for the first time is compared from its beginning. */
  push(series: StatisticsSeries, from: Instant): void {
    const id = statisticId(series)
    const known = this.#tasks.get(id)
    this.#tasks.set(id, { id, series, from: earlier(known?.from ?? null, from), look: known?.look ?? 'all' })
  }

  get any(): boolean {
    return [...this.#tasks.values()].some(({ from, look }) => from !== null || look !== 'no')
  }

  /** What waits. It waits no more: what is pushed from here on is for the next time. */
  take(): Task[] {
    const taken = [...this.#tasks.values()].filter(({ from, look }) => from !== null || look !== 'no')
    for (const { id, series } of taken) this.#tasks.set(id, { id, series, from: null, look: 'no' })
    return taken
  }

  /** It could not be done, and waits again beside what was pushed since. */
  giveBack({ id, from, look }: Task): void {
    const now = this.#tasks.get(id)
    if (now !== undefined) this.#tasks.set(id, { ...now, from: earlier(now.from, from), look: more(now.look, look) })
  }

  /** Of every series the newest month is to be looked at, whether or not anything is new. */
  lookAgain(): void {
    for (const task of this.#tasks.values()) this.giveBack({ ...task, look: 'newest' })
  }
}
