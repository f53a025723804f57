/**
 * One car as Octopus sees it: the state, the planned list and the customer's commands, each late by its own lag. What
 * really flows is the charger's business.
 */
import type { Clock } from '../clock.ts'
import type { DispatchRow } from '../intelligent/types.ts'
import type { TimeOfDay } from '../time/london.ts'
import type { Behaviour } from './behaviour.ts'
import { boostRow, refusals } from './boost.ts'
import type { CarEvent, CarSpec, CarState } from './car-spec.ts'
import { Charger, type ChargerListener } from './charger.ts'
import { byStart, type PlanRequest } from './plan.ts'
import { Registration } from './registration.ts'
import { Timers } from './timers.ts'
import { Wishes } from './wishes.ts'

export class Car {
  readonly spec: CarSpec
  readonly charger: Charger
  readonly registration: Registration
  readonly #clock: Clock
  readonly #emit: (event: CarEvent) => void
  readonly #timers: Timers
  readonly #wishes: Wishes
  #behaviour: Behaviour
  #plugged = false
  #state: CarState = 'SMART_CONTROL_NOT_AVAILABLE'
  #rows: readonly DispatchRow[] = []
  #suspended = false
  #boosting = false
  #concealed = false

  constructor(
    clock: Clock,
    spec: CarSpec,
    behaviour: Behaviour,
    emit: (event: CarEvent) => void,
    meter: Omit<ChargerListener, 'watts'>,
  ) {
    this.#clock = clock
    this.spec = spec
    this.#behaviour = behaviour
    this.#emit = emit
    this.#timers = new Timers(clock)
    this.registration = new Registration(spec.deviceId)
    this.#wishes = new Wishes(spec)
    const lags = { drawBegins: () => this.#behaviour.drawBegins(), flagClears: () => this.#behaviour.flagClears() }
    this.charger = new Charger(clock, spec, spec.percent, lags, {
      ...meter,
      watts: watts => emit({ type: 'charging', charging: watts > 0, watts }),
    })
  }

  get deviceId(): string {
    return this.registration.deviceId
  }

  get behaviour(): Behaviour {
    return this.#behaviour
  }

  /** From now on it behaves so. What waits already is not drawn again. */
  behave(behaviour: Behaviour): void {
    this.#behaviour = behaviour
  }

  get plugged(): boolean {
    return this.#plugged
  }

  /** What the API says; while concealed that is "not here", whatever the truth. */
  get state(): CarState {
    return this.#concealed ? 'SMART_CONTROL_NOT_AVAILABLE' : this.#state
  }

  get suspended(): boolean {
    return this.#suspended
  }

  get targetPercent(): number {
    return this.#wishes.targetPercent
  }

  get readyBy(): TimeOfDay {
    return this.#wishes.readyBy
  }

  /** The planned list as the API gives it: what has ended is gone; energy is 0 once the target is reached. */
  listed(): readonly DispatchRow[] {
    if (this.#concealed) return []
    const full = this.charger.percent >= this.targetPercent - 1e-6
    return this.#live().map(row => (full && row.type === 'SMART' ? { ...row, energyKwh: 0 } : row))
  }

  plug(): void {
    if (this.#plugged) return
    this.#plugged = true
    this.#emit({ type: 'plugged' })
    this.#timers.clear('leave', 'linger')
    this.#order()
    if (this.#state === 'SMART_CONTROL_CAPABLE') this.#awaitPlan()
    else if (this.#state === 'SMART_CONTROL_IN_PROGRESS' && this.#live().length > 0) this.#awaitRevision()
    else this.#timers.after('notice', this.#behaviour.plugNoticed(), () => this.#becomeCapable())
  }

  unplug(): void {
    if (!this.#plugged) return
    this.#plugged = false
    this.#emit({ type: 'unplugged' })
    this.#timers.clear('notice', 'plan', 'revise', 'ran out', 'boost')
    this.#endBoost()
    this.#order()
    const delay = this.#behaviour.unplugNoticed()
    if (delay === null) return
    this.#timers.after('leave', delay, () => {
      if (this.#state !== 'SMART_CONTROL_OFF') this.#setState('SMART_CONTROL_NOT_AVAILABLE')
      const lingers = this.#behaviour.planLingers(this.#clock.now())
      if (lingers === 0) this.#setRows([])
      else this.#timers.after('linger', lingers, () => this.#setRows([]))
    })
  }

  drive(percent: number): void {
    this.charger.drain(percent)
  }

  /** Octopus plans these rows, now; an empty list is a withdrawal. */
  replacePlan(rows: readonly DispatchRow[]): void {
    this.#setRows(rows)
    this.#settleState()
  }

  /** The API says "not here, nothing planned" while everything goes on. */
  conceal(concealed: boolean): void {
    this.#concealed = concealed
    this.#emit({ type: 'state', state: this.state })
    this.#emit({ type: 'plan', rows: this.listed() })
  }

  /** Says this state until the next thing that changes it: LOST_CONNECTION, for one. */
  say(state: CarState): void {
    this.#setState(state)
  }

  /** After LOST_CONNECTION, or whatever was said: the state is again what the cable and the plan make it. */
  regain(): void {
    this.#setState(
      this.#suspended
        ? 'SMART_CONTROL_OFF'
        : this.#boosting
          ? 'BOOSTING'
          : this.#plugged
            ? 'SMART_CONTROL_CAPABLE'
            : 'SMART_CONTROL_NOT_AVAILABLE',
    )
    this.#settleState()
  }

  /** Starts a boost after a moment. Gives the reasons against it, in Octopus's words; none when it is taken. */
  boost(): string[] {
    const { percent } = this.charger
    const [suspended, plugged, boosting] = [this.#suspended, this.#plugged, this.#boosting]
    const reasons = refusals({ suspended, plugged, boosting, percent })
    if (reasons.length === 0) this.#timers.after('boost', this.#behaviour.commandTaken(), () => this.#beginBoost())
    return reasons
  }

  /** False where there is no boost to cancel. */
  cancelBoost(): boolean {
    if (!this.#boosting && !this.#timers.has('boost')) return false
    this.#timers.after('boost', this.#behaviour.commandTaken(), () => this.#endBoost())
    return true
  }

  /** The flag is set at once, the state follows; the planned list stays as it is. */
  suspend(): void {
    this.#suspended = true
    this.#timers.clear('plan', 'revise')
    this.#order()
    this.#timers.after('command', this.#behaviour.commandTaken(), () => this.#setState('SMART_CONTROL_OFF'))
  }

  resume(): void {
    this.#suspended = false
    this.#order()
    this.#timers.after('command', this.#behaviour.commandTaken(), () => {
      if (this.#plugged) this.#becomeCapable()
      else this.#setState('SMART_CONTROL_NOT_AVAILABLE')
    })
  }

  prefer(targetPercent: number, readyBy: TimeOfDay): void {
    this.#wishes.prefer(targetPercent, readyBy)
    this.#order()
  }

  stop(): void {
    this.#timers.stop()
    this.charger.stop()
  }

  #live(): readonly DispatchRow[] {
    const now = this.#clock.now()
    return this.#rows.filter(row => row.end > now)
  }

  #request(): PlanRequest {
    return this.#wishes.request(this.#clock.now(), this.charger.percent)
  }

  #becomeCapable(): void {
    if (this.#suspended) {
      this.#setState('SMART_CONTROL_OFF')
      return
    }
    this.#setState('SMART_CONTROL_CAPABLE')
    this.#awaitPlan()
  }

  #awaitPlan(): void {
    const delay = this.#behaviour.planMade()
    if (delay === null) return
    this.#timers.after('plan', delay, () => {
      this.#setRows(this.#behaviour.plan(this.#request()))
      this.#settleState()
      this.#awaitRevision()
    })
  }

  #awaitRevision(): void {
    const next = this.#behaviour.nextRevision(this.#clock.now(), this.#live())
    if (next === null) return
    this.#timers.at('revise', next, () => {
      const revised = this.#behaviour.revise(this.#live(), this.#request())
      this.#setRows(revised)
      this.#settleState()
      this.#awaitRevision()
    })
  }

  /** Which of CAPABLE and IN_PROGRESS holds, by whether anything is planned. */
  #settleState(): void {
    if (!this.#plugged || this.#suspended || this.#boosting) return
    if (this.#state !== 'SMART_CONTROL_CAPABLE' && this.#state !== 'SMART_CONTROL_IN_PROGRESS') return
    this.#setState(this.#live().length > 0 ? 'SMART_CONTROL_IN_PROGRESS' : 'SMART_CONTROL_CAPABLE')
  }

  #beginBoost(): void {
    this.#boosting = true
    const row = boostRow(this.#clock.now(), this.charger.percent, this.spec)
    this.#setRows([...this.#live(), row])
    this.#setState('BOOSTING')
    this.#timers.at('boost', row.end, () => this.#endBoost())
  }

  #endBoost(): void {
    if (!this.#boosting) return
    this.#boosting = false
    this.#setRows(this.#live().filter(row => row.type !== 'BOOST'))
    if (!this.#plugged) return
    this.#setState('SMART_CONTROL_CAPABLE')
    if (this.#live().length === 0) this.#awaitPlan()
    this.#settleState()
  }

  #setState(state: CarState): void {
    if (state === this.#state) return
    this.#state = state
    if (!this.#concealed) this.#emit({ type: 'state', state })
  }

  #setRows(rows: readonly DispatchRow[]): void {
    const sorted = [...rows].sort(byStart)
    const changed = JSON.stringify(sorted) !== JSON.stringify(this.#rows)
    this.#rows = sorted
    this.#order()
    if (changed && !this.#concealed) this.#emit({ type: 'plan', rows: this.listed() })
    const lastEnd = Math.max(...sorted.map(row => row.end))
    this.#timers.clear('ran out')
    if (this.#plugged && Number.isFinite(lastEnd) && lastEnd > this.#clock.now()) {
      this.#timers.at('ran out', lastEnd + this.#behaviour.planRanOut(), () => this.#settleState())
    }
  }

  #order(): void {
    if (!this.#plugged) this.charger.follow(null)
    else {
      this.charger.follow({
        rows: this.#suspended ? [] : this.#rows.filter(row => row.type !== 'BOOST'),
        boosting: this.#boosting,
        limitPercent: this.targetPercent,
      })
    }
  }
}
