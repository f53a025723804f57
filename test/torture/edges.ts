/** Edges that were known beforehand, and when the state that they bring was published. */
import type { Place } from './place.ts'

export interface Edge {
  /** UTC milliseconds. */
  readonly at: number
  /** Milliseconds until it was at a subscriber; null where it never was. */
  readonly lag: number | null
}

interface PlanRow {
  readonly start: string
  readonly end: string
}

/** The edges in [begun, ended) of every row of the first plan that was published, against `dispatch_active`. */
export function edgesIn(place: Place, begun: number, ended: number): Edge[] {
  const { messages } = place.recorder
  const [plan, active] = [place.topic('car/plan'), place.topic('car/dispatch_active')]
  const first = messages.find(({ topic, payload }) => topic === plan && payload.includes('IN_PROGRESS'))
  const rows = first === undefined ? [] : (JSON.parse(first.payload).rows as PlanRow[])
  const said = messages.filter(({ topic }) => topic === active)
  return rows
    .flatMap(({ start, end }) => [
      { at: Date.parse(start), payload: 'ON' },
      { at: Date.parse(end), payload: 'OFF' },
    ])
    .filter(({ at }) => at >= begun && at < ended)
    .map(({ at, payload }) => {
      const found = said.find(message => message.at >= at - 5 && message.payload === payload)
      return { at, lag: found === undefined ? null : Math.max(0, found.at - at) }
    })
}
