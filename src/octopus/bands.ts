/** Octopus's words for a price, as the bands of `energy`. */
import type { RateBand } from '../energy/types.ts'
import { asText } from './json.ts'

/** `rateType` of a tariff's unit rates. */
const RATE_TYPES = new Map<string, RateBand>([
  ['STANDARD', 'standard'],
  ['ECO7_DAY', 'day'],
  ['ECO7_NIGHT', 'night'],
  ['OFF_PEAK', 'off_peak'],
  ['EV_DEVICE_PEAK', 'ev_peak'],
  ['EV_DEVICE_OFF_PEAK', 'ev_off_peak'],
])

/** Null for a kind of price that we do not know; where none is told there is one price for everything. */
export const bandOfRateType = (rateType: unknown): RateBand | null =>
  rateType === null || rateType === undefined ? 'standard' : (RATE_TYPES.get(asText(rateType) ?? '') ?? null)

/**
 * What a label of a bill begins with, `CONSUMPTION_CHARGE_` left out. Behind it stands the letter of the region or anything else. Both
 * vocabularies are met: `CONSUMPTION_CHARGE_ECO7_NIGHT_H`, and since September 2026 `HOME LOW RATE`. The older Intelligent
 * products say OFF_PEAK and STANDARD_RATE, a flat one CONSUMPTION.
 */
// assumption: the labels are those that others saw up to autumn 2026; one of another kind is of no band, and is told.
const LABELS: readonly (readonly [RegExp, RateBand])[] = [
  [/^EV_(DEVICE_)?(OFF_PEAK|LOW)(_|$)/, 'ev_off_peak'],
  [/^EV_(DEVICE_)?(PEAK|STANDARD)(_|$)/, 'ev_peak'],
  [/^(ECO7_NIGHT|NIGHT|HOME_(OFF_PEAK|LOW))(_|$)/, 'night'],
  [/^(ECO7_DAY|DAY|HOME_(PEAK|STANDARD))(_|$)/, 'day'],
  [/^OFF_PEAK(?!_WEEKEND)(_|$)/, 'off_peak'],
  [/^(STANDARD(_|$)|CONSUMPTION(_CHARGE)?$)/, 'standard'],
]

const LONGEST_LABEL = 100

/** The band of a bill's label, in capitals or not, with spaces or underscores. Null where it is of no kind that we know. */
export function bandOfLabel(label: string): RateBand | null {
  const word = label
    .slice(0, LONGEST_LABEL)
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^CONSUMPTION_CHARGE_/, '')
  return LABELS.find(([pattern]) => pattern.test(word))?.[1] ?? null
}
