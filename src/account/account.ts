/**
 * One account, alive: engine, refresher, vehicles and meters tied together. News goes in, a snapshot comes out after
 * every change; events (plan changes, modes, notices) beside it.
 */
import type { Clock, Instant } from '../clock.ts'
import { type PlanChange, planChanges } from '../entities/plan-changes.ts'
import type { BridgeError } from '../errors.ts'
import { onAnswer } from '../intelligent/answers.ts'
import { withCars, withoutGone } from '../intelligent/cars.ts'
import { type Rules, rulesFor } from '../intelligent/dispatching.ts'
import { onCall } from '../intelligent/events.ts'
import { NOTICE_ACTIONS } from '../intelligent/notices.ts'
import { offPeakWithin, type TariffWindows } from '../intelligent/off-peak.ts'
import type { IntelligentSettings, RefreshSettings } from '../intelligent/settings.ts'
import { newCar } from '../intelligent/state.ts'
import type { Answer, DeviceFacts } from '../intelligent/types.ts'
import { carName } from '../intelligent/view.ts'
import type { Log } from '../log.ts'
import { type MeterSettings, Meters, type MetersOptions } from '../meters/meters.ts'
import type { Octopus } from '../octopus/octopus.ts'
import { isLiveCar } from '../octopus/parse-devices.ts'
import type { MeterView, Notice, RefreshMode, Snapshot } from '../snapshot.ts'
import type { Store } from '../store/open.ts'
import type { Interval } from '../time/london.ts'
import { boundCars, type CarBinding } from './bindings.ts'
import { Engine, type EngineOptions } from './engine.ts'
import { type Found, isProvisional } from './found.ts'
import { Identities } from './identities.ts'
import { installation } from './installation.ts'
import { KeptHealth } from './kept-health.ts'
import { metersOf } from './meter-list.ts'
import { type EnergySource, meterSource } from './meter-source.ts'
import { NewStates } from './new-states.ts'
import { nextProduct, productAt } from './product.ts'
import { Refresher } from './refresher.ts'
import { share } from './share.ts'
import { ShellNews } from './shell-news.ts'
import { Showing } from './showing.ts'
import { silentPlugs } from './silent-plugs.ts'
import { freshUntil, type SnapshotInput } from './snapshot.ts'
import { Vehicles } from './vehicles.ts'

export interface AccountOptions {
  readonly clock: Clock
  readonly log: Log
  readonly store: Store
  readonly octopus: Pick<Octopus, 'poll'> &
    EnergySource & {
      readonly limiter: Pick<Octopus['limiter'], 'starts' | 'limits'>
    }
  readonly settings: IntelligentSettings
  readonly refresh: RefreshSettings
  readonly requestsPerHour: number
  readonly energy: MeterSettings
  /** `energy.gas.unit`; null: what Octopus says. */
  readonly gasUnit: 'kWh' | 'm3' | null
  readonly onStatistics?: MetersOptions['onStatistics']
  /** `octopus.name`, or null: the account's number in lower case. */
  readonly name: string | null
  readonly cars: readonly CarBinding[]
  readonly subscribe: (topics: readonly string[]) => void
  readonly onSnapshot: (snapshot: Snapshot) => void
  readonly onPlanChange: (carSlug: string, change: PlanChange) => void
  readonly onEdge?: NonNullable<EngineOptions['onEdge']>
  /** 0–1. */
  readonly random: () => number
}

export class Account {
  readonly #options: AccountOptions
  /** Its segment in topics. */
  readonly slug: string
  readonly #id: string
  readonly #engine: Engine
  readonly #refresher: Refresher
  readonly #vehicles: Vehicles
  readonly #meters: Meters
  readonly #startedAt: Instant
  #found: Found
  readonly #health: KeptHealth
  readonly #identities: Identities
  readonly #news = new ShellNews()
  readonly #newStates: NewStates
  #running = false
  #asking = false
  readonly #showing: Showing
  #product: string | null = null
  #windows: TariffWindows | null = null

  constructor(options: AccountOptions, found: Found) {
    const { clock, log, store, octopus, random, refresh } = options
    const { number } = found.account
    this.#options = options
    this.#found = found
    this.#startedAt = clock.now()
    this.#newStates = new NewStates(log)
    this.slug = options.name ?? number.toLowerCase()
    this.#identities = new Identities(store.devices, number)
    this.#id = this.#identities.account()
    this.#health = new KeptHealth({ clock, log, values: store.values, account: number })
    const mine = installation(store.values, random)
    this.#engine = new Engine({
      clock,
      log,
      values: store.values,
      key: `engine:1:${number}`,
      rules: this.#rules(),
      onChange: () => this.#show(),
      onMinute: () => this.#showAsDecided(),
      onJump: by => this.#jumped(by),
      ...(options.onEdge !== undefined && { onEdge: options.onEdge }),
      moreEdges: at => [this.#freshUntil(), nextProduct(this.#found, at)?.from ?? null, ...this.#news.edges()],
    })
    this.#refresher = new Refresher({
      clock,
      log,
      engine: this.#engine,
      refresh,
      phases: mine,
      random,
      source: {
        poll: callClass =>
          octopus.poll(
            number,
            this.#engine.state.cars.map(car => car.deviceId),
            callClass,
          ),
        starts: at => octopus.limiter.starts(at),
        limits: at => octopus.limiter.limits(at),
      },
      onAnswer: (answer, mode) => this.#answered(answer, mode),
      onFailed: (error, took) => this.outcome(error, took),
      onCalled: (at, { mode, reason }) => store.journal.append('refresh', { at, mode, reason }),
      onDecided: () => this.#showAsDecided(),
    })
    this.#vehicles = new Vehicles({
      clock,
      log,
      values: store.values,
      engine: this.#engine,
      subscribe: options.subscribe,
    })
    this.#meters = new Meters({
      clock,
      log,
      store,
      account: number,
      settings: options.energy,
      source: meterSource({
        octopus,
        account: number,
        paymentMethod: options.energy.paymentMethod,
        log,
        now: clock.now,
      }),
      phase: mine.readings,
      isHeld: () => this.#health.isTurnedAway,
      onStatistics: options.onStatistics,
      onChange: () => this.#show(),
    })
    this.#showing = new Showing({
      clock,
      engine: this.#engine,
      meters: this.#meters,
      input: (at, meters) => this.#input(at, meters),
      onSnapshot: options.onSnapshot,
      onMeters: at => this.#lookForWindows(at),
    })
  }

  /** Shows what the store knows at once, then begins to ask. */
  start(): void {
    this.use(this.#found)
    this.#engine.start()
    // Not before everything is known that the store knows: half of it would show a wrong state for a moment.
    this.#running = true
    this.#beginAsking()
    this.#show()
  }

  /** Only an account that Octopus has told us of is asked for its dispatches. */
  #beginAsking(): void {
    if (this.#asking || isProvisional(this.#found)) return
    this.#asking = true
    const { clock, refresh } = this.#options
    const { answeredAt } = this.#engine.state
    const old = answeredAt === null || clock.now() - answeredAt > refresh.startMaxAge
    if (old) this.#refresher.wish('start')
    this.#refresher.start()
  }

  async stop(): Promise<void> {
    this.#running = false
    this.#showing.stop()
    const meters = this.#meters.stop()
    await this.#refresher.stop()
    this.#vehicles.stop()
    this.#engine.stop()
    await meters
  }

  /** The account as it was just discovered again. */
  use(found: Found): void {
    this.#found = found
    this.#engine.useRules(this.#rules())
    this.#adopt(found.cars)
    this.#useMeters(found)
    if (this.#running) this.#beginAsking()
  }

  #useMeters({ account }: Found): void {
    const { log, gasUnit } = this.#options
    const { meters, unknownUnits } = metersOf(account, gasUnit)
    this.#meters.use(meters.map(meter => this.#identities.meter(meter)))
    for (const serial of unknownUnits)
      log.warn({ serial }, 'Octopus does not say what this gas meter counts in: set energy.gas.unit to kWh or m3')
  }

  onMessage(topic: string, payload: Buffer, retained: boolean): void {
    this.#vehicles.onMessage(topic, payload, retained)
  }

  /** The broker went away: nothing of the house is heard. */
  cutOff(): void {
    this.#vehicles.cutOff()
  }

  /** The broker is back, and what it retains was heard. */
  heardAgain(): void {
    this.#vehicles.heardAgain()
  }

  /** What the broker holds of a register of ours: of use where the store was lost. */
  hearRegister(slug: string, key: string, payload: string): void {
    this.#meters.hearRegister(slug, key, payload)
  }

  /** What the broker held of them was heard: they are published from here on. */
  registersTold(): void {
    this.#meters.registersTold()
  }

  /** Asks now, or at the first instant that the limits allow; returns that instant. */
  refresh(): Instant {
    this.#refresher.wish('manual')
    return this.#refresher.nextWished()
  }

  /** A call to Octopus ended, well (null) or with an error, having taken so many real milliseconds. */
  outcome(error: BridgeError | null, took: number): void {
    this.#noteOutcome(error, took)
    this.#show()
  }

  #noteOutcome(error: BridgeError | null, took: number): void {
    if (this.#health.note(error, took)) this.#meters.rearm()
  }

  /** Home Assistant does not take the statistics, or takes them again (null). */
  statisticsTrouble(trouble: BridgeError | null): void {
    this.#news.statistics(this.#options.clock.now(), trouble)
    this.#show()
  }

  /** Somebody else publishes as us. */
  secondDaemon(): void {
    this.#options.log.warn({}, NOTICE_ACTIONS.second_daemon)
    this.#news.secondDaemon(this.#options.clock.now())
    this.#show()
  }

  /** Instants that a health check holds against the time: our own next edge and next call. */
  get due(): { readonly edge: Instant; readonly refresh: Instant | null } {
    return {
      edge: this.#engine.nextEdge,
      refresh: this.#refresher.busy ? null : (this.#refresher.decision?.at ?? null),
    }
  }

  /** When the tariff itself is cheap for the whole house, between two instants, as far as it is known. */
  offPeak(from: Instant, until: Instant): Interval[] {
    const { offPeak } = this.#engine.rules
    return offPeak === null ? [] : offPeakWithin(offPeak, from, until)
  }

  get number(): string {
    return this.#found.account.number
  }

  get dataAt(): Instant | null {
    return this.#engine.state.answeredAt
  }

  get apiStatus(): string | null {
    return this.#health.status
  }

  #rules(): Rules {
    const { clock, settings, refresh } = this.#options
    const at = clock.now()
    this.#product = productAt(this.#found, at)
    const rules = rulesFor(settings, this.#product, refresh.eventConfirm, this.#windows)
    const next = nextProduct(this.#found, at)
    const goesOn = next === null || rulesFor(settings, next.product).offPeak?.kind === 'clock'
    if (goesOn || rules.offPeak?.kind !== 'clock') return rules
    return { ...rules, offPeak: { ...rules.offPeak, until: next.from } }
  }

  /** One agreement ended and another began, as was known: its night and its policy count from here on. */
  #lookForProduct(): void {
    const at = this.#options.clock.now()
    if (productAt(this.#found, at) === this.#product) return
    this.#windows = this.#meters.windows(at)
    this.#engine.useRules(this.#rules())
  }

  /** Gives cars their identities and listens for them. */
  #adopt(cars: readonly DeviceFacts[]): void {
    const { log, cars: bindings } = this.#options
    const found = this.#identities.cars(cars)
    this.#engine.change(state => withCars(state, found, car => newCar(car.id, car.slug, car.deviceId, car.facts)))
    const bound = boundCars(this.#engine.state.cars, bindings)
    for (const car of this.#engine.state.cars) {
      const binding = bound.get(car.deviceId)
      if (binding === undefined) {
        this.#vehicles.unbind(car.id)
        log.warn(
          { car: car.slug, deviceId: car.deviceId },
          `no topics are configured for ${carName(car)}: with several cars, make ev a list and give it device: ${car.deviceId}`,
        )
      } else this.#vehicles.bind(car.id, binding.spec)
    }
  }

  /** One answer is one change: everything that it means is shown together. */
  #answered(answer: Answer, mode: RefreshMode): void {
    const { clock, onPlanChange, store } = this.#options
    this.#noteOutcome(null, (answer.fetchedAt - answer.askedAt) / clock.speed)
    const listed = (answer.cars ?? []).flatMap(car => (car.facts !== null && isLiveCar(car.facts) ? [car.facts] : []))
    if (listed.some(facts => !this.#engine.state.cars.some(car => car.deviceId === facts.deviceId))) this.#adopt(listed)
    this.#newStates.note(answer)
    const before = this.#engine.state.cars
    this.#engine.changeAndKeep((state, rules) => {
      const called = onCall(state, mode, answer.askedAt)
      // Most of an answer is what the last one was: what is the same object need not be looked at again.
      return share(state, withoutGone(onAnswer(called, rules, answer)))
    })
    for (const car of this.#engine.state.cars) {
      const earlier = before.find(other => other.id === car.id)?.plan
      if (!earlier || !car.plan || earlier.rows === car.plan.rows) continue
      for (const change of planChanges(earlier.rows, car.plan.rows, answer.fetchedAt)) {
        store.journal.append('plan', { car: car.slug, ...change })
        onPlanChange(car.slug, change)
      }
    }
  }

  #jumped(by: number): void {
    const { clock, log } = this.#options
    this.#news.jumped(clock.now())
    if (by < 0) this.#refresher.clockSetBack()
    this.#meters.rearm()
    log.warn({ seconds: Math.round(by / 1000) }, NOTICE_ACTIONS.clock_jumped)
  }

  #freshUntil(): Instant | null {
    const { state, rules } = this.#engine
    const until = freshUntil({ state, rules, interval: this.#refresher.interval(), idle: this.#options.refresh.idle })
    return until === null ? null : until + 1
  }

  #notices(at: Instant): Notice[] {
    const { cars, store } = this.#options
    return [
      ...this.#health.notices(at),
      ...this.#news.notices(at, store.degraded?.action ?? null),
      ...silentPlugs(this.#engine.state.cars, cars, this.#startedAt, at),
    ]
  }

  /** Shows what is true now; the next call is decided on first. */
  #show(): void {
    if (!this.#running) return
    this.#lookForProduct()
    this.#refresher.rearm()
    this.#showAsDecided()
  }

  /** The same where nothing happened that the next call could hang on. */
  #showAsDecided(): void {
    if (!this.#running) return
    this.#showing.show()
  }

  /** The prices of a tariff with cheap windows of its own say when `off_peak` is; they reach a few days ahead. */
  #lookForWindows(at: Instant): void {
    const { offPeak } = this.#engine.rules
    if (offPeak?.kind === 'clock') return
    const windows = this.#meters.windows(at)
    if (JSON.stringify(windows) === JSON.stringify(this.#windows)) return
    this.#windows = windows
    this.#engine.useRules(this.#rules())
  }

  #input(at: Instant, meters: readonly MeterView[]): SnapshotInput {
    const { refresh, requestsPerHour } = this.#options
    return {
      at,
      id: this.#id,
      slug: this.slug,
      number: this.number,
      state: this.#engine.state,
      rules: this.#engine.rules,
      carsKnown: !isProvisional(this.#found),
      decision: this.#refresher.decision,
      interval: this.#refresher.interval(),
      idle: refresh.idle,
      requestsLastHour: this.#refresher.startsSeen(at).length,
      requestsPerHour,
      apiStatus: this.#health.status,
      notices: this.#notices(at),
      meters,
    }
  }
}
