/** Whether a state of the account differs in anything that must outlast a crash from the one that was written last. Pure. */
import type { AccountState, CarState } from '../intelligent/state.ts'
import type { CarSignals } from '../vehicle/types.ts'
import { share } from './share.ts'

/** A power topic that speaks every second is not worth a write, nor is the time that goes by. */
export const isWorthAWrite = (written: AccountState, state: AccountState): boolean =>
  !isSame(written, state, {
    evaluatedAt: always,
    cars: (was, is) => was.length === is.length && is.every((car, index) => isSameCar(was[index], car)),
  })

/** For some fields, how they are compared; all others are the same where they say the same. */
type Comparisons<T> = { readonly [Field in keyof T]?: (was: T[Field], is: T[Field]) => boolean }

const always = (): boolean => true

// Two states have the same fields: those of a stored one are completed when it is read.
function isSame<T extends object>(was: T, is: T, comparisons: Comparisons<T>): boolean {
  for (const field of Object.keys(is) as (keyof T)[]) {
    if (Object.is(was[field], is[field])) continue
    const compare = comparisons[field] ?? saysTheSame
    if (!compare(was[field], is[field])) return false
  }
  return true
}

const saysTheSame = (was: unknown, is: unknown): boolean => Object.is(share(was, is), was)

const SIGNALS: Comparisons<CarSignals> = {
  charging: (was, is) => isSame(was, is, { lastHeardAt: always }),
  power: (was, is) => isSame(was, is, { lastHeardAt: always, watts: always, wattsAt: always }),
}

const CAR: Comparisons<CarState> = { drawn: always, signals: (was, is) => isSame(was, is, SIGNALS) }

const isSameCar = (was: CarState | undefined, is: CarState): boolean =>
  was === is || (was !== undefined && isSame(was, is, CAR))
