/** Lets everything that was set going come to rest: promises, ticks, streams. Nothing in here waits for time. */

/** Counts what crosses a border: bytes to and from the broker, requests and answers. While it counts, nothing rests. */
export class Activity {
  #count = 0

  readonly note = (): void => {
    this.#count += 1
  }

  get count(): number {
    return this.#count
  }
}

/** Node's own: those of libraries are counted. */
const { setImmediate } = globalThis

/** An answer's body or a packet takes a pass or two of the event loop from one border to the next. */
const QUIET_PASSES = 2

/**
 * Turns that are asked for at once. Node runs what is promised and ticks between two of them, and all of them in one pass
 * of the event loop: most timers set nothing going that takes a pass of its own.
 */
const TURNS = 32

/**
 * Calls `proceed` whenever everything is at rest, until it says that there is nothing left to do. What it sets going has
 * come to rest where nothing was counted from its end to the next turn, or else in the passes after the last count.
 */
export function eachTimeAtRest(activity: Activity, proceed: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let noted = activity.count
    /** Quiet passes still to come; 0 where nothing was counted. */
    let passes = 0
    let ended = false
    const look = (): void => {
      if (activity.count !== noted) {
        noted = activity.count
        passes = QUIET_PASSES
        return
      }
      if (passes > 0) passes -= 1
      if (passes > 0) return
      ended = !proceed()
      noted = activity.count
      if (ended) resolve()
    }
    const turn = (isFirst: boolean, isLast: boolean): void => {
      if (ended) return
      try {
        // While something is on its way, only whole passes count.
        if (passes === 0 || isFirst) look()
      } catch (error) {
        ended = true
        reject(error)
      }
      if (isLast && !ended) pass()
    }
    const pass = (): void => {
      const turns = passes > 0 ? 1 : TURNS
      for (let each = 1; each <= turns; each += 1) setImmediate(turn, each === 1, each === turns)
    }
    pass()
  })
}

export const comeToRest = (activity: Activity): Promise<void> => eachTimeAtRest(activity, () => false)
