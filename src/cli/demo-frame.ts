/** What stands above and below the story of a demo. Pure. */
import type { AuditReport } from '../simulator/index.ts'
import type { Paint } from './paint.ts'
import { displayWidth, wrap } from './width.ts'

export interface Frame {
  readonly columns: number | null
  readonly paint: Paint
}

/** Where to look: what it is, its address, and what to do with it. */
export type Place = readonly [name: string, address: string, use?: string]

const NAME = 19

const within = (text: string, columns: number | null): string[] => (columns === null ? [text] : wrap(text, columns))

export function opening(
  { title, about, places }: { title: string; about: string; places: readonly Place[] },
  { columns, paint }: Frame,
): string[] {
  const [first = '', ...rest] = within(`${title}, ${about}`, columns)
  const titled = first.startsWith(title) ? paint('title', title) + first.slice(title.length) : first
  return [titled, ...rest, '', ...places.flatMap(place => whereTo(place, { columns, paint })), '']
}

function whereTo([name, address, use]: Place, { columns, paint }: Frame): string[] {
  const line = `  ${name.padEnd(NAME)}${address}`
  if (use === undefined) return [line]
  const fits = columns === null || displayWidth(line) + 6 + displayWidth(use) <= columns
  return fits ? [`${line}      ${paint('faint', use)}`] : [line, `    ${paint('faint', use)}`]
}

/** What the simulated Octopus counted. */
export function closing(
  { dispatchRequests, calls, mostDispatchRequestsInAnHour: most, violations }: AuditReport,
  { columns, paint }: Frame,
): string[] {
  const asked = `Octopus was asked ${calls} times in all, ${dispatchRequests} of them for dispatches: at most ${most} in any hour, of 20.`
  const kept =
    violations.length === 0
      ? paint('good', 'Every promise to Octopus was kept.')
      : paint('bad', `Promises broken: ${JSON.stringify(violations)}`)
  return [...within(asked, columns), kept]
}
