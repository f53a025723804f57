/** Coordinate descent over lists of values, and what is left of a crowd of points when the worse ones are gone. Pure. */

/** What a value of each key may be, as it is written in a configuration. */
export type Space = Readonly<Record<string, readonly string[]>>
export type Choice = Readonly<Record<string, string>>

/**
 * Goes from key to key, takes the value that costs least while the others stay, and goes round until nothing gets better
 * or `rounds` are over. The same choice is never priced twice if `cost` remembers.
 */
export function descend(space: Space, start: Choice, cost: (choice: Choice) => number, rounds: number): Choice {
  let best = start
  let least = cost(start)
  for (let round = 0; round < rounds; round += 1) {
    const before = least
    for (const [key, values] of Object.entries(space)) {
      for (const value of values) {
        const choice = { ...best, [key]: value }
        const price = value === best[key] ? least : cost(choice)
        if (price < least) [best, least] = [choice, price]
      }
    }
    if (least === before) break
  }
  return best
}

export interface Point {
  readonly requestsPerDay: number
  readonly wrongMinutesPerDay: number
}

/** The points than which no other is better in one figure and not worse in the other; fewest requests first. */
export function frontier<P extends Point>(points: readonly P[]): P[] {
  const sorted = [...points].sort(
    (a, b) => a.requestsPerDay - b.requestsPerDay || a.wrongMinutesPerDay - b.wrongMinutesPerDay,
  )
  let least = Number.POSITIVE_INFINITY
  return sorted.filter(({ wrongMinutesPerDay }) => {
    if (wrongMinutesPerDay >= least) return false
    least = wrongMinutesPerDay
    return true
  })
}
