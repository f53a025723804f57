/** Rounds against a Home Assistant of the tests. */
import type { Task } from '../../../src/home-assistant/statistics/pending.ts'
import { type Outcome, round } from '../../../src/home-assistant/statistics/round.ts'
import { type StatisticsSeries, statisticId } from '../../../src/home-assistant/statistics/series.ts'
import { Waits } from '../../../src/home-assistant/statistics/waits.ts'
import { TOKEN } from './home-assistant.ts'
import { HurriedClock, Lines, MemoryValues } from './statistics.ts'

/** A daemon as far as statistics go; what it remembers is in `values`. */
export class Sending {
  readonly clock = new HurriedClock()
  readonly log = new Lines()
  readonly waits = new Waits(this.clock)
  values = new MemoryValues()
  settings: { url: string; token: string; caFile?: string }

  constructor(url: string) {
    this.settings = { url, token: TOKEN }
  }

  round(series: readonly StatisticsSeries[], wish: Partial<Pick<Task, 'from' | 'look'>> = {}): Promise<Outcome> {
    return this.go(series.map(one => ({ id: statisticId(one), series: one, from: 0, look: 'no' as const, ...wish })))
  }

  go(tasks: readonly Task[]): Promise<Outcome> {
    const { clock, log, waits, values, settings } = this
    return round(tasks, { clock, log, waits, values, settings })
  }
}
