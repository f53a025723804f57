/** One stretch of life from its seed: a house of its own, with its troubles, held against every invariant. */

import type { SupplyOptions } from '../../src/simulator/index.ts'
import { seededRandom } from '../../src/simulator/random.ts'
import { addDays, type LondonDate, startOfDay } from '../../src/time/london.ts'
import type { Level } from './faults/index.ts'
import { INVARIANTS } from './invariants/all.ts'
import { DAY_LENGTH } from './invariants/london.ts'
import { Troublemaker } from './world/troublemaker.ts'
import { type Violation, World, type WorldOptions } from './world/world.ts'

export interface StretchOptions {
  /** `<seed>/<number>`: the whole seed, and which year it is. */
  readonly stretch: string
  readonly days: number
  readonly level: Level
  /** How many events are kept for a failure. */
  readonly remembered?: number
}

export interface StretchReport {
  readonly stretch: string
  readonly level: Level
  /** Lived through; fewer than asked for where something broke. */
  readonly days: number
  readonly faults: Readonly<Record<string, number>>
  readonly checks: Readonly<Record<string, number>>
  readonly starts: number
  readonly requests: number
  readonly messages: number
  readonly violations: readonly Violation[]
  /** Of everything that was seen, in order. */
  readonly digest: string
  /** The last events, where something is broken. */
  readonly last: readonly string[]
}

/** The first stretch begins in this year, each later one a year later; those after the last begin again with the first. */
const FIRST_YEAR = 2026
/** Further ahead than that nobody's tariff is known. */
const YEARS = 10

/** A few days before London's clocks go back or forward, mostly: those nights are the ones to see. */
const BEGINNINGS: readonly [string, ...string[]] = ['10-20', '10-20', '03-22', '03-22', '06-25', '12-15']

/** Half of the houses have a charger that says everything. */
const SIGNALS: readonly [WorldOptions['signals'], ...WorldOptions['signals'][]] = [
  'all',
  'all',
  'all',
  'plug_and_charging',
  'plug',
  'none',
]

/** Two in five of the houses have nothing but the one meter. */
const SUPPLIES: readonly [SupplyOptions, ...SupplyOptions[]] = [
  {},
  {},
  { export: 'outgoing_agile' },
  { export: 'outgoing', gas: 'gas_flexible', gasUnit: 'm3', exportIsOdd: true },
  { gas: 'gas_tracker', gasUnit: 'kwh' },
]

export async function liveThrough({ stretch, days, level, remembered }: StretchOptions): Promise<StretchReport> {
  const random = seededRandom(stretch)
  const number = Number(stretch.split('/').at(-1))
  const year = FIRST_YEAR + (Number.isInteger(number) ? (number - 1) % YEARS : 0)
  const from: LondonDate = `${year}-${random.fork('begins').pick(BEGINNINGS)}`
  const begins = startOfDay(from)
  const world = new World({
    seed: stretch,
    begins,
    scenario: 'years',
    signals: random.fork('signals').pick(SIGNALS),
    isNamed: random.fork('named').chance(1 / 3),
    supply: random.fork('supply').pick(SUPPLIES),
    invariants: INVARIANTS,
    ...(remembered === undefined ? {} : { remembered }),
  })
  const unhandled = (reason: unknown) =>
    world.complain('nothing-unhandled', reason instanceof Error ? (reason.stack ?? reason.message) : String(reason))
  process.on('unhandledRejection', unhandled)
  process.on('uncaughtException', unhandled)
  try {
    await world.begin()
    const trouble = new Troublemaker(world, random.fork('faults'), { from: begins, level })
    trouble.start()
    await world.startBroker(true)
    world.startDaemon()
    let lived = 0
    while (lived < days && world.violations.length === 0) {
      lived += 1
      await world.run(startOfDay(addDays(from, lived)))
    }
    const { violations } = world
    const [first] = violations
    const report: StretchReport = {
      stretch,
      level,
      days: first === undefined ? lived : Math.ceil((first.at - begins) / DAY_LENGTH),
      faults: trouble.counts,
      checks: world.checks,
      starts: world.daemon.starts,
      requests: world.simulator.audit.report().calls,
      messages: world.messages,
      violations,
      digest: world.chronicle.digest(),
      last: first === undefined && remembered === undefined ? [] : world.chronicle.last,
    }
    await world.end()
    return report
  } finally {
    process.off('unhandledRejection', unhandled)
    process.off('uncaughtException', unhandled)
  }
}
