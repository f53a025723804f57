/** What generated snapshots are made of: strange words, impossible times, numbers that are none. */
import fc from 'fast-check'

export const words = fc.string({ unit: 'binary', maxLength: 300 })
export const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary)
export const instant = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2040, 0, 1) })
export const strangeInstant = fc.oneof({ weight: 20, arbitrary: instant }, fc.constantFrom(-1, 9e15, Number.NaN))
export const strangeAmount = fc.oneof(fc.double({ min: -100, max: 100 }), fc.double())
