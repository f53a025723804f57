/** The composition root: builds every room, ties them together, starts and stops them in order. */

import { randomUUID } from 'node:crypto'
import { DOCS_URL, HOMEPAGE, VERSION } from './about.ts'
import { Account } from './account/account.ts'
import { afterCall, unknownHealth } from './account/api-health.ts'
import { carBindings } from './account/configured-cars.ts'
import { Discovery } from './account/discovery.ts'
import { type Found, isProvisional, provisional } from './account/found.ts'
import { answerBirths, publishingSoon } from './bridge-births.ts'
import { Inheritance } from './bridge-inheritance.ts'
import { Leftovers } from './bridge-leftovers.ts'
import { bridgePage } from './bridge-page.ts'
import { HeardRegisters } from './bridge-registers.ts'
import { registerRequests } from './bridge-requests.ts'
import { type Served, serveStatus } from './bridge-status.ts'
import { afterSending, atMost, type Clock, SECOND } from './clock.ts'
import type { Config } from './config/config.ts'
import { maskAccount, publicConfig } from './config/public.ts'
import { PRESS } from './entities/payload.ts'
import { ACCOUNT_DEVICE, bridgeStateTopic, commandTopic } from './entities/topics.ts'
import type { Fetch } from './fetch.ts'
import { StatisticsSender } from './home-assistant/statistics/sender.ts'
import type { Log } from './log.ts'
import type { Broker } from './mqtt/broker.ts'
import { Commands } from './mqtt/commands.ts'
import { MqttConnection } from './mqtt/connection.ts'
import { Presence } from './mqtt/presence.ts'
import { Publisher } from './mqtt/publisher.ts'
import { Requests } from './mqtt/requests.ts'
import { afterRetained } from './mqtt/retained.ts'
import type { BrokerSettings } from './mqtt/settings.ts'
import { createOctopus } from './octopus/client.ts'
import { userAgent } from './octopus/http.ts'
import { keyDigestOf } from './octopus/session.ts'
import { Outputs } from './outputs.ts'
import type { Redactor } from './redactor.ts'
import {
  brokerSettings,
  discoverySettings,
  gasUnitSetting,
  intelligentSettings,
  limitSettings,
  meterSettings,
} from './settings.ts'
import type { Snapshot } from './snapshot.ts'
import { type Health, healthNow } from './status/health.ts'
import { forgiving } from './store/forgiving.ts'
import { keptTokens } from './store/kept-tokens.ts'
import { openStore } from './store/open.ts'
import { toIso } from './time/london.ts'
import { transitions } from './transitions.ts'
import { topicsOf } from './vehicle/spec.ts'

export interface BridgeOptions {
  readonly config: Config
  readonly clock: Clock
  readonly log: Log
  /** 0–1; another one in tests. */
  readonly random?: () => number
  /** Learns the account's number when it is discovered, so that no log shows it whole. */
  readonly redactor?: Redactor
  /** Another broker connection, for a simulation. */
  readonly broker?: Broker
  /** The bytes' way to the broker, in place of a socket. */
  readonly dial?: BrokerSettings['dial']
  /** The way to Octopus, in place of HTTP. */
  readonly fetch?: Fetch
  /** Tells this daemon from any other on the same topics; a new one at each start by default. */
  readonly instance?: string
  /** How long the broker may take to send what it retains, in real milliseconds; another in tests, whose broker holds nothing. */
  readonly retainedWithin?: number
  /** Of the store: names the stretch in which `clock.monotonic()` can be compared. */
  readonly bootId?: string
}

export interface Bridge {
  /** Where `/health` is; null where it is off. */
  readonly statusUrl: string | null
  health(): Health
  /** Says `offline`, flushes, closes; resolves within five seconds. */
  stop(): Promise<void>
}

/** How long the last words to the broker may take, milliseconds. */
const GOODBYE = 2 * SECOND
const CALLS_END = 2 * SECOND
/** How long, in real milliseconds, a first start waits for the account before it says `online` without it. */
const FIRST_ANSWER = 10 * SECOND

/** Throws STATUS_LISTEN_FAILED and STORE_UNAVAILABLE; trouble with Octopus or the broker never stops a start. */
export async function startBridge(options: BridgeOptions): Promise<Bridge> {
  const { config, clock, log, random = Math.random, instance = randomUUID(), fetch, bootId, retainedWithin } = options
  const { baseTopic: base } = config.mqtt
  const startedAt = clock.now()

  const store = forgiving(
    openStore({ path: config.storage.path, clock, log, ...(bootId === undefined ? {} : { bootId }) }),
    log,
  )
  const octopus = createOctopus({
    config: config.octopus,
    clock,
    ledger: store.ledger,
    tokens: keptTokens(store.values),
    limits: limitSettings(config),
    userAgent: userAgent(VERSION, HOMEPAGE),
    ...(fetch === undefined ? {} : { fetch }),
    log,
    onCallEnded: (kind, outcome, took) => served?.requestEnded(kind, outcome, took / 1000),
  })
  const broker = options.broker ?? new MqttConnection({ ...brokerSettings(config), dial: options.dial }, clock, random)
  const publisher = new Publisher(broker, clock, bridgeStateTopic(base), error =>
    log.warn({ code: error.code }, error.message),
  )
  const requests = new Requests(
    broker,
    base,
    (topic, payload) => publisher.event(topic, payload),
    (name, error) => log.error({ request: name, err: error }, 'a request failed'),
  )
  const commands = new Commands(broker, (topic, error) => log.error({ topic, err: error }, 'a command failed'))
  const presence = new Presence(broker, clock, { base, instance }, publisher, () => account?.secondDaemon())
  const heard = { broker, base, afterRetained: afterRetained(broker, clock, retainedWithin) }
  const registers = new HeardRegisters({ ...heard, publisher, account: () => account })
  const leftovers = new Leftovers({ ...heard, log, publisher })
  const outputs = new Outputs({
    broker,
    publisher,
    store,
    base,
    discovery: discoverySettings(config),
    info: JSON.stringify({ version: VERSION, started: toIso(startedAt), instance, config: publicConfig(config) }),
    instance,
    docsUrl: DOCS_URL,
  })

  const cars = carBindings(config.ev)
  const inheritance = new Inheritance({
    ...heard,
    clock,
    values: store.values,
    published: store.published,
    discoveryPrefix: config.homeassistant.discoveryPrefix,
    foreign: cars.flatMap(({ spec }) => topicsOf(spec)),
    onDue: left => outputs.inherit(left),
  })

  const { url, token, caFile } = config.homeassistant
  const statistics =
    url === undefined || token === undefined
      ? null
      : new StatisticsSender({
          settings: { url, token, ...(caFile === undefined ? {} : { caFile }) },
          clock,
          log,
          values: store.values,
          random,
          onTrouble: trouble => account?.statisticsTrouble(trouble),
        })

  let account: Account | null = null
  let shown: Snapshot | null = null
  let served: Served | null = null
  /** How Octopus does while there is no account that could say so. */
  let early = unknownHealth(startedAt)
  const use = (found: Found) => {
    if (account === null) {
      begin(found)
      if (!isProvisional(found)) leftovers.accountKnown()
      return
    }
    if (found.account.number !== account.number) {
      log.error(
        {},
        'the key sees another account than it did: restart octopus2mqtt to show that, or set octopus.account',
      )
      return
    }
    if (!isProvisional(found)) inheritance.listen(account.slug)
    account.use(found)
  }
  const begin = (found: Found) => {
    const { number } = found.account
    options.redactor?.add(number, maskAccount(number))
    options.redactor?.add(number.toLowerCase(), maskAccount(number.toLowerCase()))
    account = new Account(
      {
        clock,
        log,
        store,
        octopus,
        settings: intelligentSettings(config),
        refresh: config.intelligent.refresh,
        requestsPerHour: config.limits.dispatchRequestsPerHour,
        energy: meterSettings(config),
        gasUnit: gasUnitSetting(config),
        ...(statistics !== null && { onStatistics: (series, from) => statistics.push(series, from) }),
        name: config.octopus.name ?? null,
        cars,
        subscribe: topics => broker.subscribe(topics),
        onSnapshot: snapshot => {
          outputs.show(snapshot)
          if (shown !== null)
            for (const { message, details } of transitions(shown, snapshot)) log.info(details, message)
          shown = snapshot
          page.changed()
        },
        onPlanChange: (car, change) => {
          outputs.planChanged(car, change)
          const { start, end } = change.row
          log.info({ car, start: toIso(start), end: toIso(end) }, `plan: a dispatch was ${change.kind}`)
        },
        onEdge: late => served?.edgeShown(late / 1000),
        random,
      },
      found,
    )
    const refreshTopic = commandTopic(base, account.slug, ACCOUNT_DEVICE, 'refresh')
    commands.on(refreshTopic, payload => {
      if (payload === PRESS) account?.refresh()
    })
    // Before anything is published over what the broker holds.
    registers.listen(account.slug)
    if (!isProvisional(found)) inheritance.listen(account.slug)
    account.start()
  }
  const discovery = new Discovery({
    clock,
    log,
    values: store.values,
    octopus,
    keyDigest: keyDigestOf(config.octopus.apiKey),
    wanted: config.octopus.account ?? null,
    onFound: use,
    onOutcome: error => {
      early = afterCall(early, error?.code ?? null, 0, clock.now())
      const { account: number } = config.octopus
      // A number in the configuration is enough to show, where people look, that the key is refused.
      if (error !== null && account === null && number !== undefined) use(provisional(number))
      if (account === null) {
        outputs.showBridgeOnly()
        page.changed()
      } else account.outcome(error, 0)
      leftovers.decide()
      // An account that was provisional until now shows its meters last.
      if (error === null)
        afterSending(() => {
          leftovers.accountKnown()
          inheritance.accountRead(clock.now())
        })
    },
  })

  const health = (): Health =>
    healthNow(
      {
        due: account?.due ?? null,
        brokerAwaySince: broker.disconnectedSince,
        dataAt: account?.dataAt ?? null,
        apiStatus: account?.apiStatus ?? early.status,
        nextLook: discovery.nextLook,
        storeDegraded: store.degraded?.reason ?? null,
        startedAt,
        version: VERSION,
      },
      clock,
    )

  const republish = publishingSoon(clock, random, () => publisher.republishAll())
  registerRequests(requests, { account: () => account, health, log, republish })

  const snapshot = () => shown
  const { requestsPerHour } = config.limits
  const { limiter } = octopus
  const parts = { clock, base, requestsPerHour, limiter, publisher, store, health, account: () => account, snapshot }
  const page = bridgePage({ ...parts, version: VERSION, docsUrl: DOCS_URL })

  broker.onConnect(() => log.info({}, 'connected to the broker'))
  broker.onDisconnect(() => log.warn({}, 'the broker went away; states are kept and sent when it is back'))
  broker.onConnect(page.changed)
  broker.onDisconnect(page.changed)
  broker.onTrouble(trouble => log.warn({ code: trouble.code }, trouble.message))
  broker.onContested(trouble => {
    const { until } = trouble.details
    log.error({ code: trouble.code, ...(typeof until === 'number' && { until: toIso(until) }) }, trouble.message)
    account?.secondDaemon()
  })
  broker.onMessage((topic, payload, retained) => account?.onMessage(topic, payload, retained))
  broker.onDisconnect(() => account?.cutOff())
  heard.afterRetained(() => account?.heardAgain())
  registers.start()
  const { statusTopic: topic, discovery: discoverable } = config.homeassistant
  answerBirths(broker, topic, republish)
  if (discoverable) broker.subscribe([topic])

  const told = { clock, startedAt, store, broker, limiter, publisher, health, snapshot }
  served = await serveStatus(config.status, page, told).catch(error => {
    octopus.stop()
    store.close()
    throw error
  })
  // What the store knows is wanted before the broker is there, so that `online` comes after discovery and states.
  outputs.start()
  discovery.start()
  leftovers.start()
  publisher.start()
  requests.start()
  commands.start()
  presence.start()
  statistics?.start()
  broker.connect()
  // Octopus may hang at a first start; that we are there should not take as long as that.
  const stopWaiting = clock.after(FIRST_ANSWER * clock.speed, () => outputs.showBridgeOnly())
  log.info({ version: VERSION, status: served?.url }, 'octopus2mqtt started')

  const stop = async () => {
    stopWaiting()
    registers.stop()
    leftovers.stop()
    inheritance.stop()
    requests.stop()
    commands.stop()
    presence.stop()
    await atMost(clock, CALLS_END, Promise.all([discovery.stop(), account?.stop(), statistics?.stop()]))
    octopus.stop()
    await publisher.stop(GOODBYE)
    await broker.close()
    await served?.close()
    store.close()
    log.info({}, 'stopped')
  }
  return { statusUrl: served?.url ?? null, health, stop }
}
