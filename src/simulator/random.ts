/** Chance that can be repeated: the same seed gives the same household, whatever machine and speed it runs on. */
export interface Random {
  /** Evenly in [0, 1). */
  next(): number
  between(low: number, high: number): number
  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number
  chance(probability: number): boolean
  pick<T>(list: readonly [T, ...T[]]): T
  /** Log-normal by its median and 95th percentile: the shape of every waiting time that was measured. */
  lognormal(median: number, p95: number): number
  exponential(mean: number): number
  normal(mean: number, deviation: number): number
  /** A stream of its own, so that one more draw in one place moves nothing in another. */
  fork(name: string): Random
}

const Z95 = 1.6449

// Looked up once: within a test's sandbox each look at a global takes as long as the rest of a character's hash.
const { imul } = Math

/** 32-bit FNV-1a with a final mix. */
function hash(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i += 1) h = imul(h ^ text.charCodeAt(i), 0x01000193)
  h = imul(h ^ (h >>> 16), 0x85ebca6b)
  h = imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** A number in [0, 1) that depends on nothing but its arguments. */
export const fractionOf = (...keys: readonly (string | number)[]): number => hash(keys.join('/')) / 2 ** 32

export function seededRandom(seed: string | number): Random {
  let state = hash(String(seed))
  // mulberry32
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const normal = (mean: number, deviation: number): number =>
    mean + deviation * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
  const whole = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1))
  return {
    next,
    between: (low, high) => low + next() * (high - low),
    whole,
    chance: probability => next() < probability,
    pick: list => list[whole(0, list.length - 1)] ?? list[0],
    lognormal: (median, p95) => median * Math.exp(normal(0, Math.log(p95 / median) / Z95)),
    exponential: mean => -mean * Math.log(1 - next()),
    normal,
    fork: name => seededRandom(`${seed}/${name}`),
  }
}
