/** What was said of half hours while they ran, against the bill. */
import type { MeterView } from '../../snapshot.ts'
import { withLists } from '../attributes.ts'
import type { Attributes, Entity } from '../entity.ts'
import { money, time } from '../payload.ts'

const EXISTS_WHEN = 'an Intelligent product'
const exists = (meter: MeterView): boolean => meter.judged !== undefined

function attributes({ judged }: MeterView): Attributes {
  const halfHours = (judged?.list ?? []).map(({ start, reason, cost }) => ({
    start: time(start),
    reason,
    cost: money(cost, 4),
  }))
  return withLists(
    {
      date: judged?.date ?? null,
      cost: money(judged?.cost ?? null, 2),
      month_cost: money(judged?.month.cost ?? null, 2),
    },
    { half_hours: halfHours },
  )
}

const count = {
  platform: 'sensor',
  availability: 'bridge',
  icon: 'mdi:scale-balance',
  stateClass: 'measurement',
  precision: 0,
  category: 'diagnostic',
  exists,
  existsWhen: EXISTS_WHEN,
} as const

export const judgedEntities: readonly Entity<MeterView>[] = [
  {
    ...count,
    key: 'half_hours_misjudged',
    name: 'Half hours misjudged',
    meaning:
      'Half hours of the newest billed day in which `house_cheap` said another thing than the bill. The bill comes a day or ' +
      'two later.',
    value: meter => meter.judged?.halfHours ?? null,
    attributes,
    attributeMeanings: {
      date: 'that day, in London',
      cost: 'what they came to, in GBP: at the dear price instead of the cheap one, or the cheap price not made use of',
      month_cost: 'the same of this month',
      half_hours:
        'each `start`, `reason` (`believed_cheap_billed_peak` or `believed_peak_billed_cheap`) and `cost`, of this month',
    },
  },
  {
    ...count,
    key: 'half_hours_misjudged_month',
    name: 'Half hours misjudged this month',
    meaning: 'The same of all billed days of this month.',
    value: meter => meter.judged?.month.halfHours ?? null,
  },
]
