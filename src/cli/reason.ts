/** An error as the one line of a doctor: what is wrong, the facts that help to find it, and its code. */
import { describeError, type ErrorCode, isBridgeError } from '../errors.ts'

/** Details that help a person find it; every one of them is fit to be shown. */
const FACTS = ['host', 'networkCode', 'errorCode', 'missing'] as const

/** What lies behind OCTOPUS_UNREACHABLE, by its `problem`. */
const UNREACHABLE: Readonly<Record<string, string>> = {
  dns: 'the name of Octopus cannot be found: check the name server of this machine',
  tls: "the certificate that was shown is not trusted: check this machine's clock, and whether something on the way opens TLS",
  refused: 'nobody answers there: check the network and the firewall, and octopus.graphql_url where you set it',
  reset:
    'the connection was cut: check whether a proxy or firewall is on the way, and octopus.graphql_url where you set it',
}

/** Where the daemon just asks again, a person who runs a check may want to know what else to look at. */
const FOR_A_PERSON: Partial<Record<ErrorCode, string>> = {
  OCTOPUS_TIMEOUT:
    'Octopus did not answer in time: run check again; if it stays so, check the network and octopus.timeout',
  OCTOPUS_SERVER_ERROR: 'Octopus has trouble of its own: run check again later',
}

export function reasonOf(error: unknown): string {
  if (!isBridgeError(error)) return describeError(error)
  const { code, details, message } = error
  const problem = typeof details.problem === 'string' ? details.problem : ''
  const says = code === 'OCTOPUS_UNREACHABLE' ? (UNREACHABLE[problem] ?? message) : (FOR_A_PERSON[code] ?? message)
  const facts = FACTS.flatMap(name => (typeof details[name] === 'string' ? [details[name]] : []))
  if (typeof details.status === 'number' && details.status !== 200) facts.push(`HTTP ${details.status}`)
  return `${says}${facts.length === 0 ? '' : ` (${facts.join(', ')})`} [${code}]`
}
