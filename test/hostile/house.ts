/**
 * The whole bridge in this process, on a clock that a test moves: the real client with a `fetch` that answers what the test
 * wants, the real store, the real catalogue, and a broker in memory. It never listens and never leaves the machine.
 */
import { startBridge } from '../../src/bridge.ts'
import { redactorFor } from '../../src/cli/load.ts'
import { SECOND } from '../../src/clock.ts'
import { readConfig } from '../../src/config/load.ts'
import type { Sent as HttpSent } from '../../src/fetch.ts'
import { createLog } from '../../src/log.ts'
import { PRESETS } from '../../src/vehicle/presets.ts'
import { FakeBroker, type Sent } from '../mqtt/fake-broker.ts'
import { type VirtualClock, virtualClock } from '../simulator/virtual-clock.ts'
import { type Answer, type Answers, API_KEY, NOON } from './answers.ts'
import { brokenLines, brokenMessages, floods, secretsIn } from './promises.ts'

export const PASSWORD = 'p4ss/w0rd+with=signs&more'

/** What is asked of tariffs: nothing is published, so nothing about a price can be told. */
const NOTHING: Answer = {
  body: Buffer.from(
    '{"count":0,"next":null,"results":[],"data":{"account":{"properties":[]},"applicableRates":{"edges":[],"pageInfo":{"hasNextPage":false,"endCursor":null}}}}',
  ),
}

export interface HouseOptions {
  readonly answers: Answers
  /** Sections of the configuration. */
  readonly config?: Readonly<Record<string, unknown>>
  readonly storePath?: string
  readonly startsAt?: number
}

/** Timers of Bottleneck's are real ones; a clock that claims to be so fast makes its waits vanish. */
const SPEED = 1e9

/** What says how we fare with Octopus, and so may change when an answer is refused. */
const ABOUT_OCTOPUS =
  /\/account\/(next_refresh|refresh_mode|requests_|api_status|problem|data_last)|\/bridge\/|\/availability$/

export async function openHouse(options: HouseOptions): Promise<House> {
  const house = new House(options)
  await house.start()
  return house
}

export class House {
  readonly clock: VirtualClock
  readonly broker = new FakeBroker()
  readonly lines: string[] = []
  answers: Answers
  /** Operations that were asked for, in order. */
  readonly asked: string[] = []
  readonly #askedAt: (readonly [string, number])[] = []
  readonly #options: HouseOptions
  #underWay = 0
  #stop: () => Promise<void> = async () => {}

  constructor(options: HouseOptions) {
    this.#options = options
    this.answers = options.answers
    this.clock = virtualClock(options.startsAt ?? NOON, SPEED)
  }

  async start(): Promise<void> {
    const { config: change, storePath = ':memory:' } = this.#options
    const text = JSON.stringify({
      octopus: { api_key: API_KEY, graphql_url: 'http://octopus.test/graphql/', rest_url: 'http://octopus.test/v1/' },
      mqtt: { url: 'mqtt://broker.test', username: 'u', password: PASSWORD },
      status: { enabled: 'false' },
      storage: { path: storePath },
      log: { level: 'trace' },
      energy: { history_days: '0' },
      ...change,
    })
    const config = readConfig(text, 'house', { env: {}, cwd: '/', presets: PRESETS })
    const redactor = redactorFor(config)
    const log = await createLog(config.log, redactor, { write: line => this.lines.push(line) })
    const bridge = await startBridge({
      config,
      clock: this.clock,
      log,
      redactor,
      broker: this.broker,
      fetch: (url, sent) => this.#fetch(url, sent),
      random: () => 0.5,
      retainedWithin: 0,
    })
    this.#stop = () => bridge.stop()
    await this.settle()
    for (let second = 0; second < 5; second += 1) await this.pass(SECOND)
    await this.#settleUntilAsked(1)
    await this.pass(SECOND)
  }

  /** Dispatch requests that went out: a busy machine may need longer until the next one has. */
  get #polls(): number {
    return this.asked.filter(operation => operation.endsWith('Poll')).length
  }

  async #settleUntilAsked(polls: number): Promise<void> {
    for (let tries = 0; this.#polls < polls && tries < 20; tries += 1) await this.settle()
    await this.settle()
  }

  async #fetch(url: string, { body: sent }: HttpSent): Promise<Response> {
    this.#underWay += 1
    try {
      const body = sent === undefined ? {} : (JSON.parse(sent) as { operationName?: string })
      const operation = body.operationName ?? (url.includes('consumption') ? 'Consumption' : 'other')
      this.asked.push(operation)
      this.#askedAt.push([operation, this.clock.now()])
      const answer: Answer = this.answers[operation as keyof Answers] ?? NOTHING
      const { status = 200, type = 'application/json', headers = {}, body: bytes } = answer
      const shown = [204, 205, 304].includes(status) ? null : new Uint8Array(bytes)
      return new Response(shown, { status, headers: { 'content-type': type, ...headers } })
    } finally {
      this.#underWay -= 1
    }
  }

  /** Waits until nothing is under way any more, in real time: some rounds of the event loop and of Bottleneck's timers. */
  async settle(): Promise<void> {
    for (let quiet = 0, asked = this.asked.length; quiet < 4; quiet += 1) {
      await new Promise(resolve => setTimeout(resolve, 0))
      await new Promise(resolve => setImmediate(resolve))
      if (this.#underWay === 0 && this.asked.length === asked) continue
      asked = this.asked.length
      quiet = 0
    }
  }

  async pass(milliseconds: number): Promise<void> {
    this.clock.advance(milliseconds)
    await this.settle()
  }

  /** Somebody presses the button, and a minute goes by, so that Octopus is asked once. */
  async poll(): Promise<void> {
    const account = [...this.broker.store.keys()].find(topic => topic.endsWith('/account/api_status'))
    const polls = this.#polls
    this.broker.message(account?.replace('api_status', 'refresh/set') ?? '', 'PRESS')
    for (const seconds of [1, 62, 5, 5]) await this.pass(seconds * SECOND)
    await this.#settleUntilAsked(polls + 1)
  }

  /** What stands at the broker, without what says how we fare with Octopus. */
  get shown(): ReadonlyMap<string, string> {
    return new Map([...this.broker.store].filter(([topic]) => !ABOUT_OCTOPUS.test(topic)))
  }

  newest(end: string): string | undefined {
    return [...this.broker.store].find(([topic]) => topic.endsWith(end))?.[1]
  }

  /** When the operation was asked for. */
  askedAt(operation: string): number[] {
    return this.#askedAt.flatMap(([name, at]) => (name === operation ? [at] : []))
  }

  get sent(): readonly Sent[] {
    return this.broker.sent
  }

  async close(): Promise<void> {
    const stopped = this.#stop()
    await this.settle()
    this.clock.advance(3 * SECOND * SPEED)
    await stopped
  }

  /** Everything that is broken of what must hold whatever came in. */
  broken(flood = 6): string[] {
    const texts = [...this.lines, ...this.sent.map(({ topic, payload }) => `${topic} ${payload}`)]
    return [
      ...brokenMessages(this.sent),
      ...brokenLines(this.lines),
      ...floods(this.lines, flood),
      ...secretsIn(texts, [API_KEY, PASSWORD]),
      ...(this.broker.store.size > 400 ? [`${this.broker.store.size} topics`] : []),
    ]
  }
}
