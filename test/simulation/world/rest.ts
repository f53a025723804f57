/**
 * Lets everything that was set going come to rest: promises, ticks, streams, immediates. Nothing in a world waits for
 * anything else but virtual time: it has no socket, and reads and writes its disk at once.
 */

/** Counts the immediates of libraries that have not run yet: while there are any, nothing rests. */
export class Immediates {
  #waiting = 0

  readonly asked = (): void => {
    this.#waiting += 1
  }

  readonly ran = (): void => {
    this.#waiting -= 1
  }

  get none(): boolean {
    return this.#waiting === 0
  }
}

/** Node's own: those of libraries are counted. */
const { setImmediate } = globalThis

/**
 * Turns that are asked for at once. Node runs what is promised and all ticks between two of them, and all of them in one
 * pass of the event loop, which costs as much as ten turns. What is sent to the broker takes passes of its own, and
 * mostly comes with the third timer.
 */
const TURNS = 4

/** Calls `proceed` whenever everything is at rest, until it says that there is nothing left to do. */
export function eachTimeAtRest(immediates: Immediates, proceed: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let ended = false
    const turn = (isLast: boolean): void => {
      if (ended) return
      try {
        if (immediates.none) ended = !proceed()
        if (ended) resolve()
      } catch (error) {
        ended = true
        reject(error)
      }
      if (isLast && !ended) pass()
    }
    const pass = (): void => {
      for (let each = 1; each <= TURNS; each += 1) setImmediate(turn, each === TURNS)
    }
    pass()
  })
}

export const comeToRest = (immediates: Immediates): Promise<void> => eachTimeAtRest(immediates, () => false)
