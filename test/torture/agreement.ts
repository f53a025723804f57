/** Whether what stands retained at the broker is what the household is. */
import { retained } from '../support/broker.ts'
import type { Place } from './place.ts'

interface PlanRow {
  readonly start: string
  readonly end: string
}

const iso = (at: number): string => new Date(at).toISOString().replace('.000Z', 'Z')
const onOff = (is: boolean): string => (is ? 'ON' : 'OFF')
const rowText = ({ start, end }: PlanRow): string => `${start}-${end}`

/** What differs now, a line each. */
export async function disagreements(place: Place): Promise<string[]> {
  const kept = await retained(place.broker.url, `${place.base}/#`)
  const [car] = place.simulator.household.cars
  const now = place.clock.now()
  const rows = car.listed()
  const active = car.plugged && rows.some(row => row.type === 'SMART' && row.start <= now && now < row.end)
  const wanted: Readonly<Record<string, string>> = {
    'bridge/state': 'online',
    availability: 'online',
    'account/api_status': 'ok',
    'account/problem': 'OFF',
    'car/plugged_in': onOff(car.plugged),
    'car/charging': onOff(car.charger.watts > 1_000),
    'car/intelligent_state': car.state,
    'car/dispatch_active': onOff(active),
    'car/planned_dispatch_count': String(rows.length),
  }
  const different = Object.entries(wanted).flatMap(([path, payload]) => {
    const found = kept.get(place.topic(path))
    return found === payload ? [] : [`${path} is ${found}, the household says ${payload}`]
  })
  const plan = JSON.parse(kept.get(place.topic('car/plan')) ?? '{"rows":[]}') as { rows: PlanRow[] }
  // What has ended is no longer listed by Octopus, and may still stand in the plan as it was fetched.
  const shown = plan.rows.filter(row => Date.parse(row.end) > now).map(rowText)
  const listed = rows.map(row => rowText({ start: iso(row.start), end: iso(row.end) }))
  if (shown.join() !== listed.join()) different.push(`the plan is ${shown}, the household says ${listed}`)
  return different
}

/** What still differs after `patience` real milliseconds; looks again after every message. */
export async function disagreementsInTheEnd(place: Place, patience: number): Promise<string[]> {
  const until = performance.now() + patience
  for (;;) {
    const different = await disagreements(place)
    const left = until - performance.now()
    if (different.length === 0) return []
    if (left <= 0) return [...different, await why(place)]
    await place.recorder.next(({ topic }) => topic.startsWith(`${place.base}/`), left).catch(() => {})
  }
}

/** What the bridge says of its next request, and how many were made: where no answer came, this tells why. */
async function why(place: Place): Promise<string> {
  const { dispatchRequests, mints } = place.simulator.audit.report()
  const kept = await retained(place.broker.url, `${place.base}/#`)
  const said = ['next_refresh', 'refresh_mode', 'data_last_retrieved', 'api_status'].map(
    path => `${path} ${kept.get(place.topic(`account/${path}`))}`,
  )
  return `at ${iso(place.clock.now())}: ${said.join(', ')}, ${dispatchRequests} dispatch requests, ${mints} tokens`
}
