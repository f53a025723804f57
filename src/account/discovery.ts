/**
 * Finds out what the key can see: the account, its import meters, its tariff and its cars. Kept in the store, so that a
 * start needs no answer of Octopus; looked up again once a day. What Octopus no longer lists stays as it is here.
 */
import { alarm, type Cancel, type Clock, HOUR, type Instant, MINUTE } from '../clock.ts'
import { BridgeError, describeError, type ErrorCode } from '../errors.ts'
import { isIntelligentProduct } from '../intelligent/dispatching.ts'
import { someFacts } from '../intelligent/stored.ts'
import type { DeviceFacts } from '../intelligent/types.ts'
import type { Log } from '../log.ts'
import type { Agreement, GasMeterPoint, Meter, MeterPoint } from '../octopus/meter-points.ts'
import type { Octopus } from '../octopus/octopus.ts'
import { type AccountFacts, isAccountNumber } from '../octopus/parse-account.ts'
import { isLiveCar, MOST_CARS } from '../octopus/parse-devices.ts'
import { addedLater, aFlag, anInstant, aText, fields, listOf, oneOf, orNull } from '../shape.ts'
import type { Values } from '../store/values.ts'
import { toIso } from '../time/london.ts'
import { withKnownMeters } from './known-meters.ts'

export interface Found {
  readonly at: Instant
  readonly account: AccountFacts
  /** Live cars and charge points. */
  readonly cars: readonly DeviceFacts[]
}

const name = orNull(aText)

const agreement = fields<Agreement>({
  productCode: name,
  tariffCode: name,
  tariffType: addedLater(name),
  validFrom: orNull(anInstant),
  validTo: orNull(anInstant),
})

const meter = fields<Meter>({
  serial: aText,
  type: name,
  isSmart: orNull(aFlag),
  manufacturer: name,
  model: name,
  unit: oneOf('kWh', 'm3', null),
})

const meterPoint = fields<MeterPoint>({
  mpan: aText,
  direction: oneOf('import', 'export'),
  serials: listOf(aText),
  meters: addedLater(listOf(meter)),
  agreements: listOf(agreement),
})

const gasMeterPoint = fields<GasMeterPoint>({ mprn: aText, meters: listOf(meter), agreements: listOf(agreement) })

/** The shape in which it comes back, also from a version that knew electricity alone. */
const aFound = fields<Found>({
  at: anInstant,
  account: fields<AccountFacts>({
    number: isAccountNumber,
    meterPoints: listOf(meterPoint),
    gasMeterPoints: addedLater(orNull(listOf(gasMeterPoint))),
    productCode: name,
  }),
  cars: listOf(someFacts),
})

/** With nothing known where an earlier version kept nothing. */
const completed = (stored: Found): Found => ({
  ...stored,
  account: {
    ...stored.account,
    gasMeterPoints: stored.account.gasMeterPoints ?? null,
    meterPoints: stored.account.meterPoints.map(point => ({
      ...point,
      meters: point.meters ?? point.serials.map(unknownMeter),
      agreements: point.agreements.map(each => ({ ...each, tariffType: each.tariffType ?? null })),
    })),
  },
})

const unknownMeter = (serial: string): Meter => ({
  ...{ serial, type: null, isSmart: null, manufacturer: null, model: null },
  unit: 'kWh',
})

export interface DiscoveryOptions {
  readonly clock: Clock
  readonly log: Log
  readonly values: Values
  readonly octopus: Pick<Octopus, 'accounts' | 'account' | 'devices'>
  /** `octopus.account`, or null: the first account with electricity. */
  readonly wanted: string | null
  /** Called with what the store knew, and with every new answer. */
  readonly onFound: (found: Found) => void
  /** An attempt ended, well (null) or not. */
  readonly onOutcome: (error: BridgeError | null) => void
}

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
    const { clock, values } = this.#options
    const stored = values.get<Found>(this.#key, aFound)
    if (stored !== null) this.#take(completed(stored))
    const isWhole = stored !== null && stored.account.gasMeterPoints !== undefined
    const now = clock.now()
    // Read in the future is read by a clock that was wrong.
    this.#lookAt(isWhole && stored.at <= now + HOUR ? Math.max(now, again(stored)) : now)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#cancel()
    await this.#looking
  }

  get #key(): string {
    return `found:${this.#options.wanted ?? 'any'}`
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
    const { clock, log, values, onOutcome } = this.#options
    try {
      const found = await this.#ask()
      // Nobody is left to be told: an account that began now would outlive the store.
      if (this.#stopped) return
      values.set(this.#key, found)
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
    const chosen = await chooseAccount(octopus, numbers)
    if (numbers.length > 1)
      log.info({ accounts: numbers.length }, 'the key sees several accounts: set octopus.account to choose')
    const devices = await octopus.devices(chosen.number)
    const cars = devices.filter(isLiveCar).slice(0, MOST_CARS)
    return { at: clock.now(), account: withKnownMeters(chosen, this.#found?.account ?? null, clock.now()), cars }
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

/** Stands for an account that is configured by its number and that Octopus has not told us of yet. */
export const provisional = (number: string): Found => ({
  at: 0,
  account: { number, meterPoints: [], gasMeterPoints: null, productCode: null },
  cars: [],
})

export const isProvisional = (found: Found): boolean => found.at === 0

/** Every import meter in use, as MPAN and serial number. */
export const importMeters = (account: AccountFacts): { mpan: string; serial: string }[] =>
  account.meterPoints
    .filter(point => point.direction === 'import')
    .flatMap(({ mpan, serials }) => serials.map(serial => ({ mpan, serial })))
