/** A plain client of the simulator, for the tests. */
import type { Simulator } from '../../src/simulator/index.ts'

export interface Reply {
  readonly status: number
  readonly type: string | null
  readonly headers: Headers
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape are looked into here
  readonly json: any
}

async function reply(response: Response): Promise<Reply> {
  const text = await response.text()
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    json = undefined
  }
  return { status: response.status, type: response.headers.get('content-type'), headers: response.headers, text, json }
}

export const MINT =
  'mutation ($input: ObtainJSONWebTokenInput!) { obtainKrakenToken(input: $input) { token refreshToken refreshExpiresIn payload } }'

export const POLL = `query Poll($acc: String!, $dev: String!) {
  devices(accountNumber: $acc) {
    __typename id name deviceType provider propertyId integrationDeviceId
    status {
      current isSuspended currentState
      ... on SmartFlexVehicleStatus { stateOfCharge { value timestamp } activePower { value timestamp } stateOfChargeLimit { upperSocLimit isLimitViolated timestamp } testDispatchFailureReason }
      ... on SmartFlexChargePointStatus { stateOfCharge { value timestamp } activePower { value timestamp } }
    }
    alerts { message publishedAt }
    preferences { targetType unit mode gridExport isChargingDurationCapped schedules { dayOfWeek time min max upperLimit } }
    ... on SmartFlexVehicle { make model vehicleBatterySize chargePointPowerOutput }
    ... on SmartFlexChargePoint { make model vehicleBatterySize chargePointPowerOutput }
  }
  flexPlannedDispatches(deviceId: $dev) { start end type energyAddedKwh }
  completedDispatches(accountNumber: $acc) { start end delta meta { source location } }
}`

export function clientOf(simulator: Simulator) {
  const post = async (url: string, body: string, headers: Record<string, string> = {}): Promise<Reply> =>
    reply(await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body }))

  const graphql = (query: string, variables: object = {}, token?: string): Promise<Reply> =>
    post(
      simulator.graphqlUrl,
      JSON.stringify({ query, variables }),
      token === undefined ? {} : { authorization: token },
    )
  const mint = (key = simulator.apiKey): Promise<Reply> => graphql(MINT, { input: { APIKey: key } })
  const device = simulator.household.cars[0].spec.deviceId

  return {
    post,
    graphql,
    mint,
    token: async (): Promise<string> => (await mint()).json.data.obtainKrakenToken.token,
    poll: (token: string, dev = device): Promise<Reply> => graphql(POLL, { acc: simulator.account.number, dev }, token),
    control: async (method: string, path: string, body?: object): Promise<Reply> =>
      reply(
        await fetch(`${simulator.url}/simulator/${path}`, {
          method,
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
      ),
    rest: async (path: string, key: string | null = simulator.apiKey): Promise<Reply> =>
      reply(
        await fetch(path.startsWith('http') ? path : simulator.restUrl + path, {
          headers: key === null ? {} : { authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` },
        }),
      ),
  }
}
