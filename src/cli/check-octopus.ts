/** The doctor's way to Octopus: name, network, schema, key, account, meters, cars, one dispatch query. */
import type { CarBinding } from '../account/bindings.ts'
import { chooseAccount } from '../account/discovery.ts'
import { SECOND } from '../clock.ts'
import type { Config } from '../config/config.ts'
import { maskAccount } from '../config/public.ts'
import { BridgeError } from '../errors.ts'
import { isIntelligentProduct } from '../intelligent/dispatching.ts'
import type { Answer, DeviceFacts } from '../intelligent/types.ts'
import type { Octopus } from '../octopus/octopus.ts'
import type { AccountFacts } from '../octopus/parse-account.ts'
import { isCar, isLiveCar } from '../octopus/parse-devices.ts'
import type { Redactor } from '../redactor.ts'
import { gasUnitSetting } from '../settings.ts'
import type { Store } from '../store/open.ts'
import { candidates, octopusOf } from './ask-octopus.ts'
import { describeCars, nameOf } from './check-cars.ts'
import { describeMeters } from './check-meters.ts'
import { both, type Doctor, doubtful, type Finding, good, type Result } from './doctor.ts'
import type { Here } from './here.ts'
import { withCause } from './not-admitted.ts'
import { within } from './within.ts'

export interface OctopusCheck {
  readonly doctor: Doctor
  readonly config: Config
  readonly here: Here
  readonly redactor: Redactor
  readonly cars: readonly CarBinding[]
}

const DNS_ANSWERS_WITHIN = 10 * SECOND

export async function checkOctopus(parts: OctopusCheck, store: Result<Store>): Promise<void> {
  const { doctor, config, here, redactor, cars: bindings } = parts
  const host = await doctor.look('DNS', { name: 'configuration', ok: true, value: null }, () => lookUp(parts))
  const opened = both(store, host)
  const octopus = opened.ok ? octopusOf(config, here.clock, opened.value[0]) : null
  const asking = async <T>(finding: Promise<T>): Promise<T> =>
    finding.catch(error => {
      throw store.ok ? withCause(error, store.value, config.octopus.apiKey, here.clock.now()) : error
    })
  try {
    const reached = await doctor.look('Octopus API', opened, () => asking(reach(config, octopus)))
    const numbers = await doctor.look('key', reached, api => asking(tryKey(api, redactor)))
    const account = await doctor.look('account', both(reached, numbers), async ([api, seen]) =>
      asking(readAccount(api, candidates(seen, config.octopus.account), config)),
    )
    await doctor.look('meters', account, facts => ({
      lines: describeMeters(facts, gasUnitSetting(config)),
      value: null,
    }))
    const cars = await doctor.look('cars', both(reached, account), async ([api, { number }]) => {
      const devices = (await asking(api.devices(number))).filter(isCar)
      return { lines: describeCars(devices, bindings), value: devices.filter(isLiveCar) }
    })
    await doctor.look(
      'dispatches',
      both(both(reached, account), both(healthy(store), cars)),
      ([[api, { number }], [, live]]) => asking(askForDispatches(api, number, live)),
    )
  } finally {
    octopus?.stop()
  }
}

/** A ledger in memory does not know what a daemon asked; the dispatch requests are the ones that must be counted. */
const healthy = (store: Result<Store>): Result<Store> =>
  store.ok && store.value.degraded !== null ? { name: 'store', ok: false } : store

async function lookUp({ config, here }: OctopusCheck): Promise<Finding<null>> {
  const hosts = [...new Set([config.octopus.graphqlUrl, config.octopus.restUrl].map(url => new URL(url).hostname))]
  const found: string[] = []
  for (const host of hosts) {
    const bare = host.replace(/^\[(.*)\]$/, '$1')
    const late = () =>
      new BridgeError('OCTOPUS_UNREACHABLE', `the name server says nothing of ${bare} within 10 s: check the network`)
    const addresses = await within(here.clock, DNS_ANSWERS_WITHIN, here.lookup(bare), late).catch(error => {
      throw notFound(bare, error)
    })
    found.push(bare === addresses[0] ? bare : `${bare} is ${addresses.join(', ')}`)
  }
  return good(found.join('; '), null)
}

function notFound(host: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || error instanceof BridgeError) return error
  const networkCode = String(error.code)
  const why =
    networkCode === 'ENOTFOUND'
      ? 'cannot be found: check the network and the name server of this machine, and octopus.graphql_url and octopus.rest_url where you set them'
      : 'cannot be looked up: check the network and the name server of this machine'
  return new BridgeError('OCTOPUS_UNREACHABLE', `${host} ${why}`, { details: { networkCode } })
}

async function reach({ octopus: { graphqlUrl } }: Config, octopus: Octopus | null): Promise<Finding<Octopus>> {
  if (octopus === null) throw new BridgeError('STORE_UNAVAILABLE', 'Without the store no request may be made')
  await octopus.probe()
  const { origin, protocol } = new URL(graphqlUrl)
  return good(`${origin} answers${protocol === 'https:' ? ' over TLS' : ''} and knows what we ask for`, octopus)
}

/** Every number that the key sees is hidden from here on: people show these lines to strangers. */
async function tryKey(octopus: Octopus, redactor: Redactor): Promise<Finding<readonly string[]>> {
  const numbers = await octopus.accounts()
  for (const number of numbers) redactor.add(number, maskAccount(number))
  return good(`accepted; it sees ${numbers.join(' and ') || 'no account'}`, numbers)
}

async function readAccount(
  octopus: Octopus,
  numbers: readonly string[],
  config: Config,
): Promise<Finding<AccountFacts>> {
  const account = await chooseAccount(octopus, numbers)
  const { number, productCode } = account
  const several = numbers.length > 1 ? `; set octopus.account to choose another of ${numbers.length}` : ''
  if (productCode === null)
    return doubtful(`${number} has no electricity tariff in force: see your Octopus account${several}`, account)
  if (!isIntelligentProduct(productCode) && !config.intelligent.offPeak.configured) {
    const what =
      'no Intelligent tariff, so off_peak and house_cheap follow its own prices, where they have a cheap time'
    return good(`${number}, product ${productCode}: ${what}${several}`, account)
  }
  return good(`${number}, product ${productCode}${several}`, account)
}

/** An ordinary call: what is kept for events is left to the daemon. */
async function askForDispatches(
  octopus: Octopus,
  number: string,
  live: readonly DeviceFacts[],
): Promise<Finding<null>> {
  if (live.length === 0) return doubtful('not asked for: there is no live car', null)
  const answer = await octopus.poll(
    number,
    live.map(({ deviceId }) => deviceId),
    'ordinary',
  )
  const told = live.map(facts => `${nameOf(facts)}: ${describeAnswer(answer, facts.deviceId)}`).join('; ')
  if (answer.cars === null)
    return doubtful(`only a part came (${answer.errorCodes.join(', ')}); run check again later`, null)
  return good(told, null)
}

/** KT-CT-4340, a plan that cannot be had, is what an unplugged car often says. */
function describeAnswer({ cars, errorCodes }: Answer, deviceId: string): string {
  const car = cars?.find(each => each.deviceId === deviceId)
  if (car === undefined) return 'not in this answer'
  const count = car.planned?.length
  const plan =
    count === undefined ? `plan not known (${errorCodes.join(', ') || 'not in this answer'})` : `${count} planned`
  return `${car.currentState ?? 'state not known'}${car.isSuspended === true ? ', smart charging suspended' : ''}, ${plan}`
}
