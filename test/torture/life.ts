/** One life of a daemon: it ends by a kill at some moment, or is left alone and asked to stop. */
import { SECOND } from '../../src/clock.ts'
import type { Random } from '../../src/simulator/random.ts'
import { disagreementsInTheEnd } from './agreement.ts'
import { strayFiles, unfinishedFiles } from './kept.ts'
import { type Moment, momentIn } from './moments.ts'
import type { Place } from './place.ts'
import { brokenWords } from './stream.ts'
import type { Tally } from './tally.ts'

/** Takes lines about what went wrong. */
export type Complain = (lines: readonly string[]) => void

/** How long a will, or a start that nobody disturbs, may take, real milliseconds. */
const PATIENCE = 30 * SECOND

/** Starts it, kills it at that moment, and waits for its will. `at` is when, `life` how long it lived, real milliseconds. */
export async function liveAndDie(place: Place, moment: Moment, random: Random, tally: Tally, complain: Complain) {
  const { recorder, clock } = place
  const before = recorder.messages.length
  const begun = performance.now()
  const daemon = place.start()
  const begunAt = clock.now()
  const state = place.topic('bridge/state')
  await momentIn(place, daemon, moment, random)
  const at = clock.now()
  const life = Math.round(performance.now() - begun)
  daemon.kill('SIGKILL')
  const { signal } = await daemon.ended
  if (signal !== 'SIGKILL') complain([`it ended by itself: ${daemon.output.slice(-500)}`])
  if (/nobody handled/.test(daemon.output))
    complain([daemon.output.split('\n').find(line => line.includes('nobody handled')) ?? ''])
  await place.roundTrip()
  if (recorder.newest(state) === 'online') {
    await recorder
      .next(({ topic, payload }) => topic === state && payload === 'offline', PATIENCE)
      .catch(() => complain(['no will was published']))
  }
  const online = recorder.messages.slice(before).find(({ topic, payload }) => topic === state && payload === 'online')
  if (online !== undefined) {
    tally.online.push((online.at - begunAt) / clock.speed)
    complain(outOfOrder(place, before))
  }
  return { at, life }
}

/** `online` comes after discovery and states. */
function outOfOrder(place: Place, from: number): string[] {
  const topics = place.recorder.messages
    .slice(from)
    .map(({ topic, payload }) => (payload === 'online' ? `${topic} online` : topic))
  const online = topics.indexOf(`${place.topic('bridge/state')} online`)
  const before = new Set(topics.slice(0, online))
  const documents = [...before].filter(topic => topic.startsWith(`${place.base}-ha/`)).length
  const states = ['car/plugged_in', 'car/plan', 'account/house_cheap', 'bridge/info'].map(path => place.topic(path))
  const late = states.filter(topic => !before.has(topic))
  return [
    ...(documents < 4 ? [`online after ${documents} discovery documents`] : []),
    ...(late.length > 0 ? [`online before ${late}`] : []),
  ]
}

/** The last life: nobody kills it, and in the end everything agrees. It is asked to stop. */
export async function liveOn(place: Place, patience: number, tally: Tally, complain: Complain): Promise<void> {
  const daemon = place.start()
  const isState = (payload: string) => (message: { topic: string; payload: string }) =>
    message.topic === place.topic('bridge/state') && message.payload === payload
  await place.recorder.next(isState('online'), PATIENCE)
  await place.recorder.publish(place.topic('account/refresh/set'), 'PRESS')
  complain(await disagreementsInTheEnd(place, patience))
  const offline = place.recorder.next(isState('offline'))
  daemon.kill('SIGTERM')
  const { code } = await daemon.ended
  if (code !== 0) complain([`asked to stop it ended with ${code}`])
  await offline
  const { violations, dispatchRequests, mostDispatchRequestsInAnHour, mints, mostMintsInAnHour } =
    place.simulator.audit.report()
  tally.requests += dispatchRequests
  tally.worstHour = Math.max(tally.worstHour, mostDispatchRequestsInAnHour)
  tally.mints += mints
  tally.mostMints = Math.max(tally.mostMints, mostMintsInAnHour)
  complain(violations.map(({ rule, value }) => `${rule}: ${value}`))
  complain(brokenWords(place))
  complain([...strayFiles(place.storePath), ...unfinishedFiles(place.storePath)].map(name => `left behind: ${name}`))
}
