/** Puts the room together: everything that is asked of Octopus goes through here. */
import { type Clock, HALF_HOUR, HOUR, type Instant } from '../clock.ts'
import type { BilledHalfHour, MeterReading } from '../energy/types.ts'
import { isBridgeError } from '../errors.ts'
import type { CallClass } from '../intelligent/admission.ts'
import type { Answer, DeviceFacts } from '../intelligent/types.ts'
import { Redactor } from '../redactor.ts'
import { toIso } from '../time/london.ts'
import { Caller } from './caller.ts'
import * as documents from './documents.ts'
import type { Fetch, HttpSettings } from './http.ts'
import { Limiter } from './limiter.ts'
import type { Octopus, OctopusLog, OctopusOptions } from './octopus.ts'
import { type AccountFacts, parseAccount, parseViewer } from './parse-account.ts'
import { parseBilled } from './parse-billed.ts'
import { parseDevices } from './parse-devices.ts'
import { parseGas } from './parse-gas.ts'
import { parsePoll } from './parse-poll.ts'
import { parseTariffRows } from './parse-tariffs.ts'
import type { RateQuestion, TariffRows } from './rate-rows.ts'
import { type MeterAddress, RestClient } from './rest.ts'
import { Session } from './session.ts'
import { createTransport, type GraphqlAnswer, type Transport } from './transport.ts'

/** After Octopus refused the full document, it is tried again this often. */
const RETRY_FULL_DOCUMENT = 24 * HOUR
/** More new labels than these are somebody's noise. */
const MOST_LABELS = 10

export const createOctopus = (options: OctopusOptions): Octopus => {
  const { config, clock, ledger, limits, userAgent } = options
  // Looked up at each call, so that a test may replace the global one.
  const fetch: Fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init))
  const redactor = new Redactor()
  redactor.add(config.apiKey)
  const http: HttpSettings = { fetch, clock, timeout: config.timeout, userAgent, redactor }
  const limiter = new Limiter(limits, ledger, clock)
  const transport = createTransport(config.graphqlUrl, http)
  const session = new Session(config.apiKey, transport, limiter, clock, options.tokens)
  const rest = new RestClient(config.restUrl, config.apiKey, http, limiter)
  return new OctopusClient(
    { limiter, transport, caller: new Caller(transport, session, limiter), rest, clock },
    options.log,
  )
}

interface Parts {
  readonly limiter: Limiter
  readonly transport: Transport
  readonly caller: Caller
  readonly rest: RestClient
  readonly clock: Clock
}

class OctopusClient implements Octopus {
  readonly limiter: Limiter
  readonly #parts: Parts
  readonly #log: OctopusLog | undefined
  #fullRefusedAt: Instant | null = null
  /** Rows that the newest answer lost: an Octopus that goes on listing them is no news. */
  #dropped = 0
  readonly #labels = new Set<string>()

  constructor(parts: Parts, log: OctopusLog | undefined) {
    this.limiter = parts.limiter
    this.#parts = parts
    this.#log = log
  }

  async accounts(): Promise<string[]> {
    return parseViewer(await this.#ask('Viewer', documents.VIEWER, {}))
  }

  async account(number: string): Promise<AccountFacts> {
    const data = await this.#ask('Account', documents.ACCOUNT, { account: number })
    const facts = parseAccount(data, number, this.#parts.clock.now())
    return { ...facts, gasPoints: await this.#gas(number) }
  }

  async devices(number: string): Promise<DeviceFacts[]> {
    return parseDevices(await this.#ask('Devices', documents.DEVICES, { account: number }))
  }

  async poll(number: string, deviceIds: readonly string[], callClass: CallClass): Promise<Answer> {
    const { caller, clock } = this.#parts
    const minimal = this.usesMinimalDocument()
    const document = (minimal ? documents.minimalPollDocument : documents.pollDocument)(deviceIds.length)
    const variables = documents.pollVariables(number, deviceIds)
    let askedAt = clock.now()
    const noteStart = () => {
      askedAt = clock.now()
    }
    try {
      const question = { operation: minimal ? 'MinimalPoll' : 'Poll', document, variables }
      const { data, errors } = await caller.dispatch(question, callClass, noteStart)
      const errorCodes = errors.map(error => error.errorCode ?? 'unknown')
      const { answer, dropped } = parsePoll(data, { deviceIds, askedAt, fetchedAt: clock.now(), errorCodes })
      if (!minimal) this.#fullRefusedAt = null
      if (dropped > 0 && this.#dropped === 0)
        this.#log?.warn({ dropped }, 'Rows of the plan without usable times were left out')
      this.#dropped = dropped
      return answer
    } catch (error) {
      if (!minimal && isBridgeError(error, 'OCTOPUS_SCHEMA_CHANGED')) this.#turnToMinimal(error.details)
      throw error
    }
  }

  consumption(meter: MeterAddress, from: Instant, to: Instant): Promise<MeterReading[]> {
    return this.#parts.rest.consumption(meter, from, to)
  }

  async rates(account: string, question: RateQuestion): Promise<TariffRows> {
    const published = await this.#parts.rest.rates(question)
    if (published.unitRates.length > 0 || question.tariffCode.startsWith('G-')) return published
    const told = parseTariffRows(await this.#ask('Tariffs', documents.TARIFFS, { account }), question.tariffCode)
    const { standingCharges } = published.standingCharges.length > 0 ? published : told
    return { unitRates: told.unitRates, standingCharges }
  }

  async billed(account: string, mpan: string, from: Instant, to: Instant): Promise<BilledHalfHour[]> {
    const halfHours: BilledHalfHour[] = []
    const step = documents.BILLED_AT_ONCE * HALF_HOUR
    for (let start = from; start < to; start += step) {
      const variables = { account, point: mpan, start: toIso(start), end: toIso(Math.min(start + step, to)) }
      const { halfHours: found, unknownLabels } = parseBilled(await this.#ask('Billed', documents.BILLED, variables))
      halfHours.push(...found.filter(half => half.start >= from && half.start < to))
      this.#logLabels(unknownLabels)
    }
    return halfHours
  }

  async probe(): Promise<void> {
    const call = { kind: 'background', callClass: 'ordinary', operation: 'Probe' } as const
    await this.limiter.run(call, async () => {
      try {
        await this.#parts.transport({ document: documents.DEVICES, variables: { account: 'A-00000000' }, token: null })
      } catch (error) {
        // A document is checked before the caller is: being asked who we are means that it fits.
        if (!isBridgeError(error, 'OCTOPUS_TOKEN_REFUSED') && !isBridgeError(error, 'OCTOPUS_FORBIDDEN')) throw error
      }
    })
  }

  usesMinimalDocument(): boolean {
    return this.#fullRefusedAt !== null && this.#parts.clock.now() < this.#fullRefusedAt + RETRY_FULL_DOCUMENT
  }

  stop(): void {
    this.limiter.stop()
  }

  /** Optional: whatever Octopus has against the question, electricity goes on. */
  async #gas(number: string): Promise<AccountFacts['gasPoints']> {
    try {
      return parseGas(await this.#ask('Gas', documents.GAS, { account: number }))
    } catch (error) {
      if (!isBridgeError(error)) throw error
      this.#log?.warn({ code: error.code, ...error.details }, 'Octopus does not tell of gas meters now')
      return null
    }
  }

  /** Each once: they are Octopus's words for a new kind of price. */
  #logLabels(labels: readonly string[]): void {
    for (const label of labels) {
      if (this.#labels.size >= MOST_LABELS || this.#labels.has(label)) continue
      this.#labels.add(label)
      this.#log?.warn(
        { label },
        'Octopus bills by a label that this version does not know: such half hours stay provisional',
      )
    }
  }

  #turnToMinimal(details: Readonly<Record<string, unknown>>): void {
    this.#fullRefusedAt = this.#parts.clock.now()
    this.#log?.warn({ ...details }, 'Octopus removed a field: the minimal document is used, the full one tried daily')
  }

  async #ask(operation: string, document: string, variables: Record<string, string>): Promise<GraphqlAnswer['data']> {
    return (await this.#parts.caller.background({ operation, document, variables })).data
  }
}
