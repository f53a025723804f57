/**
 * What the house says of one car: a pure state machine. Messages and time go in, `CarSignals` come out. The state is
 * plain JSON and never changes in place; time only ever enters as an argument.
 */
import type { Instant } from '../clock.ts'
import { type DrawState, drawEdge, drawView, heardDraw, powerView, settleDraw, unwatched, watchedAnew } from './draw.ts'
import { listen, type Message } from './listen.ts'
import { hearPlug, hushPlug, plugEdges, plugView, settlePlug } from './plug.ts'
import { hearSchedule } from './schedule.ts'
import { type CarSpec, plugSources } from './spec.ts'
import type { SignalsState } from './state.ts'
import { type CarSignals, NO_SIGNALS } from './types.ts'

export type { Remark } from './remarks.ts'
export { initialState, type SignalsState, toStore } from './state.ts'
export { type StoredSignals, someStoredSignals } from './stored.ts'

/** Takes one message. A topic that nobody listens to changes nothing. Never throws, whatever the bytes. */
export function onMessage(
  spec: CarSpec,
  state: SignalsState,
  topic: string,
  payload: Buffer | string,
  retained: boolean,
  now: Instant,
): SignalsState {
  const message: Message = { topic, payload, retained, now }
  const before = advance(spec, state, now)
  const plugged = listen('plugged', plugSources(spec), { ...before.plug, remarks: before.remarks }, message)
  const home = listen('at_home', spec.atHome ?? [], { sources: before.plug.atHome, remarks: plugged.remarks }, message)
  const charging = listen(
    'charging',
    spec.charging?.sources ?? [],
    { ...before.charging, remarks: home.remarks },
    message,
  )
  const power = listen('power', spec.power?.sources ?? [], { ...before.power, remarks: charging.remarks }, message)
  const { schedule, remarks } = hearSchedule(spec.scheduleChanged ?? [], before.schedule, power.remarks, message)

  const isPlug = plugged.sources !== before.plug.sources || home.sources !== before.plug.atHome
  const heard = { sources: plugged.sources, atHome: home.sources }
  return {
    plug: isPlug && spec.plugged !== 'none' ? hearPlug(spec.plugged, before.plug, heard, now, retained) : before.plug,
    charging: hearDraw(spec.charging, before.charging, charging.sources, message),
    power: hearDraw(spec.power, before.power, power.sources, message),
    schedule,
    remarks,
  }
}

function hearDraw(
  spec: CarSpec['charging'],
  draw: DrawState,
  sources: DrawState['sources'],
  { now, retained }: Message,
): DrawState {
  if (spec === undefined || sources === draw.sources) return draw
  return settleDraw(spec, heardDraw(draw, sources, now), now, retained)
}

/**
 * Lets time pass. Every edge up to `now` is taken at its own instant and in order, so that it does not matter how often
 * or how late this is called: `advance(advance(s, a), b)` is `advance(s, b)`.
 */
export function advance(spec: CarSpec, state: SignalsState, now: Instant): SignalsState {
  let next = afterSetBack(spec, state, now)
  for (let edge = firstEdge(spec, next); edge !== null && edge <= now; edge = firstEdge(spec, next)) {
    next = settleAll(spec, next, edge)
  }
  return next
}

function settleAll(spec: CarSpec, state: SignalsState, at: Instant): SignalsState {
  const { plug, charging, power } = state
  return {
    ...state,
    plug: spec.plugged === 'none' ? plug : settlePlug(spec.plugged, hushPlug(spec.plugged, plug, at), at),
    charging: spec.charging === undefined ? charging : settleDraw(spec.charging, charging, at),
    power: spec.power === undefined ? power : settleDraw(spec.power, power, at),
  }
}

/** A run that began in the future means that the clock was set back: its wait begins again now. */
function afterSetBack(spec: CarSpec, state: SignalsState, now: Instant): SignalsState {
  const runs = [state.plug.stable, state.charging.stable, state.power.stable]
  return runs.some(run => run.changingSince !== null && run.changingSince > now) ? settleAll(spec, state, now) : state
}

function firstEdge(spec: CarSpec, state: SignalsState): Instant | null {
  const edges: Instant[] = spec.plugged === 'none' ? [] : plugEdges(spec.plugged, state.plug)
  const charging = spec.charging === undefined ? null : drawEdge(spec.charging, state.charging)
  const power = spec.power === undefined ? null : drawEdge(spec.power, state.power)
  if (charging !== null) edges.push(charging)
  if (power !== null) edges.push(power)
  return edges.length === 0 ? null : Math.min(...edges)
}

/** The first instant after `now` at which `advance` changes something; null where only a message can. */
export const nextEdge = (spec: CarSpec, state: SignalsState, now: Instant): Instant | null =>
  firstEdge(spec, advance(spec, state, now))

/** What holds at `now`. */
export function view(spec: CarSpec, state: SignalsState, now: Instant): CarSignals {
  const { plug, charging, power, schedule } = advance(spec, state, now)
  return {
    plugged: spec.plugged === 'none' ? NO_SIGNALS.plugged : plugView(plug),
    charging: drawView(spec.charging, charging),
    power: powerView(spec.power, power, now),
    scheduleChangedAt: schedule.changedAt,
  }
}

/** The same while the broker is away and nobody can be heard: a draw that may have ended proves nothing. */
export function cutOff(signals: CarSignals): CarSignals {
  const { charging, power } = signals
  return { ...signals, charging: unwatched(charging), power: { ...unwatched(power), watts: null, wattsAt: null } }
}

/** The broker is back, and what it retains was heard. */
export const heardAgain = (state: SignalsState, now: Instant): SignalsState => ({
  ...state,
  charging: watchedAnew(state.charging, now),
  power: watchedAnew(state.power, now),
})
