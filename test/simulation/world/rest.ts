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

const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

/** An answer's body or a packet takes a turn or two of the event loop from one border to the next. */
const QUIET_TURNS = 2

export async function comeToRest(activity: Activity): Promise<void> {
  let before = activity.count
  await turn()
  if (activity.count === before) return
  for (let quiet = 0; quiet < QUIET_TURNS; ) {
    before = activity.count
    await turn()
    quiet = activity.count === before ? quiet + 1 : 0
  }
}
