/** Completed days are never wrong and never lost. */
import { HALF_HOUR, HOUR, type Instant } from '../../../src/clock.ts'
import type { MakeInvariant } from './invariant.ts'
import { londonWall } from './london.ts'

interface ShownTotal {
  readonly value: number | null
  readonly last_reset: string | null
}

interface ShownDay {
  readonly date: string | null
  readonly charges: readonly { readonly start: string; readonly consumption: number }[]
}

/** From one look at the readings to the next, over the night, with this installation's own hour. */
export const READINGS_WITHIN = 11 * HOUR
const DAYS_BACK = 31
/** How often this looks at all that Octopus has; it is slow. */
const LOOKS_EVERY = 4 * HOUR

/** Of the last weeks: each is asked for many times. */
const known = new Map<string, readonly Instant[]>()
const MOST_KEPT = 100

/** The half hours of a day, as London's clocks have them. */
function halfHours(date: string): readonly Instant[] {
  const made = known.get(date) ?? makeHalfHours(date)
  if (known.size >= MOST_KEPT) known.clear()
  known.set(date, made)
  return made
}

function makeHalfHours(date: string): readonly Instant[] {
  const noon = Date.parse(`${date}T12:00:00Z`)
  const all: Instant[] = []
  for (let at = noon - 40 * HALF_HOUR; at < noon + 40 * HALF_HOUR; at += HALF_HOUR)
    if (londonWall(at).date === date) all.push(at)
  return all
}

const before = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T12:00:00Z`) - days * 24 * HOUR).toISOString().slice(0, 10)

export const daysAreRight: MakeInvariant = (scene, complain, count) => {
  let shownDate: string | null = null
  let losses = 0
  /** Day → since when Octopus has shown all of it, and every total that it was shown with. */
  const complete = new Map<string, { readonly since: Instant; readonly totals: Set<number> }>()

  let lookedAt: Instant = Number.NEGATIVE_INFINITY
  const lookAtOctopus = (): void => {
    const { now, parts } = scene
    lookedAt = now
    const today = londonWall(now).date
    const from = halfHours(before(today, 9))[0] ?? now
    const readings = new Map(parts.simulator.household.meter.visible(from, now).map(({ start, kwh }) => [start, kwh]))
    for (let back = 1; back <= 9; back += 1) {
      const date = before(today, back)
      const day = halfHours(date)
      if (!day.every(start => readings.has(start))) continue
      const wattHours = day.reduce((sum, start) => sum + Math.round((readings.get(start) ?? 0) * 1000), 0)
      const known = complete.get(date) ?? { since: now, totals: new Set<number>() }
      known.totals.add(wattHours)
      complete.set(date, known)
    }
    for (const date of complete.keys()) if (date < before(today, DAYS_BACK)) complete.delete(date)
  }

  const path = 'electricity_import/previous_accumulative_consumption'
  return {
    name: 'days-right-and-kept',
    // A store that was full forgot what came meanwhile: the next start shows an older day until it was asked for again.
    onProcess: change => {
      if (change !== 'starts' || scene.parts.disk.losses === losses) return
      losses = scene.parts.disk.losses
      shownDate = null
    },
    onRequest: request => {
      if (request.names.includes('consumption')) lookAtOctopus()
    },
    checkHourly: () => {
      const { now } = scene
      if (now - lookedAt < LOOKS_EVERY) return
      lookAtOctopus()
      if (!scene.isClear(HOUR / 60) || !scene.clockRightFor(24 * HOUR)) return
      const total = scene.shownJson<ShownTotal>(path)
      const day = scene.shownJson<ShownDay>(`${path}/attributes`)
      const newest = [...complete].filter(
        ([, { since }]) => Math.max(since, scene.troubleEnded) < now - READINGS_WITHIN - LOOKS_EVERY,
      )
      const due = newest
        .map(([date]) => date)
        .sort()
        .at(-1)
      if (total === undefined || day === undefined || day.date === null || total.value === null) {
        if (due !== undefined)
          complain(`no complete day is shown; Octopus has had ${due} for ${READINGS_WITHIN / HOUR} hours`)
        return
      }
      count()
      if (shownDate !== null && day.date < shownDate) complain(`the day went back from ${shownDate} to ${day.date}`)
      shownDate = day.date
      const known = complete.get(day.date)
      if (known !== undefined && !known.totals.has(Math.round(total.value * 1000)))
        complain(`${day.date} shows ${total.value} kWh; Octopus has said ${[...known.totals].map(wh => wh / 1000)}`)
      const sum = day.charges.reduce((wattHours, { consumption }) => wattHours + Math.round(consumption * 1000), 0)
      if (sum !== Math.round(total.value * 1000)) complain(`${day.date}: the half hours add up to ${sum / 1000}`)
      const starts = day.charges.map(({ start }) => Date.parse(start))
      if (starts.join() !== halfHours(day.date).join()) complain(`${day.date} shows ${starts.length} half hours`)
      if (total.last_reset === null || Date.parse(total.last_reset) !== halfHours(day.date)[0])
        complain(`${day.date} begins at ${total.last_reset}`)
      if (due !== undefined && day.date < due)
        complain(`${day.date} is shown, and Octopus has had ${due} for more than ${READINGS_WITHIN / HOUR} hours`)
    },
  }
}
