import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { share } from '../../src/account/share.ts'

const plain = fc.jsonValue({ maxDepth: 4 })
const copy = <T>(value: T): T => structuredClone(value)

describe('share', () => {
  it('never changes what is said', () => {
    fc.assert(
      fc.property(plain, plain, (before, next) => {
        const [was, is] = [copy(before), copy(next)]
        expect(share(before, next)).toEqual(is)
        expect(before).toEqual(was)
        expect(next).toEqual(is)
      }),
    )
  })

  it('gives back the very object that was there where all of it is the same', () => {
    fc.assert(fc.property(plain, before => Object.is(share(before, copy(before)), before)))
  })

  it('keeps the parts that are the same, and only those', () => {
    const before = { account: { left: 3 }, cars: [{ rows: [1, 2] }, { rows: [] }] }
    const next = share(before, { account: { left: 2 }, cars: [{ rows: [1, 2] }, { rows: [3] }] })
    expect(next).toEqual({ account: { left: 2 }, cars: [{ rows: [1, 2] }, { rows: [3] }] })
    expect(next.cars[0]).toBe(before.cars[0])
    expect(next.cars[1]).not.toBe(before.cars[1])
    expect(next.cars).not.toBe(before.cars)
  })

  it('tells a list from an object, and a shorter list from a longer one', () => {
    expect(share({ 0: 1 }, [1])).toEqual([1])
    expect(share([1, 2], [1])).toEqual([1])
    expect(share([1], [1, 2])).toEqual([1, 2])
    expect(share({ a: 1 }, { b: undefined })).toEqual({ b: undefined })
  })
})
