import type { Clock } from '../clock.ts'

/** What comes of the promise, or the error of `late` after `limit` milliseconds. */
export function within<T>(clock: Clock, limit: number, promise: Promise<T>, late: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(limit, () => reject(late()))
    promise.then(
      value => {
        cancel()
        resolve(value)
      },
      error => {
        cancel()
        reject(error)
      },
    )
  })
}
