/** Entities of the account: the cheap rate for the whole house, and how the daemon fares with Octopus. */
import { type AccountView, API_STATUSES, type Notice, REFRESH_MODES } from '../snapshot.ts'
import { withLists } from './attributes.ts'
import type { Attributes, Entity, RenderContext } from './entity.ts'
import { cheapEntities } from './house-cheap.ts'
import { time, word } from './payload.ts'

/** A notice says what to do in one line; a longer one would push others out. */
const MAX_ACTION_LENGTH = 500

/** Where a notice is explained. */
export const noticeLink = (notice: Notice, context: RenderContext): string =>
  `${context.docsUrl}/notices.md#${notice.code}`

// Notices are the same list until one opens or closes, which is seldom.
const problems = new WeakMap<readonly Notice[], { readonly docsUrl: string; readonly attributes: Attributes }>()

function problemAttributes({ notices }: AccountView, context: RenderContext): Attributes {
  const known = problems.get(notices)
  if (known?.docsUrl === context.docsUrl) return known.attributes
  const attributes = attributesOf(notices, context)
  problems.set(notices, { docsUrl: context.docsUrl, attributes })
  return attributes
}

function attributesOf(open: readonly Notice[], context: RenderContext): Attributes {
  const newestFirst = [...open].sort((a, b) => b.since - a.since)
  const notices = newestFirst.map(notice => ({
    code: notice.code,
    since: time(notice.since),
    action: word(notice.action, MAX_ACTION_LENGTH),
    link: noticeLink(notice, context),
    car: word(notice.car ?? null),
  }))
  return withLists({}, { notices })
}

const octopusEntities: readonly Entity<AccountView>[] = [
  {
    key: 'data_last_retrieved',
    platform: 'sensor',
    name: 'Data last retrieved',
    meaning: 'When the newest answer to a dispatch request came in.',
    availability: 'bridge',
    deviceClass: 'timestamp',
    category: 'diagnostic',
    value: account => account.dataLastRetrieved,
  },
  {
    key: 'next_refresh',
    platform: 'sensor',
    name: 'Next refresh',
    meaning: 'When the next dispatch request is due.',
    availability: 'bridge',
    deviceClass: 'timestamp',
    category: 'diagnostic',
    value: account => account.nextRefresh,
  },
  {
    key: 'refresh_mode',
    platform: 'sensor',
    name: 'Refresh mode',
    meaning: 'The mode that decided when the next refresh is due.',
    availability: 'bridge',
    deviceClass: 'enum',
    category: 'diagnostic',
    options: REFRESH_MODES,
    value: account => account.refreshMode,
    attributes: account => ({ reason: word(account.refreshReason) }),
    attributeMeanings: { reason: 'why, in a word or two' },
  },
  {
    key: 'requests_last_hour',
    platform: 'sensor',
    name: 'Requests last hour',
    meaning: 'Dispatch requests that began in the last 60 minutes, failed ones included.',
    availability: 'bridge',
    icon: 'mdi:counter',
    stateClass: 'measurement',
    precision: 0,
    category: 'diagnostic',
    enabledByDefault: false,
    value: account => account.requestsLastHour,
  },
  {
    key: 'requests_left',
    platform: 'sensor',
    name: 'Requests left',
    meaning: 'Dispatch requests that may still begin before the hourly limit is reached.',
    availability: 'bridge',
    icon: 'mdi:speedometer',
    stateClass: 'measurement',
    precision: 0,
    category: 'diagnostic',
    enabledByDefault: false,
    value: account => account.requestsLeft,
  },
  {
    key: 'api_status',
    platform: 'sensor',
    name: 'API status',
    meaning: 'How Octopus treats our requests now.',
    availability: 'bridge',
    deviceClass: 'enum',
    options: API_STATUSES,
    value: account => account.apiStatus,
  },
  {
    key: 'problem',
    platform: 'binary_sensor',
    name: 'Problem',
    meaning: 'ON while a notice is open: something that a person should look at.',
    availability: 'bridge',
    deviceClass: 'problem',
    value: account => account.notices.length > 0,
    attributes: problemAttributes,
    attributeMeanings: {
      notices:
        'the open notices, each `code`, `since`, `action` (what to do), `link` (its section in the documentation), `car`',
    },
  },
  {
    key: 'refresh',
    platform: 'button',
    name: 'Refresh',
    meaning: 'Asks Octopus now, or at the next instant the limits allow; `next_refresh` shows which.',
    availability: 'bridge',
    icon: 'mdi:refresh',
  },
]

export const accountEntities: readonly Entity<AccountView>[] = [...cheapEntities, ...octopusEntities]
