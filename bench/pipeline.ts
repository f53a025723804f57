/**
 * How many messages a second reach the broker through the whole catalogue and diff, beside what the bare client of MQTT
 * sends of the same messages in the same run; and what one cycle costs by itself.
 */
import type { MqttClient } from 'mqtt'
import { MINUTE, systemClock } from '../src/clock.ts'
import type { MqttConnection } from '../src/mqtt/connection.ts'
import { Publisher } from '../src/mqtt/publisher.ts'
import type { CarView, Snapshot } from '../src/snapshot.ts'
import { openStore } from '../src/store/open.ts'
import { bareClient, connected, withBroker } from './broker.ts'
import { type Lived, live } from './household.ts'
import { round } from './measure.ts'
import { BASE, outputsFor } from './rig.ts'

export interface PipelineOptions {
  /** Messages of each stretch that is timed. */
  readonly messages: number
  /** Stretches; bare client and pipeline take turns. */
  readonly rounds: number
  /** Simulated days of the household whose cycles are timed. */
  readonly days: number
}

/** QoS 1 messages on their way at once, as the publisher's own. */
const WINDOW = 64
const FIRST_DATE = '2026-10-01'
/** Of what the bare client reaches. */
const GOAL = 0.6

interface Sent {
  readonly topic: string
  readonly payload: string
}

/** Everything of a car that a snapshot shows, an hour and a count later: no two in a row share a value. */
function altered(snapshot: Snapshot, count: number): Snapshot {
  const odd = count % 2 === 1
  const by = count * MINUTE
  const later = <T extends { readonly start: number; readonly end: number }>(row: T): T => ({
    ...row,
    start: row.start + by,
    end: row.end + by,
  })
  const car = (view: CarView): CarView => ({
    ...view,
    dispatchActive: odd,
    intelligentDispatching: odd,
    dispatchingReason: odd ? 'dispatch' : null,
    plan: { ...view.plan, rows: view.plan.rows.map(later), fetchedAt: snapshot.at + by },
    current: { start: snapshot.at + by, end: snapshot.at + by + MINUTE },
    next: { start: snapshot.at + by + MINUTE, end: snapshot.at + by + 2 * MINUTE },
    plannedCount: count,
    plannedKwh: count,
    state: odd ? 'SMART_CONTROL_IN_PROGRESS' : 'SMART_CONTROL_CAPABLE',
    pluggedIn: odd,
    charging: odd,
    boosting: odd,
    suspended: odd,
    stateOfCharge: { value: count % 100, at: snapshot.at + by },
    chargeTarget: { value: (count + 50) % 100, at: snapshot.at + by },
    readyBy: { value: `07:${String(count % 60).padStart(2, '0')}`, at: snapshot.at + by },
  })
  const { account } = snapshot
  return {
    ...snapshot,
    at: snapshot.at + by,
    account: {
      ...account,
      offPeak: odd,
      houseCheap: {
        ...account.houseCheap,
        value: odd,
        until: snapshot.at + by,
        expectedUntil: snapshot.at + by,
        minutesLeft: count,
      },
      smartHalfHours: { used: count, byCar: { family_car: count } },
      dataLastRetrieved: snapshot.at + by,
      nextRefresh: snapshot.at + by,
      refreshMode: odd ? 'steady' : 'boundary',
      refreshReason: `reason ${count}`,
      requestsLastHour: count,
      requestsLeft: 1000 - count,
      apiStatus: odd ? 'ok' : 'slow',
    },
    cars: snapshot.cars.map(car),
  }
}

interface Stretch {
  readonly seconds: number
  readonly snapshots: number
  readonly sent: readonly Sent[]
}

class Pipeline {
  readonly #publisher: Publisher
  readonly #outputs: ReturnType<typeof outputsFor>
  readonly #sent: Sent[]

  constructor(connection: MqttConnection) {
    const sent: Sent[] = []
    const publish = connection.publish.bind(connection)
    connection.publish = (topic, payload, options) => {
      sent.push({ topic, payload })
      return publish(topic, payload, options)
    }
    const store = openStore({ path: ':memory:', clock: systemClock })
    this.#sent = sent
    this.#publisher = new Publisher(connection, systemClock, `${BASE}/bridge/state`, () => {})
    this.#outputs = outputsFor({ broker: connection, publisher: this.#publisher, store })
    this.#publisher.start()
  }

  /** Shows snapshots until so many messages are with the broker. What was sent, and in how many seconds. */
  async run(messages: number, next: (count: number) => Snapshot): Promise<Stretch> {
    this.#sent.length = 0
    let snapshots = 0
    const from = performance.now()
    while (this.#sent.length < messages) {
      this.#outputs.show(next(snapshots))
      snapshots += 1
      // As soon as everything has left: a snapshot before that would only replace what waits.
      while (this.#publisher.stats.waiting > 0) await turn()
    }
    await this.#publisher.flush(MINUTE)
    return { seconds: (performance.now() - from) / 1000, snapshots, sent: [...this.#sent] }
  }
}

const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

/** The same messages by the client alone, with as many on their way. */
function bare(client: MqttClient, messages: readonly Sent[]): Promise<number> {
  const from = performance.now()
  return new Promise((resolve, reject) => {
    let next = 0
    let done = 0
    const send = () => {
      const message = messages[next]
      if (message === undefined) return
      next += 1
      client.publish(message.topic, message.payload, { retain: true, qos: 1 }, error => {
        if (error) return reject(error)
        done += 1
        if (done === messages.length) resolve((performance.now() - from) / 1000)
        else send()
      })
    }
    for (let slot = 0; slot < WINDOW; slot += 1) send()
  })
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN

/** One snapshot of an evening with a plan, which all that are timed are made of. */
const withPlan = ({ snapshots }: Lived): Snapshot => {
  const found = snapshots.find(({ cars }) => cars.some(car => car.plan.rows.length > 1)) ?? snapshots.at(-1)
  if (found === undefined) throw new RangeError('A household has snapshots')
  return found
}

/** Our pace and the bare client's, turn by turn, over the same messages; the median of the rounds. */
async function compared(ours: () => Promise<Stretch>, client: MqttClient, rounds: number) {
  // Both have compiled by then.
  await bare(client, (await ours()).sent)
  const list: { ours: number; bare: number; share: number; perSnapshot: number }[] = []
  for (let count = 0; count < rounds; count += 1) {
    const { seconds, snapshots, sent } = await ours()
    const pace = sent.length / seconds
    const theirs = sent.length / (await bare(client, sent))
    list.push({ ours: pace, bare: theirs, share: pace / theirs, perSnapshot: sent.length / snapshots })
  }
  const of = (key: 'ours' | 'bare' | 'share' | 'perSnapshot') => median(list.map(each => each[key]))
  return {
    messagesPerSnapshot: round(of('perSnapshot')),
    publishesPerSecond: Math.round(of('ours')),
    barePublishesPerSecond: Math.round(of('bare')),
    share: round(of('share'), 2),
    shares: list.map(({ share }) => round(share, 2)),
  }
}

export async function runPipeline({ messages, rounds, days }: PipelineOptions) {
  const lived = await live({ seed: '1/0', date: FIRST_DATE, days, keep: 2_000 })
  const { snapshots } = lived
  const evening = withPlan(lived)
  return await withBroker(async broker => {
    const connection = await connected(broker.url, systemClock)
    const client = await bareClient(broker.url)
    const pipeline = new Pipeline(connection)
    let altering = 0
    const everything = await compared(() => pipeline.run(messages, () => altered(evening, ++altering)), client, rounds)
    const asLived = (count: number): Snapshot => snapshots[count % snapshots.length] ?? evening
    const household = await compared(() => pipeline.run(messages, asLived), client, rounds)
    await client.endAsync()
    await connection.close()
    return {
      broker: broker.kind,
      rounds,
      messagesPerRound: messages,
      ...everything,
      goal: { share: GOAL, reached: everything.share >= GOAL },
      household,
      cycle: {
        days,
        cyclesPerDay: Math.round(lived.cycles / days),
        messagesPerDay: Math.round(lived.messages / days),
        bytesPerDay: Math.round(lived.bytes / days),
        microsecondsPerCycle: Math.round((lived.cpuSeconds / lived.cycles) * 1e6),
        cpuSecondsPerDay: round(lived.cpuSeconds / days, 2),
      },
    }
  })
}

export type PipelineReport = Awaited<ReturnType<typeof runPipeline>>
