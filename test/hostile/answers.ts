/** Real answers to every question of the real client, taken from the simulated Octopus. */
import { HOUR, MINUTE, SECOND } from '../../src/clock.ts'
import { createOctopus } from '../../src/octopus/client.ts'
import { startSimulator } from '../../src/simulator/index.ts'
import { openStore } from '../../src/store/open.ts'
import { pluggedIn, rowsAfter } from '../integration/scenes.ts'
import { virtualClock } from '../simulator/virtual-clock.ts'

/** Half past twelve on a Monday in winter: far from the night, and from the rows of the plan. */
export const NOON = Date.parse('2026-11-23T12:32:00Z')

export const API_KEY = 'sk_live_H0st+Key/With=Signs&More'

export interface Answer {
  readonly body: Buffer
  readonly status?: number
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
}

export const OPERATIONS = ['Token', 'Viewer', 'Account', 'Devices', 'Poll', 'MinimalPoll', 'Consumption'] as const
export type Operation = (typeof OPERATIONS)[number]
export type Answers = Readonly<Record<Operation, Answer>>

const CAR_PLAN = rowsAfter([150, 190], [190, 240], [600, 660])

/** Asks a simulated Octopus everything once, and keeps what it said. */
export async function realAnswers(): Promise<Answers> {
  const clock = virtualClock(NOON - HOUR, 1e9)
  const simulator = await startSimulator({ clock, scenario: pluggedIn(CAR_PLAN), apiKey: API_KEY })
  clock.advanceTo(NOON)
  const answers: Partial<Record<Operation, Answer>> = {}
  let removed = false
  const store = openStore({ path: ':memory:', clock })
  const octopus = createOctopus({
    config: {
      apiKey: API_KEY,
      graphqlUrl: simulator.graphqlUrl,
      restUrl: simulator.restUrl,
      timeout: 20 * SECOND,
    },
    clock,
    ledger: store.ledger,
    limits: { dispatchPerHour: 20, dispatchMinGap: MINUTE, reserveForEvents: 4, requestsPerHour: 60 },
    userAgent: 'octopus2mqtt/test',
    fetch: async (url, sent) => {
      const { operationName } = JSON.parse(sent.body ?? '{}') as { operationName?: Operation }
      if (removed && operationName === 'Poll')
        return Response.json({ errors: [{ message: "Cannot query field 'x' on type 'Y'." }] }, { status: 400 })
      const response = await fetch(url, sent)
      const body = Buffer.from(await response.arrayBuffer())
      answers[operationName ?? 'Consumption'] = { body }
      return new Response(new Uint8Array(body), { status: response.status, headers: response.headers })
    },
  })
  try {
    const [number = ''] = await octopus.accounts()
    const account = await octopus.account(number)
    const devices = (await octopus.devices(number)).map(({ deviceId }) => deviceId)
    const ids = devices.slice(0, 1)
    await octopus.poll(number, ids, 'event')
    removed = true
    clock.advance(2 * MINUTE)
    await octopus.poll(number, ids, 'event').catch(() => {})
    clock.advance(2 * MINUTE)
    await octopus.poll(number, ids, 'event')
    const [point] = account.meterPoints.filter(each => each.direction === 'import')
    await octopus.consumption(
      { fuel: 'electricity', point: point?.mpan ?? '', serial: point?.serials[0] ?? '' },
      NOON - 8 * 24 * HOUR,
      NOON,
    )
  } finally {
    octopus.stop()
    store.close()
    await simulator.stop()
  }
  return answers as Answers
}
