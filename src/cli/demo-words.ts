/** The words of the demo: what it tells of each topic, and what a state means for somebody who sees it for the first time. */

/** Entities of the account and the car, by key. */
export const TOLD: Readonly<Record<string, string>> = {
  plugged_in: 'plugged in',
  charging: 'charging',
  intelligent_state: 'Octopus says',
  planned_dispatch_count: 'planned dispatches',
  next_dispatch_start: 'next dispatch starts',
  next_dispatch_end: 'next dispatch ends',
  current_dispatch_end: 'dispatch ends',
  dispatch_active: 'dispatch active',
  intelligent_dispatching: 'intelligent dispatching',
  house_cheap: 'house cheap',
  house_cheap_until: 'house cheap until',
  refresh_mode: 'refresh mode',
  api_status: 'Octopus API',
  requests_last_hour: 'calls in the last hour',
}

const pounds = (value: string | number): string => `£${Number(value).toFixed(2)}`

/** Of each meter, after its name. */
export const OF_METER: Readonly<Record<string, (value: string | number) => readonly [name: string, value: string]>> = {
  history: value => ['history', `${value} %`],
  previous_accumulative_consumption: value => ['last day', `${value} kWh`],
  previous_accumulative_cost: value => ['last day', pounds(value)],
  month_consumption: value => ['month so far', `${value} kWh`],
  month_cost: value => ['month so far', pounds(value)],
  current_rate: value => ['rate now', `£${value} a kWh`],
  half_hours_misjudged: value => ['misjudged', `${value} half hours`],
}

/** By the segment of their topics. */
export const METERS: Readonly<Record<string, string>> = {
  electricity_import: 'import',
  electricity_export: 'export',
  gas: 'gas',
}

/** By key and payload. */
export const MEANINGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  plugged_in: { ON: 'so Octopus is asked more often', OFF: 'so Octopus is hardly asked' },
  charging: { ON: 'the car draws power' },
  intelligent_state: {
    SMART_CONTROL_NOT_AVAILABLE: 'no car is plugged in, for all it knows',
    SMART_CONTROL_CAPABLE: 'it sees the car; a plan will come',
    SMART_CONTROL_IN_PROGRESS: 'it has a plan',
    BOOSTING: 'somebody charges without a plan',
    SMART_CONTROL_OFF: 'smart charging is switched off',
  },
  dispatch_active: { ON: 'a planned window has begun' },
  house_cheap: { ON: 'the whole house pays the cheap rate', OFF: 'the usual rate again' },
  refresh_mode: {
    settling: 'every minute, until there is a plan',
    steady: 'every few minutes',
    boundary: 'around a half hour in which something turns',
    event: 'something happened',
    unplugged: 'until Octopus has seen it too',
    idle: 'once an hour',
    backoff: 'Octopus has trouble: ever more slowly',
  },
}
