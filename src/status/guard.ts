/**
 * Who may read the page and press its button. There is no login: whoever reaches the address may. What is kept out are other
 * people's web pages in the reader's own browser. Pure.
 */

export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

const headerOf = (headers: Headers, name: string): string | null => {
  const value = headers[name]
  return typeof value === 'string' && value.trim() !== '' ? value.trim().toLowerCase() : null
}

/** `name:8099`, `[::1]:8099` → the name or address alone. */
const nameOf = (host: string): string =>
  host
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')

/** Ends of names that nobody on the Internet can register. */
const OF_THE_HOUSE = /\.(local|localhost|lan|home|home\.arpa|internal|intranet|fritz\.box)$/

/**
 * Whether a request may be for us, by the name that the browser believes to talk to. A page of somebody else can have its own
 * name point at our address (DNS rebinding) and then read us as its own; but it cannot take an address for a name, nor a
 * name without a dot, nor one of the house. Other names are those of a reverse proxy, and the configuration lists them.
 */
export function isOurHost(headers: Headers, names: readonly string[]): boolean {
  const host = headerOf(headers, 'host')
  if (host === null) return false
  const name = nameOf(host)
  const isAddress = /^[\d.]+$/.test(name) || name.includes(':')
  return isAddress || !name.includes('.') || OF_THE_HOUSE.test(name) || names.some(each => each.toLowerCase() === name)
}

/** An IPv4 address may come in IPv6's clothes. */
const plainAddress = (address = '') => address.replace(/^::ffff:/i, '').toLowerCase()

/** Whether this address may connect at all; an empty list lets everybody. */
export const mayConnect = (address: string | undefined, allow: readonly string[]): boolean =>
  allow.length === 0 || allow.includes(plainAddress(address))

/** Whether it comes from this very machine, or container. */
export const isLoopback = (address: string | undefined): boolean => /^(127\.|::1$)/.test(plainAddress(address))

/** The Supervisor's address in every Home Assistant: ingress and watchdog come from here. */
export const SUPERVISOR = '172.30.32.2'

/**
 * Whether a request comes through Home Assistant's ingress. The name is then the one under which the reader knows Home
 * Assistant, which passes `Host` on as it came, from outside too; and Home Assistant has asked for a log-in. Only an app lists
 * the Supervisor's address.
 */
export const isFromIngress = (address: string | undefined, allow: readonly string[]): boolean =>
  plainAddress(address) === SUPERVISOR && allow.includes(SUPERVISOR)

/**
 * Whether what is sent came from our own page, or from no browser at all. Browsers say so themselves (`Sec-Fetch-Site`), but
 * over plain HTTP only `Origin`; behind a proxy (Home Assistant's ingress is one) its name is in `X-Forwarded-Host`. No page
 * elsewhere can set that, or send JSON, without asking beforehand, and nobody answers such a question here.
 */
export function isOwnPage(headers: Headers): boolean {
  const site = headerOf(headers, 'sec-fetch-site')
  if (site !== null) return site === 'same-origin'
  const origin = headerOf(headers, 'origin')
  if (origin === null) return true
  const [, from] = /^https?:\/\/([^/]+)$/.exec(origin) ?? []
  return [headerOf(headers, 'host'), headerOf(headers, 'x-forwarded-host')].some(host => host !== null && host === from)
}

/** Where a proxy serves us, as it says (`X-Ingress-Path`); null where it says nothing, or nothing that is a path. */
export function prefixOf(headers: Headers): string | null {
  const value = headers['x-ingress-path'] ?? headers['x-forwarded-prefix']
  if (typeof value !== 'string' || value.length > 200) return null
  return /^(\/[\w.~-]+)+\/?$/.test(value) && !value.includes('..') ? `${value.replace(/\/$/, '')}/` : null
}

/** Nothing but our own files, no script in the page itself, no frame but of the same origin (the ingress is one). */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'self'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
}
