/** One meter in front of an Octopus that is a few functions, on a clock that moves when told to. A life may follow on the same store. */
import { HOUR, MINUTE } from '../../../src/clock.ts'
import type { Meter } from '../../../src/meters/meter.ts'
import { type MeterSettings, type MeterSource, Meters } from '../../../src/meters/meters.ts'
import type { MeterView } from '../../../src/snapshot.ts'
import type { Store } from '../../../src/store/open.ts'
import { SILENT } from '../../account/silent.ts'
import type { ManualClock } from '../../octopus/support/manual-clock.ts'
import { saying } from './house.ts'

export interface OneMeterOptions {
  readonly clock: ManualClock
  readonly store: Store
  readonly meter: Meter
  readonly source?: Partial<MeterSource>
  readonly settings?: Partial<MeterSettings>
}

const NOTHING = saying(null, 'plan_unknown')

export class OneMeter {
  readonly meters: Meters
  readonly #clock: ManualClock

  constructor({ clock, store, meter, source = {}, settings = {} }: OneMeterOptions) {
    this.#clock = clock
    this.meters = new Meters({
      clock,
      log: SILENT,
      store,
      account: 'A-1',
      settings: {
        ...{ historyDays: 0, paymentMethod: 'DIRECT_DEBIT', bill: false, cheapestWindow: HOUR, calorificValue: 40 },
        night: { start: '23:30', end: '05:30' },
        economy7: { start: '00:30', end: '07:30' },
        ...settings,
      },
      source: {
        readings: async () => [],
        prices: async ({ tariffCode }) => ({ tariffCode, unitRates: [], standingCharges: [] }),
        bills: async () => [],
        ...source,
      },
      phase: 0,
      isHeld: () => false,
      onChange: () => {},
    })
    this.meters.use([meter])
  }

  async pass(hours: number): Promise<void> {
    for (let gone = 0; gone < hours * HOUR; gone += 10 * MINUTE) {
      this.#clock.advance(10 * MINUTE)
      for (let turn = 0; turn < 6; turn += 1) await new Promise(resolve => setImmediate(resolve))
    }
  }

  get view(): MeterView {
    this.meters.keepUp(this.#clock.now(), NOTHING, null)
    const [view] = this.meters.views
    if (view === undefined) throw new Error('There is no meter')
    return view
  }
}
