/** Puts the room together: everything that is asked of Octopus goes through here. */
import { type Clock, HOUR, type Instant } from '../clock.ts'
import { isBridgeError } from '../errors.ts'
import { fetchOverHttp } from '../fetch.ts'
import type { CallClass } from '../intelligent/admission.ts'
import type { Answer, DeviceFacts } from '../intelligent/types.ts'
import { Redactor } from '../redactor.ts'
import { Caller } from './caller.ts'
import * as documents from './documents.ts'
import { type EnergyQuestions, energyQuestions } from './energy-questions.ts'
import { type HttpSettings, longestExchange } from './http.ts'
import { Limiter } from './limiter.ts'
import type { Octopus, OctopusLog, OctopusOptions } from './octopus.ts'
import { type AccountFacts, parseAccount, parseViewer } from './parse-account.ts'
import { parseDevices } from './parse-devices.ts'
import { parsePoll } from './parse-poll.ts'
import { RestClient } from './rest.ts'
import { Session } from './session.ts'
import { createTransport, type GraphqlAnswer, type Transport } from './transport.ts'

/** After Octopus refused the full document, it is tried again this often. */
const RETRY_FULL_DOCUMENT = 24 * HOUR

export const createOctopus = (options: OctopusOptions): Octopus => {
  const { config, clock, ledger, limits, userAgent, fetch = fetchOverHttp } = options
  const redactor = new Redactor()
  redactor.add(config.apiKey)
  const http: HttpSettings = { fetch, clock, timeout: config.timeout, userAgent, redactor }
  const limiter = new Limiter(limits, ledger, clock, options.onCallEnded)
  const transport = createTransport(config.graphqlUrl, http)
  const session = new Session(config.apiKey, transport, limiter, clock, options.tokens)
  const rest = new RestClient(config.restUrl, config.apiKey, http, limiter)
  const caller = new Caller(transport, session, limiter)
  const client = new OctopusClient({ limiter, transport, caller, clock, longest: longestExchange(http) }, options.log)
  return Object.assign(client, energyQuestions(rest, caller, clock))
}

interface Parts {
  readonly limiter: Limiter
  readonly transport: Transport
  readonly caller: Caller
  readonly clock: Clock
  /** What took longer than this, milliseconds, was slept over. */
  readonly longest: number
}

class OctopusClient implements Omit<Octopus, keyof EnergyQuestions> {
  readonly limiter: Limiter
  readonly #parts: Parts
  readonly #log: OctopusLog | undefined
  #fullRefusedAt: Instant | null = null
  #accountRefusedAt: Instant | null = null
  /** Rows that the newest answer lost: an Octopus that goes on listing them is no news. */
  #dropped = 0

  constructor(parts: Parts, log: OctopusLog | undefined) {
    this.limiter = parts.limiter
    this.#parts = parts
    this.#log = log
  }

  async accounts(): Promise<string[]> {
    return parseViewer(await this.#ask('Viewer', documents.VIEWER, {}))
  }

  async account(number: string): Promise<AccountFacts> {
    const { clock } = this.#parts
    const data = await this.#account(number)
    return parseAccount(data, number, clock.now())
  }

  /** Gas and the kinds of meters are nice to have: where they are refused, electricity is asked for alone, at once. */
  async #account(number: string): Promise<GraphqlAnswer['data']> {
    const { clock } = this.#parts
    const minimal = () => this.#ask('MinimalAccount', documents.MINIMAL_ACCOUNT, { account: number })
    if (this.#accountRefusedAt !== null && clock.now() < this.#accountRefusedAt + RETRY_FULL_DOCUMENT) return minimal()
    try {
      const data = await this.#ask('Account', documents.ACCOUNT, { account: number })
      this.#accountRefusedAt = null
      return data
    } catch (error) {
      if (!isBridgeError(error, 'OCTOPUS_SCHEMA_CHANGED') && !isBridgeError(error, 'OCTOPUS_REFUSED')) throw error
      this.#accountRefusedAt = clock.now()
      this.#log?.warn(
        { ...error.details },
        'Octopus refuses what was asked of gas and meters: electricity goes on alone',
      )
      return minimal()
    }
  }

  async devices(number: string): Promise<DeviceFacts[]> {
    return parseDevices(await this.#ask('Devices', documents.DEVICES, { account: number }))
  }

  async poll(number: string, deviceIds: readonly string[], callClass: CallClass): Promise<Answer> {
    const { caller, clock, longest } = this.#parts
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
      const now = clock.now()
      // Where the clock was set back meanwhile, what was asked a moment ago was not asked tomorrow.
      askedAt = Math.min(askedAt, now)
      // An answer that waited until the machine woke is as old as the question, and must not pass for a new one.
      const fetchedAt = now - askedAt > longest ? askedAt : now
      const { answer, dropped } = parsePoll(data, { deviceIds, askedAt, fetchedAt, errorCodes })
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

  #turnToMinimal(details: Readonly<Record<string, unknown>>): void {
    this.#fullRefusedAt = this.#parts.clock.now()
    this.#log?.warn({ ...details }, 'Octopus removed a field: the minimal document is used, the full one tried daily')
  }

  async #ask(operation: string, document: string, variables: Record<string, string>): Promise<GraphqlAnswer['data']> {
    return (await this.#parts.caller.background({ operation, document, variables })).data
  }
}
