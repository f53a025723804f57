import { MINUTE, SECOND } from '../clock.ts'

const FIRST = SECOND
const LONGEST = MINUTE

/**
 * Milliseconds to wait before the next try, after `failures` that were not the first: 1, 2, 4 ... 60 s, each shortened by
 * up to half, so that many clients of a broker that comes back do not all arrive at once. `random` is in [0, 1).
 */
export const backoff = (failures: number, random: number): number =>
  Math.min(LONGEST, FIRST * 2 ** failures) * (1 - random / 2)
