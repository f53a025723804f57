/** How smart charging is understood, and when Octopus is asked. */
import { z } from 'zod'
import { HOUR, MINUTE, SECOND } from '../clock.ts'
import { CAR_STATES } from '../intelligent/types.ts'
import { choice, count, duration, energy, timeOfDay } from './fields.ts'
import { choices, durations } from './list-fields.ts'

const DAY = 24 * HOUR
/** An interval between calls, or a wait before one. */
const wait = (description: string) => duration(description, { least: SECOND, most: DAY })

export const refresh = z
  .strictObject({
    settling_first: wait('After the plug goes in: the first question.').or('30s'),
    settling_while_capable: wait('Then, while the car is known to be plugged in but has no plan: this often.').or(
      '60s',
    ),
    settling_while_not_available: durations(
      'Then, while Octopus has not seen the plug yet: at these times after it went in.',
      ['90s', '150s', '240s', '480s', '720s'],
    ),
    settling_calls: count('At most so many questions after plugging in.', 1, 20).or(6),
    steady: wait('While plugged in.').or('4m'),
    steady_with_signal: wait('While plugged in, where a charging or power topic would tell sooner.').or('6m'),
    steady_with_schedule: wait(
      'While plugged in, where the charger tells of its new schedules (`schedule_changed`).',
    ).or('10m'),
    steady_after_mark_with_signal: wait(
      'While plugged in, in a half hour that began with questions around its mark, where a charging or power topic ' +
        'would tell sooner.',
    ).or('10m'),
    steady_without_plan: wait('While plugged in and long without a plan.').or('15m'),
    without_plan_after: wait('How long without a plan is long.').or('2h'),
    boundary_after: durations('After a half-hour mark at which something can change: at these times.', ['20s', '80s']),
    boundary_before: wait(
      'Before such a mark, and before any other beginning or end of a row, where a charging or power topic is alive.',
    ).or('40s'),
    boundary_quiet: duration('No steady question so shortly before such a mark.', { most: 30 * MINUTE }).or('110s'),
    event_confirm: wait('After an event: once more, if the answer still disagrees with the charging.').or('60s'),
    start_max_age: wait('At a start: ask at once if the newest answer is older.').or('2m'),
    unplugged_first: wait('After the plug comes out: the first question.').or('60s'),
    unplugged_second: wait('The second one, so long after the plug came out.').or('3m'),
    unplugged_every: wait('Then this often, until Octopus has seen it too.').or('5m'),
    unplugged_give_up: wait('After this long the wait for it ends.').or('1h'),
    idle: wait('While nothing is plugged in.').or('60m'),
    idle_stale: wait('The same, where the plug topic has gone silent.').or('25m'),
    idle_no_source_active: wait('The same, without a plug topic, if a car was active in the last 24 hours.').or('6m'),
    idle_no_source: wait('The same, without a plug topic, if none was.').or('15m'),
    backoff_step: wait('After each failure in a row the wait grows by this.').or('1m'),
    backoff_max: wait('The longest wait after failures.').or('30m'),
    block_first: wait('The wait after the edge of Octopus blocks us; it doubles.').or('5m'),
    block_max: wait('The longest wait after blocks.').or('60m'),
  })
  .prefault({})
  .meta({
    description:
      'When Octopus is asked. The defaults come from simulated nights; there is seldom a reason to change them.',
  })

export const intelligent = z
  .strictObject({
    tariff_policy: choice(
      'When a dispatch makes the whole house cheap: `whole_slot` (contracts before 2026: the whole half hour), ' +
        '`charge_cap` (half hours in which the car really charges, six hours from noon to noon), or `auto`: ' +
        '`charge_cap` unless the account is on a known older product.',
      ['auto', 'whole_slot', 'charge_cap'],
    ).or('auto'),
    evidence: choice(
      'What `charge_cap` asks for: `required`, that the car is seen to charge; `plan`, that the plan says so.',
      ['required', 'plan'],
    ).or('required'),
    off_peak: z
      .strictObject({
        start: timeOfDay('Begin of the standard off-peak period, London time.').or('23:30'),
        end: timeOfDay('Its end, London time.').or('05:30'),
      })
      .prefault({})
      .meta({
        description:
          'The standard off-peak period. Written here, it counts on any tariff; otherwise only on an Intelligent one.',
      }),
    min_dispatch: duration('Shorter dispatches need evidence of charging before a half hour counts as cheap.', {
      most: DAY,
    }).or('0s'),
    min_dispatch_energy: energy('So do dispatches of less energy.').or('0.5 kWh'),
    trust_plan_for: duration('How long a plan counts when no newer answer comes.', { least: MINUTE, most: DAY }).or(
      '30m',
    ),
    standing_states: choices('States of the car in which its planned dispatches count.', CAR_STATES, [
      'SMART_CONTROL_IN_PROGRESS',
    ]),
    refresh,
  })
  .prefault({})
  .meta({ description: 'Smart charging and the cheap rate.' })

export const limits = z
  .strictObject({
    dispatch_requests_per_hour: count(
      'Requests for dispatches in any 60 minutes. More than 20 are accepted only in front of a simulator.',
      1,
      1000,
    ).or(20),
    dispatch_min_gap: duration('Least time between two of them. Less than 60s only in front of a simulator.', {
      most: HOUR,
    }).or('60s'),
    reserve_for_events: count(
      'How many of them are kept for events, such as a car being plugged in: at most half of them.',
      0,
      1000,
    ).or(4),
    requests_per_hour: count('Requests of any kind in any 60 minutes.', 1, 10_000).or(60),
  })
  .prefault({})
  .meta({ description: 'How many calls Octopus gets. The defaults are what is known to be acceptable to Octopus.' })
