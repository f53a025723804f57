/** A random household on each tariff there is, with panels and gas, a year of readings, and every way in which they are late. */
import { DAY_SCENARIO } from './random-days.ts'
import type { Scenario } from './scenarios.ts'
import type { SupplyOptions } from './supplies.ts'
import { IMPORT_SHAPES, IMPORT_TARIFFS, type ImportShape } from './tariffs/catalogue.ts'

/** A year, and what Octopus keeps beyond it. */
const HISTORY_DAYS = 400

/** What goes with import on that tariff: market prices for all where the house buys at them, SMETS1 gas beside old meters. */
function supplyWith(shape: ImportShape): SupplyOptions {
  const isMarket = shape === 'agile' || shape === 'tracker'
  const isOld = shape === 'economy7' || shape === 'prepay' || shape === 'three_rate'
  return {
    import: shape,
    export: shape === 'agile' ? 'outgoing_agile' : 'outgoing',
    gas: isMarket ? 'gas_tracker' : 'gas_flexible',
    gasUnit: isOld ? 'kwh' : 'm3',
    payment: shape === 'economy7' ? 'NON_DIRECT_DEBIT' : 'DIRECT_DEBIT',
    historyDays: HISTORY_DAYS,
    exportIsOdd: isMarket || shape === 'intelligent',
    overlap: shape === 'go' || shape === 'intelligent',
  }
}

export const TARIFF_SCENARIOS: readonly Scenario[] = IMPORT_SHAPES.map(shape => ({
  ...DAY_SCENARIO,
  name: `tariff-${shape.replaceAll('_', '-')}`,
  description: `a random household on ${IMPORT_TARIFFS[shape].name} (${shape}), with export, gas and a year of readings`,
  household: {
    ...DAY_SCENARIO.household,
    meter: { ...DAY_SCENARIO.household.meter, brokenDays: 0.03, earlyDays: 0.2, correctedDays: 0.03 },
  },
  supply: supplyWith(shape),
}))
