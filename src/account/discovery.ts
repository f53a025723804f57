/**
 * Finds out what the key can see: the account, its import meters, its tariff and its cars. Kept in the store, so that a
 * start needs no answer of Octopus; looked up again once a day. A meter that Octopus no longer lists stays until it is gone.
 */
import { alarm, type Cancel, type Clock, HOUR, type Instant, MINUTE } from '../clock.ts'
import { BridgeError, describeError, type ErrorCode } from '../errors.ts'
import { isIntelligentProduct } from '../intelligent/dispatching.ts'
import type { Log } from '../log.ts'
import type { Octopus } from '../octopus/octopus.ts'
import type { AccountFacts } from '../octopus/parse-account.ts'
import { isLiveCar, MOST_CARS } from '../octopus/parse-devices.ts'
import type { Values } from '../store/values.ts'
import { toIso } from '../time/london.ts'
import { aKeptFound, type Found, type KeptFound } from './found.ts'
import { withKnownMeters } from './known-meters.ts'

export interface DiscoveryOptions {
  readonly clock: Clock
  readonly log: Log
  readonly values: Values
  readonly octopus: Pick<Octopus, 'accounts' | 'account' | 'devices'>
  /** Of the API key: another key may see another account. */
  readonly keyDigest: string
  /** `octopus.account`, or null: the first account with electricity. */
  readonly wanted: string | null
  /** Called with what the store knew, and with every new answer. */
  readonly onFound: (found: Found) => void
  /** An attempt ended, well (null) or not. */
  readonly onOutcome: (error: BridgeError | null) => void
}

/** Under which name the store has it. */
const KEY = 'found'

const EVERY = 24 * HOUR
/** An Intelligent tariff without a car is a mistake of somebody's, or about to be mended: nobody should wait a day for it. */
const EVERY_WITHOUT_CARS = HOUR

const again = ({ at, account, cars }: Found): Instant =>
  at + (cars.length === 0 && isIntelligentProduct(account.productCode) ? EVERY_WITHOUT_CARS : EVERY)

/** The first wait after a failure, and the longest; it doubles. What a person or time has to mend is asked for slowly. */
const RETRY = { first: MINUTE, most: HOUR }
const RETRY_SLOWLY = { first: 5 * MINUTE, most: HOUR }
const SLOW: readonly ErrorCode[] = ['OCTOPUS_BLOCKED', 'OCTOPUS_KEY_REJECTED', 'OCTOPUS_FORBIDDEN', 'ACCOUNT_NOT_FOUND']
const THROTTLED_WAIT = 2 * MINUTE

export class Discovery {
  readonly #options: DiscoveryOptions
  #cancel: Cancel = () => {}
  #looking: Promise<void> | null = null
  #failures = 0
  #nextLook: Instant | null = null
  #found: Found | null = null
  #stopped = false

  constructor(options: DiscoveryOptions) {
    this.#options = options
  }

  get found(): Found | null {
    return this.#found
  }

  /** When the next attempt is due while the account is not known. */
  get nextLook(): Instant | null {
    return this.#found === null ? this.#nextLook : null
  }

  start(): void {
    const { clock } = this.#options
    const stored = this.#stored
    if (stored !== null) this.#take(stored)
    const now = clock.now()
    // Read in the future is read by a clock that was wrong.
    this.#lookAt(stored !== null && stored.at <= now + HOUR ? Math.max(now, again(stored)) : now)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#cancel()
    await this.#looking
  }

  /** What was found last, if it is what would be found now. */
  get #stored(): Found | null {
    const { values, keyDigest, wanted } = this.#options
    const kept = values.get<KeptFound>(KEY, aKeptFound)
    if (kept === null) return null
    const isChosenAlike = kept.wanted === null && kept.keyDigest === keyDigest
    const isSame = wanted === null ? isChosenAlike : kept.found.account.number === wanted
    return isSame ? kept.found : null
  }

  #take(found: Found): void {
    this.#found = found
    this.#options.onFound(found)
  }

  #lookAt(at: Instant): void {
    if (this.#stopped) return
    const { clock } = this.#options
    const look = () => {
      this.#cancel()
      this.#looking = this.#look().finally(() => {
        this.#looking = null
      })
    }
    // The clock on the wall may be set back by a year, and the other one stands still while the machine sleeps.
    const cancels = [alarm(clock, at, look), clock.after(Math.max(0, at - clock.now()), look)]
    this.#cancel = () => {
      for (const cancel of cancels) cancel()
    }
  }

  async #look(): Promise<void> {
    const { clock, log, values, keyDigest, wanted, onOutcome } = this.#options
    try {
      const found = await this.#ask()
      // Nobody is left to be told: an account that began now would outlive the store.
      if (this.#stopped) return
      values.set(KEY, { keyDigest, wanted, found } satisfies KeptFound)
      this.#failures = 0
      log.info(
        { cars: found.cars.length, meters: importMeters(found.account).length, product: found.account.productCode },
        'account read',
      )
      // In this order: an outcome without an account would show the bridge alone, and `online` before the rest.
      this.#take(found)
      onOutcome(null)
      this.#lookAt(again(found))
    } catch (thrown) {
      if (this.#stopped) return
      const error =
        thrown instanceof BridgeError ? thrown : new BridgeError('OCTOPUS_BAD_ANSWER', describeError(thrown))
      this.#failures += 1
      const next = Math.max(clock.now() + waitAfter(error, this.#failures), numberOr(error.details.at, 0))
      log.warn({ code: error.code, nextTry: toIso(next) }, `account: ${error.message}`)
      this.#nextLook = next
      onOutcome(error)
      this.#lookAt(next)
    }
  }

  async #ask(): Promise<Found> {
    const { clock, log, octopus, wanted } = this.#options
    const numbers = wanted === null ? await octopus.accounts() : [wanted]
    if (numbers.length > 1)
      log.info({ accounts: numbers.length }, 'the key sees several accounts: set octopus.account to choose')
    const { account, missing } = (await this.#askKnown(numbers)) ?? this.#heard(await chooseAccount(octopus, numbers))
    const devices = await octopus.devices(account.number)
    const cars = devices.filter(isLiveCar).slice(0, MOST_CARS)
    return { at: clock.now(), account, missing, cars }
  }

  /** Of several accounts the one that was chosen stays so while a meter of it is known, whatever one answer leaves out. */
  async #askKnown(numbers: readonly string[]): Promise<Pick<Found, 'account' | 'missing'> | null> {
    const known = this.#found?.account.number
    if (known === undefined || numbers.length < 2 || !numbers.includes(known)) return null
    const heard = this.#heard(await this.#options.octopus.account(known))
    return importMeters(heard.account).length > 0 ? heard : null
  }

  /** With the meters that the answer leaves out and that are not gone. */
  #heard(answered: AccountFacts): Pick<Found, 'account' | 'missing'> {
    const { clock, log } = this.#options
    const heard = withKnownMeters(answered, this.#found, clock.now())
    const missing = Object.keys(heard.missing).length
    if (missing > 0)
      log.info({ missing }, 'Octopus does not list every meter that is known: they stay until several answers agree')
    return heard
  }
}

/** The account that the daemon takes: the first with electricity that is imported, else the first. */
export async function chooseAccount(
  octopus: Pick<Octopus, 'account'>,
  numbers: readonly string[],
): Promise<AccountFacts> {
  const read: AccountFacts[] = []
  for (const number of numbers) {
    const account = await octopus.account(number)
    if (importMeters(account).length > 0) return account
    read.push(account)
  }
  const [first] = read
  if (first === undefined)
    throw new BridgeError('ACCOUNT_NOT_FOUND', 'The API key sees no account: check octopus.api_key and octopus.account')
  return first
}

/** Milliseconds to wait after the nth failure in a row. */
function waitAfter(error: BridgeError, failures: number): number {
  if (error.code === 'OCTOPUS_NOT_ADMITTED' || error.code === 'OCTOPUS_TOKENS_SPENT') return 0
  const { first, most } = SLOW.includes(error.code) ? RETRY_SLOWLY : RETRY
  const wait = Math.min(first * 2 ** (failures - 1), most)
  if (error.code !== 'OCTOPUS_THROTTLED') return wait
  return Math.max(wait, THROTTLED_WAIT, numberOr(error.details.retryAfterMs, 0))
}

const numberOr = (value: unknown, otherwise: number): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : otherwise

/** Every import meter in use, as MPAN and serial number. */
export const importMeters = (account: AccountFacts): { mpan: string; serial: string }[] =>
  account.meterPoints
    .filter(point => point.direction === 'import')
    .flatMap(({ mpan, serials }) => serials.map(serial => ({ mpan, serial })))
