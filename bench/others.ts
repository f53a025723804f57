/**
 * What others do today, each by its own rules, behind the limiter that all of them share. Between two requests each shows
 * its last answer, evaluated at every edge: that is better than a tick of a minute, so none is made worse than it is.
 */
import { HOUR, type Instant, MINUTE, SECOND } from '../src/clock.ts'
import { covers } from '../src/intelligent/rows.ts'
import type { Tri } from '../src/intelligent/types.ts'
import type { Shown } from './ours.ts'
import { addStep, type Step } from './steps.ts'
import type { Reply, World } from './world.ts'

const PER_HOUR = 20
const MANUAL_GAP = MINUTE
const THREE_MINUTES = 3 * MINUTE
const FIVE_MINUTES = 5 * MINUTE

/** The state of the integration: the last answer, and 20 requests in an hour that begins with the first of them. */
class Integration {
  last: Reply | null = null
  readonly #world: World
  #windowFrom: Instant = Number.NEGATIVE_INFINITY
  #used = 0

  constructor(world: World) {
    this.#world = world
  }

  /** Asks unless the limiter refuses; `then` comes in either case. */
  refresh(manual: boolean, then: () => void = () => {}): void {
    const now = this.#world.clock.now()
    if (now - this.#windowFrom >= HOUR) {
      this.#windowFrom = now
      this.#used = 0
    }
    const tooSoon = manual && this.last !== null && now - this.last.at < MANUAL_GAP
    if (this.#used >= PER_HOUR || tooSoon) {
      then()
      return
    }
    this.#used += 1
    this.#world.ask(reply => {
      this.last = reply
      then()
    })
  }
}

/** Every `every` from `first` on, whatever happens. */
function repeat(world: World, first: Instant, every: number, task: () => void): void {
  world.at(first, () => {
    repeat(world, first + every, every, task)
    task()
  })
}

const nextMark = (now: Instant, every: number): Instant => Math.ceil(now / every) * every

/** Each of its automations waits for up to a second, so that not everybody asks at once. */
const jitter = (world: World): number => world.random.between(0.001 * SECOND, 0.999 * SECOND)

export function everyThreeMinutes(world: World): void {
  const integration = new Integration(world)
  const phase = world.random.between(0, THREE_MINUTES)
  repeat(world, world.clock.now() + phase, THREE_MINUTES, () => integration.refresh(false))
}

/** 30 s after the plug goes in or comes out, and every 3 minutes by the clock while it is in. */
export function blueprint(world: World): void {
  const integration = new Integration(world)
  const { clock } = world
  let plugged = false
  const soon = () => clock.after(jitter(world), () => integration.refresh(true))
  world.listen(({ topic, payload }, retained) => {
    if (topic !== 'ev/plugged') return
    plugged = payload === 'true'
    const said = plugged
    if (!retained) clock.after(30 * SECOND, () => (said === plugged ? soon() : undefined))
  })
  repeat(world, nextMark(clock.now(), THREE_MINUTES), THREE_MINUTES, () => {
    if (plugged) soon()
  })
}

/**
 * After plugging in 60 s, then again each 60 s while nothing is planned, 5 times in all. On everything else, one request
 * unless the last is less than 3 minutes old: every 5 minutes by the clock, when charging begins or ends, when the charger's
 * first session changes, and 1 minute after unplugging. Nothing while the car is out and Octopus says so.
 */
export function seedAuthor(world: World): void {
  const integration = new Integration(world)
  const { clock } = world
  let plugged = false
  const isWatched = () =>
    plugged || ['SMART_CONTROL_IN_PROGRESS', 'SMART_CONTROL_CAPABLE'].includes(integration.last?.state ?? '')
  const trigger = () =>
    clock.after(jitter(world), () => {
      if (isWatched() && clock.now() - (integration.last?.askedAt ?? 0) >= THREE_MINUTES) integration.refresh(true)
    })
  const settle = (left: number): void => {
    clock.after(MINUTE, () =>
      integration.refresh(true, () => {
        if (left > 1 && (integration.last?.rows.length ?? 0) === 0) settle(left - 1)
      }),
    )
  }
  world.listen(({ topic, payload }, retained) => {
    if (topic === 'ev/plugged') {
      plugged = payload === 'true'
      if (plugged) settle(5)
      else if (!retained) clock.after(MINUTE, () => (plugged ? undefined : trigger()))
    } else if (!retained && topic !== 'ev/power') trigger()
  })
  repeat(world, nextMark(clock.now(), FIVE_MINUTES), FIVE_MINUTES, trigger)
}

/** The last answer says so: the car is under smart control and a smart row covers the instant. */
const says = ({ state, rows }: Reply, at: Instant): boolean =>
  state === 'SMART_CONTROL_IN_PROGRESS' && rows.some(row => row.type === 'SMART' && covers(row, at))

/** What a consumer shows who follows every edge of the last answer by a clock of their own. */
export function shownBy({ replies, recording }: World): Shown {
  const active: Step<Tri>[] = [{ at: recording.begin, value: false }]
  replies.forEach((reply, index) => {
    const until = replies[index + 1]?.at ?? recording.end
    const edges = reply.rows.flatMap(row => [row.start, row.end]).filter(at => at > reply.at && at < until)
    for (const at of [reply.at, ...edges.sort((a, b) => a - b)]) addStep(active, at, says(reply, at))
  })
  return { active, cheap: active }
}
