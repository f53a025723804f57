/** The situations that decide whether the bridge tells the truth. Data: see story.ts. */
import { MINUTE } from '../../src/clock.ts'
import {
  answer,
  boost,
  chargingStarts,
  chargingStops,
  draws,
  octopusFails,
  plugSilent,
  plugsIn,
  restarts,
  type Situation,
  type Step,
  smart,
  testRow,
  unplugs,
} from './story.ts'

const WHOLE_SLOT = { tariffPolicy: 'whole_slot' } as const
const IN_PROGRESS = 'IN_PROGRESS'

/** Half hours that use up the allowance: eleven or twelve of them charged from noon on. */
const charged = (halfHours: number): Step[] => {
  const clock = (minutes: number) =>
    `${String(12 + Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
  return Array.from({ length: halfHours }, (_, i): Step => {
    const at = `${clock(i * 30 + 2)}`
    return [at, answer(IN_PROGRESS, [smart('12:00', '22:00', -70)])]
  })
}

export const SITUATIONS: readonly Situation[] = [
  {
    title: 'Contract before 2026: a plan confirmed just before its window',
    why: 'A fresh answer from no more than two minutes before the window is enough; the half hour is cheap to its end.',
    settings: WHOLE_SLOT,
    steps: [
      ['17:30', plugsIn(), { plugged: 'ON', active: '?', dispatching: '?', cheap: '?' }],
      ['17:31', answer(IN_PROGRESS, [smart('18:05', '18:25')]), { active: 'OFF', dispatching: 'OFF', cheap: 'OFF' }],
      ['18:03:30', answer(IN_PROGRESS, [smart('18:05', '18:25')]), { active: 'OFF', cheap: 'OFF' }],
      ['18:05', null, { active: 'ON', dispatching: 'ON', cheap: 'ON', reason: 'dispatch', until: '18:30' }],
      ['18:25', null, { active: 'OFF', dispatching: 'OFF', cheap: 'ON', until: '18:30' }],
      ['18:30', null, { cheap: 'OFF', reason: 'no_dispatch' }],
    ],
  },
  {
    title: 'Contract before 2026: an old plan alone makes nothing cheap',
    why: 'Plans change in the last minutes. The row counts as active, but an appliance should not start on it.',
    settings: WHOLE_SLOT,
    steps: [
      ['17:30', plugsIn()],
      ['17:50', answer(IN_PROGRESS, [smart('18:05', '18:25')])],
      ['18:05', null, { active: 'ON', cheap: 'OFF', reason: 'awaiting_confirmation' }],
      ['18:06', answer(IN_PROGRESS, [smart('18:05', '18:25')]), { active: 'ON', cheap: 'ON', until: '18:30' }],
    ],
  },
  {
    title: 'Not an Intelligent tariff: a car that Octopus steers makes nothing cheap',
    why: 'On Go and the like charging is billed by the clock, whoever steers it. The dispatch is shown; the house is not cheap for it, however much the car draws.',
    product: 'GO-VAR-22-10-14',
    settings: { nightConfigured: false },
    steps: [
      ['17:30', plugsIn()],
      ['18:04', answer(IN_PROGRESS, [smart('18:05', '18:25')])],
      ['18:05', chargingStarts(), { active: 'ON', dispatching: 'ON', cheap: 'OFF', reason: 'no_dispatch' }],
      ['18:07', null, { active: 'ON', cheap: 'OFF', used: 0, started: [] }],
      ['18:25', null, { active: 'OFF', cheap: 'OFF' }],
    ],
  },
  {
    title: 'Six-hour contract: a plan without charging is not cheap',
    why: 'Under the allowance only half hours in which the car takes smart charge are cheap for the house.',
    steps: [
      ['17:30', plugsIn()],
      ['17:31', chargingStops()],
      ['18:04', answer(IN_PROGRESS, [smart('18:05', '18:25')])],
      ['18:05', null, { active: 'ON', dispatching: 'ON', cheap: 'OFF', reason: 'awaiting_evidence' }],
      ['18:25', null, { active: 'OFF', cheap: 'OFF', used: 0 }],
    ],
  },
  {
    title: 'Six-hour contract: sixty seconds of charging inside the plan',
    why: 'The charging topic is the evidence. The half hour is cheap from then to its end, also when the car stops.',
    steps: [
      ['17:30', plugsIn()],
      ['17:31', chargingStops()],
      ['18:04', answer(IN_PROGRESS, [smart('18:05', '18:25')])],
      ['18:06:37', chargingStarts(), { cheap: 'OFF' }],
      ['18:07:36', null, { cheap: 'OFF' }],
      ['18:07:37', null, { cheap: 'ON', reason: 'dispatch', until: '18:30', used: 1 }],
      ['18:20', chargingStops(), { cheap: 'ON' }],
      ['18:30', null, { cheap: 'OFF' }],
    ],
  },
  {
    title: 'Six-hour contract: ten watt-hours are evidence before a minute is over',
    why: 'At 7.2 kW ten watt-hours take five seconds; a power topic tells us sooner.',
    steps: [
      ['17:30', plugsIn()],
      ['17:31', draws(0)],
      ['18:04', answer(IN_PROGRESS, [smart('18:05', '18:25')])],
      ['18:06', draws(7200), { cheap: 'OFF', reason: 'awaiting_evidence' }],
      ['18:06:06', null, { cheap: 'ON', until: '18:30' }],
    ],
  },
  {
    title: 'No charging or power topic on a six-hour contract',
    why: 'Without a topic nobody can say whether the car draws. The honest answer is neither ON nor OFF.',
    steps: [
      ['17:30', plugsIn()],
      ['18:04', answer(IN_PROGRESS, [smart('18:05', '18:25')])],
      ['18:05', null, { active: 'ON', dispatching: 'ON', cheap: '?', reason: 'no_evidence_source' }],
      ['18:25', null, { cheap: 'OFF' }],
    ],
  },
  {
    title: 'Six-hour contract with `evidence: plan`',
    why: 'Who has no charging topic may choose to believe a plan that was confirmed.',
    settings: { evidence: 'plan' },
    steps: [
      ['17:30', plugsIn()],
      ['18:04', answer(IN_PROGRESS, [smart('18:05', '18:25')])],
      ['18:05', null, { active: 'ON', cheap: 'ON', used: 1, until: '18:30' }],
    ],
  },
  {
    title: 'A phantom row while nothing is plugged in',
    why: 'Octopus lists tiny rows for cars that are away, and withdraws them. The state says the car is not there.',
    settings: WHOLE_SLOT,
    steps: [
      ['13:00', unplugs(), { plugged: 'OFF', active: 'OFF', dispatching: 'OFF', cheap: 'OFF' }],
      ['13:59', answer('NOT_AVAILABLE', [smart('14:00', '14:30', -0.367)])],
      ['14:00', null, { active: 'OFF', dispatching: 'OFF', cheap: 'OFF', reason: 'no_dispatch', started: [] }],
    ],
  },
  {
    title: 'A tiny row for a car that is there',
    why: 'Rows under half a kilowatt-hour are often withdrawn, so they need evidence even where a plan is believed.',
    settings: WHOLE_SLOT,
    steps: [
      ['13:00', plugsIn()],
      ['13:01', chargingStops()],
      ['13:59', answer(IN_PROGRESS, [smart('14:00', '14:30', -0.367)])],
      ['14:00', null, { active: 'ON', cheap: 'OFF', reason: 'awaiting_evidence' }],
      ['14:01', chargingStarts()],
      ['14:02', null, { cheap: 'ON' }],
    ],
  },
  {
    title: 'The plan lingers after unplugging',
    why: 'Octopus may keep rows, and the state, for minutes or hours. The plug topic ends the dispatch at once.',
    settings: WHOLE_SLOT,
    steps: [
      ['17:30', plugsIn()],
      ['18:04', answer(IN_PROGRESS, [smart('18:05', '20:00')])],
      ['18:10', null, { active: 'ON', cheap: 'ON', until: '18:30' }],
      ['18:12', unplugs(), { plugged: 'OFF', active: 'OFF', dispatching: 'OFF', cheap: 'ON', until: '18:30' }],
      ['18:13', answer(IN_PROGRESS, [smart('18:05', '20:00')]), { active: 'OFF', cheap: 'ON' }],
      ['18:30', null, { active: 'OFF', cheap: 'OFF' }],
    ],
  },
  {
    title: 'Smart charging suspended, rows still listed',
    why: 'After pausing smart charging in the app the rows stay for hours.',
    settings: WHOLE_SLOT,
    steps: [
      ['17:30', plugsIn()],
      ['18:04', answer('OFF', [smart('18:05', '18:25')], { suspended: true })],
      ['18:05', null, { active: 'OFF', cheap: 'OFF' }],
    ],
  },
  {
    title: 'Suspended although the state still says in progress',
    why: 'The flag wins over a state that was not updated yet.',
    settings: WHOLE_SLOT,
    steps: [
      ['17:30', plugsIn()],
      ['18:04', answer(IN_PROGRESS, [smart('18:05', '18:25')], { suspended: true })],
      ['18:05', null, { active: 'OFF', cheap: 'OFF' }],
    ],
  },
  {
    title: 'Withdrawn before the mark',
    why: 'One in ten rows goes in the last five minutes.',
    settings: WHOLE_SLOT,
    steps: [
      ['17:40', plugsIn()],
      ['17:41', answer(IN_PROGRESS, [smart('18:00', '18:30')])],
      ['17:59:20', answer('CAPABLE'), { active: 'OFF' }],
      ['18:00', null, { active: 'OFF', cheap: 'OFF' }],
    ],
  },
  {
    title: 'Withdrawn after the mark, before it was confirmed',
    why: 'The dispatch was shown for as long as Octopus listed it; the house never was cheap.',
    settings: WHOLE_SLOT,
    steps: [
      ['17:40', plugsIn()],
      ['17:41', answer(IN_PROGRESS, [smart('18:00', '18:30')])],
      ['18:00', null, { active: 'ON', cheap: 'OFF', reason: 'awaiting_confirmation' }],
      ['18:00:25', answer('CAPABLE'), { active: 'OFF', cheap: 'OFF' }],
    ],
  },
  {
    title: 'Withdrawn after the half hour began to be cheap',
    why: 'A half hour that began to be cheap is billed cheap: Octopus settles by whole half hours.',
    settings: WHOLE_SLOT,
    steps: [
      ['17:40', plugsIn()],
      ['17:59:20', answer(IN_PROGRESS, [smart('18:00', '19:00')])],
      ['18:00', null, { active: 'ON', cheap: 'ON' }],
      ['18:04', answer('CAPABLE'), { active: 'OFF', cheap: 'ON', until: '18:30' }],
      ['18:30', null, { cheap: 'OFF' }],
    ],
  },
  {
    title: 'Two rows that touch, one that overlaps',
    why: 'Octopus does not merge rows; we show one window and no flicker between.',
    settings: WHOLE_SLOT,
    steps: [
      ['17:40', plugsIn()],
      ['17:59', answer(IN_PROGRESS, [smart('18:00', '18:30'), smart('18:30', '19:00'), smart('18:50', '19:10')])],
      ['18:20', answer(IN_PROGRESS, [smart('18:00', '18:30'), smart('18:30', '19:00'), smart('18:50', '19:10')])],
      ['18:30', null, { active: 'ON', cheap: 'ON', until: '19:00' }],
      ['18:58', answer(IN_PROGRESS, [smart('18:30', '19:00'), smart('18:50', '19:10')])],
      ['19:00', null, { active: 'ON', cheap: 'ON', until: '19:30' }],
      ['19:10', null, { active: 'OFF', cheap: 'ON', until: '19:30' }],
    ],
  },
  {
    title: 'Boost over a plan',
    why: 'A boost is charged at the normal price, so nothing counts as a dispatch while it runs.',
    settings: WHOLE_SLOT,
    steps: [
      ['17:40', plugsIn()],
      ['17:59', answer('BOOSTING', [smart('18:00', '18:30'), boost('17:50', '19:00')]), { boosting: 'ON' }],
      ['18:00', null, { active: 'OFF', dispatching: 'OFF', cheap: 'OFF', reason: 'boosting', boosting: 'ON' }],
    ],
  },
  {
    title: 'A boost pressed inside a cheap half hour',
    why: 'A boost never ends a half hour that already began to be cheap.',
    settings: WHOLE_SLOT,
    steps: [
      ['17:40', plugsIn()],
      ['17:59', answer(IN_PROGRESS, [smart('18:00', '19:00')])],
      ['18:05', answer('BOOSTING', [smart('18:00', '19:00'), boost('18:05', '19:00')]), { active: 'OFF', cheap: 'ON' }],
      ['18:30', null, { active: 'OFF', cheap: 'OFF', reason: 'boosting' }],
    ],
  },
  {
    title: 'A boost at night',
    why: 'The night is cheap for the whole house whatever the car does.',
    steps: [
      ['23:00', plugsIn()],
      ['23:29', answer('BOOSTING', [boost('23:20', '+1 01:00')])],
      ['23:30', null, { active: 'OFF', dispatching: 'ON', cheap: 'ON', reason: 'off_peak', until: '05:30' }],
    ],
  },
  {
    title: 'A test charge',
    why: 'Octopus tests a charger with minutes of current. That is no cheap time.',
    settings: WHOLE_SLOT,
    steps: [
      ['17:40', plugsIn()],
      ['17:59', answer(IN_PROGRESS, [testRow('18:00', '18:05')])],
      ['18:00', null, { active: 'OFF', cheap: 'OFF' }],
    ],
  },
  {
    title: 'A row of no type',
    why: 'Octopus sometimes leaves the type out; such rows are smart ones.',
    settings: WHOLE_SLOT,
    steps: [
      ['17:40', plugsIn()],
      ['17:59', answer(IN_PROGRESS, [{ from: '18:00', to: '18:30', type: null, kwh: null }])],
      ['18:00', null, { active: 'ON', cheap: 'ON' }],
    ],
  },
  {
    title: 'Capable is not in progress',
    why: 'Rows listed while Octopus has not taken control are not believed by default.',
    settings: WHOLE_SLOT,
    steps: [
      ['17:40', plugsIn()],
      ['17:59', answer('CAPABLE', [smart('18:00', '18:30')])],
      ['18:00', null, { active: 'OFF', cheap: 'OFF' }],
    ],
  },
  {
    title: 'Cap reached',
    why: 'After twelve smart half hours since noon the dispatch goes on, but at the car’s own peak price.',
    settings: { evidence: 'plan' },
    steps: [
      ['11:58', plugsIn()],
      ['11:59', answer(IN_PROGRESS, [smart('12:00', '22:00', -70)])],
      ...charged(12),
      [
        '17:59',
        answer(IN_PROGRESS, [smart('12:00', '22:00', -70)]),
        { active: 'ON', cheap: 'ON', used: 12, until: '18:00' },
      ],
      ['18:00', null, { active: 'ON', dispatching: 'ON', cheap: 'OFF', reason: 'cap_reached' }],
    ],
  },
  {
    title: 'The allowance begins anew at noon',
    why: 'It counts from noon to noon in London, not from midnight.',
    settings: { evidence: 'plan' },
    steps: [
      ['11:28', plugsIn()],
      ['11:29', answer(IN_PROGRESS, [smart('11:30', '13:00')])],
      ['11:45', answer(IN_PROGRESS, [smart('11:30', '13:00')]), { cheap: 'ON', used: 1 }],
      ['12:00', null, { cheap: 'ON', reason: 'dispatch', until: '12:30' }],
    ],
  },
  {
    title: 'Daemon restarts inside a window',
    why: 'The plan, the started half hour and what was drawn come back from the store; nothing flickers.',
    settings: WHOLE_SLOT,
    steps: [
      ['17:40', plugsIn()],
      ['17:59', answer(IN_PROGRESS, [smart('18:00', '19:00')])],
      ['18:03', answer(IN_PROGRESS, [smart('18:00', '19:00')]), { active: 'ON', cheap: 'ON', started: ['18:00'] }],
      ['18:10', restarts, { active: 'ON', cheap: 'ON', until: '18:30', started: ['18:00'] }],
      ['18:30', null, { active: 'ON', cheap: 'ON', until: '19:00' }],
    ],
  },
  {
    title: 'Restart in a started half hour whose plan has gone too old',
    why: 'The half hour runs out; what the plan says by then is not known.',
    settings: WHOLE_SLOT,
    steps: [
      ['17:40', plugsIn()],
      ['17:59', answer(IN_PROGRESS, [smart('18:00', '19:00')])],
      ['18:29:30', restarts, { active: '?', cheap: 'ON', until: '18:30' }],
      ['18:30', null, { active: '?', cheap: '?', reason: 'plan_unknown' }],
    ],
  },
  {
    title: 'Outage across 23:30',
    why: 'The night needs no answer of Octopus. What is not known is said only until then.',
    steps: [
      ['22:40', plugsIn()],
      ['22:50', answer(IN_PROGRESS, [smart('23:30', '+1 02:00', -17)]), { active: 'OFF', cheap: 'OFF' }],
      ['23:00', octopusFails, { active: 'OFF', cheap: 'OFF' }],
      ['23:20:01', null, { active: '?', dispatching: '?', cheap: '?', reason: 'plan_unknown' }],
      ['23:30', null, { active: '?', dispatching: 'ON', cheap: 'ON', reason: 'off_peak', until: '05:30' }],
    ],
  },
  {
    title: 'Outage across 05:30',
    why: 'The night ends on time. Whether a dispatch goes on is not known, and that is what is shown.',
    steps: [
      ['23:00', plugsIn()],
      ['23:10', answer(IN_PROGRESS, [smart('+1 04:30', '+1 07:00', -18)])],
      ['+1 05:29:59', null, { dispatching: 'ON', cheap: 'ON' }],
      ['+1 05:30', null, { active: '?', dispatching: '?', cheap: '?', reason: 'plan_unknown' }],
    ],
  },
  {
    title: 'A dispatch that outlasts the night',
    why: 'The last row ends at 06:00: the half hour after the night is cheap once it is known to run.',
    settings: WHOLE_SLOT,
    steps: [
      ['+1 04:50', plugsIn()],
      [
        '+1 05:20',
        answer(IN_PROGRESS, [smart('+1 04:54', '+1 06:00', -7)]),
        { cheap: 'ON', reason: 'off_peak', until: '05:30' },
      ],
      ['+1 05:30', null, { active: 'ON', dispatching: 'ON', cheap: 'ON', reason: 'dispatch', until: '06:00' }],
      ['+1 05:58', answer(IN_PROGRESS, [smart('+1 04:54', '+1 06:00', -7)])],
      ['+1 06:00', null, { active: 'OFF', dispatching: 'OFF', cheap: 'OFF' }],
    ],
  },
  {
    title: 'Cheap time held at a mark while the car draws',
    why: 'A draw over the mark proves nothing for the new half hour, but Octopus often extends. It is held until Octopus says.',
    steps: [
      ['17:30', plugsIn()],
      ['17:31', chargingStops()],
      ['18:04', answer(IN_PROGRESS, [smart('18:05', '18:30')])],
      ['18:06', chargingStarts()],
      ['18:07', null, { cheap: 'ON', until: '18:30' }],
      ['18:30', null, { active: 'OFF', cheap: 'ON', reason: 'held', until: '18:32:30' }],
      [
        '18:30:25',
        answer(IN_PROGRESS, [smart('18:05', '19:00')]),
        { active: 'ON', cheap: 'ON', reason: 'dispatch', until: '19:00', used: 2 },
      ],
    ],
  },
  {
    title: 'Held, and Octopus says the plan is over',
    why: 'The first answer asked for after the mark decides.',
    steps: [
      ['17:30', plugsIn()],
      ['17:31', chargingStops()],
      ['18:04', answer(IN_PROGRESS, [smart('18:05', '18:30')])],
      ['18:06', chargingStarts()],
      ['18:30', null, { cheap: 'ON', reason: 'held' }],
      ['18:30:25', answer('CAPABLE'), { active: 'OFF', cheap: 'OFF', reason: 'no_dispatch' }],
    ],
  },
  {
    title: 'Held, and Octopus does not answer',
    why: 'At most 150 seconds; then it is not cheap any more.',
    steps: [
      ['17:30', plugsIn()],
      ['17:31', chargingStops()],
      ['18:04', answer(IN_PROGRESS, [smart('18:05', '18:30')])],
      ['18:06', chargingStarts()],
      ['18:30:20', octopusFails, { cheap: 'ON', reason: 'held' }],
      ['18:32:29', null, { cheap: 'ON', until: '18:32:30' }],
      ['18:32:30', null, { cheap: 'OFF' }],
    ],
  },
  {
    title: 'The plug topic lies: OFF while the car charges',
    why: 'A broken source must not hide a running dispatch. Two minutes of current outweigh it, whatever Octopus says.',
    steps: [
      ['17:30', unplugs(), { plugged: 'OFF', active: 'OFF' }],
      ['18:00', chargingStarts()],
      ['18:01:59', null, { plugged: 'OFF' }],
      ['18:02', null, { plugged: 'ON' }],
      ['18:03', answer(IN_PROGRESS, [smart('18:00', '19:00')]), { active: 'ON', cheap: 'ON', plugged: 'ON' }],
    ],
  },
  {
    title: 'The plug topic lies: OFF while Octopus sees the car twice',
    why: 'Without a charging topic it takes two answers ten minutes apart, after one that said the car was gone.',
    steps: [
      ['17:30', unplugs()],
      ['17:40', answer('NOT_AVAILABLE'), { plugged: 'OFF' }],
      ['18:00', answer(IN_PROGRESS, [smart('18:30', '19:00')]), { plugged: 'OFF', active: 'OFF' }],
      ['18:09', answer(IN_PROGRESS, [smart('18:30', '19:00')]), { plugged: 'OFF' }],
      ['18:10', answer(IN_PROGRESS, [smart('18:30', '19:00')]), { plugged: 'ON' }],
      ['18:30', null, { active: 'ON' }],
      ['18:40', answer('NOT_AVAILABLE'), { plugged: 'OFF', active: 'OFF' }],
    ],
  },
  {
    title: 'Unplugged in mid-dispatch, the charging flag clears late',
    why: 'Chargers clear the flag a minute or two after the plug is out. That is no evidence against the plug topic.',
    settings: WHOLE_SLOT,
    steps: [
      ['17:30', plugsIn()],
      ['17:31', chargingStops()],
      ['17:59', answer(IN_PROGRESS, [smart('18:00', '20:00')])],
      ['18:01', chargingStarts()],
      ['18:11', unplugs(), { plugged: 'OFF', active: 'OFF' }],
      ['18:12:10', chargingStops(), { plugged: 'OFF' }],
      ['18:13', answer(IN_PROGRESS, [smart('18:00', '20:00')]), { plugged: 'OFF', active: 'OFF' }],
      ['18:20', null, { plugged: 'OFF', active: 'OFF' }],
    ],
  },
  {
    title: 'Held, and the answer knows nothing of the plan',
    why: 'A failed list is no answer about the plan, so the hold goes on; the old plan makes no new half hour cheap.',
    steps: [
      ['17:30', plugsIn()],
      ['17:31', chargingStops()],
      ['18:04', answer(IN_PROGRESS, [smart('18:05', '19:00')])],
      ['18:06', chargingStarts()],
      ['18:30', null, { active: 'ON', cheap: 'ON', reason: 'held' }],
      ['18:30:25', answer(IN_PROGRESS, [], { noList: true }), { active: 'ON', cheap: 'ON', reason: 'held' }],
      ['18:32:30', null, { active: 'ON', cheap: 'OFF', reason: 'awaiting_evidence', used: 1 }],
    ],
  },
  {
    title: 'A dip of the current over a mark',
    why: 'Between two rows the current falls for moments. That begins no new draw, so the new half hour waits for Octopus.',
    steps: [
      ['17:30', plugsIn()],
      ['17:31', draws(0)],
      ['18:04', answer(IN_PROGRESS, [smart('18:05', '19:00')])],
      ['18:06', draws(7200)],
      ['18:30', null, { cheap: 'ON', reason: 'held' }],
      ['18:30:10', answer(IN_PROGRESS, [], { noList: true })],
      ['18:33', null, { active: 'ON', cheap: 'OFF', reason: 'awaiting_evidence', used: 1 }],
    ],
  },
  {
    title: 'Expected until, across noon and a night without rows',
    why: 'What is expected counts the half hours that the plan touches, from the noon before each of them.',
    settings: { evidence: 'plan' },
    steps: [
      ['11:28', plugsIn()],
      ['11:29', answer(IN_PROGRESS, [smart('11:30', '16:00', -30)])],
      ['11:31', null, { cheap: 'ON', until: '12:00', expected: '16:00' }],
    ],
  },
  {
    title: 'Unplugged, and Octopus is slow to notice',
    why: 'A state that never said the car was gone is only late. It contradicts nothing.',
    steps: [
      ['17:00', plugsIn()],
      ['17:10', answer(IN_PROGRESS, [smart('18:00', '19:00')])],
      ['17:30', unplugs(), { plugged: 'OFF' }],
      ['17:31', answer(IN_PROGRESS, [smart('18:00', '19:00')]), { plugged: 'OFF' }],
      ['17:50', answer(IN_PROGRESS, [smart('18:00', '19:00')]), { plugged: 'OFF', active: 'OFF' }],
      ['18:00', null, { active: 'OFF', cheap: 'OFF' }],
    ],
  },
  {
    title: 'Charging without a plan',
    why: 'The car charges by its own schedule. Nothing about that is cheap.',
    steps: [
      ['17:00', plugsIn()],
      ['17:10', answer('CAPABLE')],
      ['17:20', chargingStarts()],
      ['17:25', null, { active: 'OFF', dispatching: 'OFF', cheap: 'OFF', reason: 'no_dispatch', used: 0 }],
    ],
  },
  {
    title: 'Two cars, one in a dispatch',
    why: 'Each car has its own dispatch; the house is cheap because of either.',
    cars: 2,
    settings: WHOLE_SLOT,
    steps: [
      ['17:00', plugsIn(1)],
      ['17:01', unplugs(2)],
      ['17:02', answer('NOT_AVAILABLE', [], { car: 2 }), { active2: 'OFF' }],
      ['17:59', answer(IN_PROGRESS, [smart('18:00', '18:30')], { car: 1 })],
      ['18:00', null, { active: 'ON', active2: 'OFF', cheap: 'ON', until: '18:30' }],
    ],
  },
  {
    title: 'Two cars, nothing known of the second',
    why: 'OFF needs both to be known; ON needs only one.',
    cars: 2,
    settings: WHOLE_SLOT,
    steps: [
      ['17:00', unplugs(1), { active: 'OFF', active2: '?', cheap: '?' }],
      ['17:05', answer('CAPABLE', [], { car: 2 }), { active2: 'OFF', cheap: 'OFF' }],
    ],
  },
  {
    title: 'The planned list fails, the state is answered',
    why: 'An unknown plan is not an empty plan: the last one stands until it is too old. A partial state counts.',
    settings: WHOLE_SLOT,
    steps: [
      ['17:40', plugsIn()],
      ['17:59', answer(IN_PROGRESS, [smart('18:00', '18:30')])],
      ['18:05', answer(IN_PROGRESS, [], { noList: true }), { active: 'ON', cheap: 'ON' }],
      ['18:10', answer('NOT_AVAILABLE', [], { noList: true }), { active: 'OFF', cheap: 'ON' }],
    ],
  },
  {
    title: 'No plug source at all',
    why: 'Then what Octopus’s state implies is believed, for half an hour.',
    steps: [
      ['17:00', null, { plugged: '?', active: '?', cheap: '?' }],
      ['17:05', answer('CAPABLE'), { plugged: 'ON', active: 'OFF', cheap: 'OFF' }],
      ['17:35:01', null, { plugged: '?', active: '?', cheap: '?' }],
      ['17:36', answer('NOT_AVAILABLE'), { plugged: 'OFF', active: 'OFF' }],
    ],
  },
  {
    title: 'The plug source falls silent',
    why: 'Its last word stands until Octopus says something about the plug.',
    steps: [
      ['17:00', plugsIn()],
      ['17:05', answer('CAPABLE'), { plugged: 'ON' }],
      ['17:10', plugSilent, { plugged: 'ON' }],
      ['17:12', answer('LOST_CONNECTION'), { plugged: 'ON' }],
      ['17:15', answer('NOT_AVAILABLE'), { plugged: 'OFF', active: 'OFF' }],
    ],
  },
  {
    title: 'Just plugged in, plan still old',
    why: 'For two minutes after it was known to be unplugged a car has no plan, so there is nothing unknown about it.',
    steps: [
      ['17:00', unplugs(), { active: 'OFF' }],
      ['18:00', plugsIn(), { plugged: 'ON', active: 'OFF', dispatching: 'OFF', cheap: 'OFF' }],
      ['18:01:59', null, { active: 'OFF' }],
      ['18:02', null, { active: '?', dispatching: '?', cheap: '?' }],
    ],
  },
  {
    title: 'The night when the clocks go back',
    why: 'The night is by the clock on the wall: 23:30 BST to 05:30 GMT is seven hours.',
    date: '2026-10-24',
    steps: [
      ['23:29:59', unplugs(), { dispatching: 'OFF', cheap: 'OFF' }],
      ['23:30', null, { dispatching: 'ON', cheap: 'ON', until: '05:30' }],
      ['+1 05:29:59', null, { dispatching: 'ON', cheap: 'ON' }],
      ['+1 05:30', null, { dispatching: 'OFF', cheap: 'OFF' }],
    ],
  },
  {
    title: 'The night when the clocks go forward',
    why: 'Five hours, and the edges are where the clock on the wall says.',
    date: '2026-03-28',
    steps: [
      ['23:30', unplugs(), { dispatching: 'ON', cheap: 'ON', until: '05:30' }],
      ['+1 05:29:59', null, { dispatching: 'ON', cheap: 'ON' }],
      ['+1 05:30', null, { dispatching: 'OFF', cheap: 'OFF' }],
    ],
  },
  {
    title: 'Rows shorter than the user wants',
    why: '`min_dispatch` asks short rows for evidence.',
    settings: { ...WHOLE_SLOT, minDispatch: 10 * MINUTE },
    steps: [
      ['17:40', plugsIn()],
      ['17:41', chargingStops()],
      ['17:59', answer(IN_PROGRESS, [smart('18:00', '18:03')])],
      ['18:00', null, { active: 'ON', cheap: 'OFF', reason: 'awaiting_evidence' }],
    ],
  },
  {
    title: 'A smart charge by night counts against the allowance',
    why: 'The night is cheap anyway, but its smart half hours are counted.',
    settings: { evidence: 'plan' },
    steps: [
      ['22:00', plugsIn()],
      ['23:29', answer(IN_PROGRESS, [smart('23:30', '+1 00:30')])],
      ['23:31', null, { dispatching: 'ON', cheap: 'ON', reason: 'off_peak', used: 1 }],
      ['23:58', answer(IN_PROGRESS, [smart('23:30', '+1 00:30')])],
      ['+1 00:00', null, { used: 2 }],
    ],
  },
]
