/** Today and tomorrow: when it is cheap and why, what is planned, started and done, and when Octopus is asked. Pure. */
import { HALF_HOUR } from '../../clock.ts'
import type { CarView } from '../../snapshot.ts'
import type { Interval } from '../../time/london.ts'
import { callsOf, dueOf } from './calls.ts'
import type { PageInput } from './input.ts'
import type { CarLane, CheapStretch, PlannedRow, Timeline } from './model.ts'
import { merged, spanOf, within, without } from './span.ts'

const lane = (car: CarView, span: Interval): CarLane => ({
  slug: car.slug,
  name: car.name,
  planned: within(
    car.plan.rows.map(
      (row): PlannedRow => ({
        start: row.start,
        end: row.end,
        stands: row.stands,
        why: row.why,
        type: row.type ?? 'SMART',
        kwh: row.energyKwh === null ? null : Math.abs(row.energyKwh),
      }),
    ),
    span,
  ),
  started: within(
    merged(car.started, () => true),
    span,
  ),
})

/** What was said of half hours that are over; what is certain; and what is to come if all goes as planned. */
function cheapOf(input: PageInput, span: Interval): CheapStretch[] {
  const { at, snapshot, believed, offPeak } = input
  if (snapshot === null) return []
  const { value, reason, until, expectedUntil } = snapshot.account.houseCheap
  const was = believed
    .filter(({ cheap, start }) => cheap && start <= at)
    .map(({ start, reason: why }): CheapStretch => ({ start, end: start + HALF_HOUR, kind: 'was', why }))
  const certain: CheapStretch[] =
    value === true && until !== null && until > at ? [{ start: at, end: until, kind: 'is', why: reason }] : []
  const goesOn: CheapStretch[] =
    value === true && expectedUntil !== null && expectedUntil > at
      ? [{ start: at, end: expectedUntil, kind: 'expected', why: 'dispatch' }]
      : []
  const planned = (snapshot.account.dispatchIsCheap ? snapshot.cars : []).flatMap(car =>
    car.plan.rows
      .filter(({ stands, end }) => stands && end > at)
      .map(({ cheap }): CheapStretch => ({ ...cheap, kind: 'expected', why: 'dispatch' })),
  )
  const nights = offPeak.map((night): CheapStretch => ({ ...night, kind: 'is', why: 'off_peak' }))
  const past = without(was, certain)
  const sure = without([...certain, ...without(ahead(nights, at), certain)], past)
  const hoped = without(ahead([...goesOn, ...planned], at), [...past, ...sure])
  const isSame = (a: CheapStretch, b: CheapStretch) => a.kind === b.kind && a.why === b.why
  return within(merged([...past, ...sure, ...hoped], isSame), span)
}

const ahead = <Piece extends Interval>(pieces: readonly Piece[], at: number): Piece[] =>
  pieces.filter(({ end }) => end > at).map(piece => ({ ...piece, start: Math.max(piece.start, at) }))

export function timelineOf(input: PageInput): Timeline {
  const span = spanOf(input.at)
  const cars = input.snapshot?.cars ?? []
  return {
    ...span,
    offPeak: within(input.offPeak, span),
    cheap: cheapOf(input, span),
    cars: cars.map(car => lane(car, span)),
    // The same list stands in every car: Octopus does not say whose a completed dispatch was.
    completed: within(
      (cars[0]?.completed ?? []).map(({ start, end, energyKwh, source }) => ({
        start,
        end,
        kwh: energyKwh === null ? null : Math.abs(energyKwh),
        source,
      })),
      span,
    ),
    calls: callsOf(input).filter(({ at }) => at >= span.start),
    due: dueOf(input),
  }
}
