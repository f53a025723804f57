/** Meters, tariffs and money. */
import { z } from 'zod'
import { HOUR, MINUTE } from '../clock.ts'
import { choice, count, decimal, duration, flag, timeOfDay } from './fields.ts'

export const energy = z
  .strictObject({
    history_days: count(
      'How many days of readings are fetched at a first start, so that every register and comparison is right from the ' +
        'first day. Octopus keeps a few years.',
      0,
      1_100,
    ).or(365),
    payment_method: choice('How you pay: some tariffs have two prices. `other` is payment on receipt of the bill.', [
      'direct_debit',
      'other',
    ]).or('direct_debit'),
    bill: flag(
      'Whether Octopus is asked how the half hours of an Intelligent tariff were billed, a day or two later: what they cost ' +
        'is provisional until then, and `half_hours_misjudged` needs it.',
    ).or(true),
    cheapest_window: duration('How long the window is that `next_cheapest` looks for, in whole half hours.', {
      least: 30 * MINUTE,
      most: 24 * HOUR,
    }).or('2h'),
    economy7: z
      .strictObject({
        start: timeOfDay('Begin of the night register, UTC all year.').or('00:30'),
        end: timeOfDay('Its end, UTC all year.').or('07:30'),
      })
      .prefault({})
      .meta({
        description:
          'The night of a meter with two registers (Economy 7). It differs by region and meter, and does not follow ' +
          'the clocks in summer.',
      }),
    gas: z
      .strictObject({
        unit: choice(
          'What the gas meter counts: `auto` is what Octopus says of it (SMETS1 meters give kWh, SMETS2 meters m³).',
          ['auto', 'kWh', 'm3'],
        ).or('auto'),
        calorific_value: decimal('Calorific value, MJ/m³: it stands on the gas bill.', 30, 50).or(40),
      })
      .prefault({})
      .meta({ description: 'How m³ become kWh: m³ × 1.02264 × calorific value / 3.6.' }),
  })
  .prefault({})
  .meta({ description: 'Meter readings, rates and cost.' })
