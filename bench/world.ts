/** What a policy lives in: a clock, the charger's topics, and an Octopus that answers from the recording. */
import { type Instant, SECOND } from '../src/clock.ts'
import type { DispatchRow } from '../src/intelligent/types.ts'
import { type Random, seededRandom } from '../src/simulator/random.ts'
import { type BenchClock, benchClock } from './clock.ts'
import { type Message, momentAt, type Recording } from './recording.ts'

/** What Octopus said, and when that was known. */
export interface Reply {
  readonly askedAt: Instant
  readonly at: Instant
  readonly state: string
  readonly rows: readonly DispatchRow[]
}

/** To Octopus, and back again. */
const ONE_WAY = 0.3 * SECOND

export class World {
  readonly recording: Recording
  readonly clock: BenchClock
  readonly random: Random
  readonly calls: Instant[] = []
  readonly replies: Reply[] = []

  constructor(recording: Recording) {
    this.recording = recording
    this.clock = benchClock(recording.begin)
    this.random = seededRandom(`${recording.seed}/policy`)
  }

  /** One dispatch request. */
  ask(then: (reply: Reply) => void): void {
    const askedAt = this.clock.now()
    this.calls.push(askedAt)
    this.clock.after(ONE_WAY, () => {
      const read = this.clock.now()
      const { state, rows } = momentAt(this.recording, read)
      const listed = rows.filter(row => row.end > read)
      this.clock.after(ONE_WAY, () => {
        const reply = { askedAt, at: this.clock.now(), state, rows: listed }
        this.replies.push(reply)
        then(reply)
      })
    })
  }

  /** Tells what the charger says, as it says it. The first of each topic is what the broker had kept. */
  listen(hear: (message: Message, retained: boolean) => void): void {
    const { messages, begin } = this.recording
    const tell = (index: number): void => {
      const message = messages[index]
      if (message === undefined) return
      this.at(message.at, () => {
        hear(message, message.at === begin)
        tell(index + 1)
      })
    }
    tell(0)
  }

  at(at: Instant, task: () => void): void {
    this.clock.after(at - this.clock.now(), task)
  }

  run(): void {
    this.clock.runTo(this.recording.end)
  }
}
