/**
 * How these tests run a property: `HOSTILE_RUNS=20` makes each twenty times as long, and a failure prints what replays it.
 */
import { expect } from '@jest/globals'
import fc from 'fast-check'

const times = Number(process.env.HOSTILE_RUNS ?? 1)
const seed = process.env.HOSTILE_SEED
const path = process.env.HOSTILE_PATH

/** Milliseconds that a test may take, which are many on a long hunt. */
export const PATIENCE = 20_000 * Math.max(1, times)

const command = ({ seed: failed, counterexamplePath }: { seed: number; counterexamplePath: string | null }): string => {
  const { testPath, currentTestName } = expect.getState()
  const file = testPath?.slice(testPath.indexOf('test/hostile')) ?? 'test/hostile'
  const name = (currentTestName ?? '').replaceAll(/[^\w ]/g, '.')
  return `HOSTILE_SEED=${failed} HOSTILE_PATH=${counterexamplePath ?? ''} npm test -- ${file} -t '${name}'`
}

/** Holds the property for so many values, times HOSTILE_RUNS. */
export async function holds<T extends unknown[]>(
  property: fc.IAsyncPropertyWithHooks<T> | fc.IPropertyWithHooks<T>,
  numRuns: number,
): Promise<void> {
  const details = await fc.check(property as fc.IAsyncPropertyWithHooks<T>, {
    numRuns: Math.max(1, Math.round(numRuns * times)),
    // So that a failure is told with its seed before Jest loses patience, shrunk or not.
    interruptAfterTimeLimit: PATIENCE * 0.75,
    ...(seed === undefined ? {} : { seed: Number(seed) }),
    ...(path === undefined ? {} : { path, endOnFailure: true }),
  })
  if (!details.failed) return
  const why = String((details.errorInstance as Error | null)?.stack ?? details.errorInstance)
  throw new Error(`replay: ${command(details)}\n${why}\n${fc.defaultReportMessage(details)}`)
}

/** Throws where `work` took longer than so many milliseconds: no input may hold up the edge of a dispatch for long. */
export function quickly<T>(work: () => T, most: number): T {
  const began = performance.now()
  const result = work()
  const took = performance.now() - began
  if (took > most) throw new Error(`it took ${Math.round(took)} ms, and may take ${most}`)
  return result
}
