/** What went on during a demo, kept for the picture at its end and for the line at the bottom while it runs. */
import type { Instant } from '../clock.ts'
import { UNKNOWN } from '../entities/payload.ts'
import { progress, timeLeft } from './bar.ts'
import { TOLD } from './demo-words.ts'
import { shortTime, zoneOf } from './local-time.ts'
import type { Paint, Tone } from './paint.ts'
import { type Change, timeline } from './timeline.ts'

const TRACKS: Readonly<Record<string, Tone>> = {
  plugged_in: 'later',
  charging: 'later',
  dispatch_active: 'good',
  house_cheap: 'strong',
}

/** Wider than this a picture is not read any better. */
const WIDEST = 100
const BAR = 20

interface Told {
  readonly key: string
  readonly changes: Change[]
}

export class DemoStory {
  readonly #tracks = new Map<string, Told>()
  readonly #histories = new Map<string, number>()
  #historySince: Instant | null = null

  heard(topic: string, payload: string, at: Instant): void {
    const key = topic.slice(topic.lastIndexOf('/') + 1)
    if (key === 'history' && payload !== UNKNOWN && Number.isFinite(Number(payload))) {
      this.#historySince ??= at
      this.#histories.set(topic, Number(payload) / 100)
    }
    if (TRACKS[key] === undefined || topic.startsWith('ev/')) return
    const track = this.#tracks.get(topic) ?? { key, changes: [] }
    this.#tracks.set(topic, track)
    track.changes.push({ at, on: payload === UNKNOWN ? null : payload === 'ON' })
  }

  /** Rows in the order of the house: the plug first, what it means for the house last. With several cars each has its own. */
  picture(start: Instant, end: Instant, columns: number | null, paint: Paint): string[] {
    const all = [...this.#tracks]
    const tracks = Object.keys(TRACKS).flatMap(key =>
      all
        .filter(([, told]) => told.key === key)
        .map(([topic, { changes }], _, same) => ({
          name:
            same.length > 1 ? `${TOLD[key]} (${topic.split('/').at(-2)?.replaceAll('_', ' ')})` : (TOLD[key] ?? key),
          tone: TRACKS[key] ?? 'good',
          changes,
        })),
    )
    return timeline(tracks, { start, end, columns: Math.min(WIDEST, columns ?? WIDEST), paint })
  }

  /** `speed`: how many seconds of the house go by in one of the person's. */
  waiting(now: Instant, speed: number): string {
    const time = `${shortTime(now)} ${zoneOf(now)}`
    const done = [...this.#histories.values()]
    const share = done.length === 0 ? 1 : done.reduce((sum, each) => sum + each, 0) / done.length
    if (share >= 1 || this.#historySince === null) return `${time}  ${this.#now()}`
    const left = timeLeft(share, now - this.#historySince)
    return `${time}  history ${progress(share, left === null ? null : left / speed, BAR)}`
  }

  #now(): string {
    const on = (key: string) => [...this.#tracks.values()].some(told => told.key === key && told.changes.at(-1)?.on)
    const said = Object.keys(TRACKS).filter(on)
    return said.length === 0 ? 'nothing is on' : said.map(key => TOLD[key]).join(' · ')
  }
}
