/** Checks of single values: URLs, topics, names, addresses. A refusal never repeats what was written. */
import type { Read } from './values.ts'

const BROKER_SCHEMES = ['mqtt:', 'mqtts:', 'ws:', 'wss:']

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined
}

/** `mqtt://host:1883`; user name and password may stand in it and are moved out of it later. */
export function readBrokerUrl(written: string): Read<string> {
  const text = written.trim()
  const url = parseUrl(text)
  if (url === undefined || !BROKER_SCHEMES.includes(url.protocol)) {
    return { refused: 'expected mqtt://host:1883, or mqtts://, ws:// or wss://' }
  }
  if (url.hostname === '') return { refused: 'the host is missing: mqtt://host:1883' }
  const plain = url.protocol === 'mqtt:' || url.protocol === 'mqtts:'
  const strayPath = plain ? !['', '/'].includes(url.pathname) || url.search !== '' : url.pathname.includes('@')
  // A raw / ? or # in a password ends the host early, and the rest would be shown wherever the URL is.
  if (strayPath || url.hash !== '') {
    return {
      refused: 'nothing may follow the port; a / ? or # in a password must be percent-encoded, or use mqtt.password',
    }
  }
  for (const part of [url.username, url.password]) {
    try {
      decodeURIComponent(part)
    } catch {
      return { refused: 'a % in a user name or password must be written %25' }
    }
  }
  return { value: text }
}

export interface Credentials {
  readonly url: string
  readonly username: string | undefined
  readonly password: string | undefined
}

/** Takes user name and password out of a broker URL, so that what is left may be logged. */
export function splitCredentials(brokerUrl: string): Credentials {
  const url = new URL(brokerUrl)
  const username = url.username === '' ? undefined : decodeURIComponent(url.username)
  const password = url.password === '' ? undefined : decodeURIComponent(url.password)
  if (username === undefined && password === undefined) return { url: brokerUrl, username, password }
  url.username = ''
  url.password = ''
  return { url: url.href, username, password }
}

export function readWebUrl(written: string): Read<string> {
  const url = parseUrl(written.trim())
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) return { refused: 'expected https://host/path' }
  if (url.username !== '' || url.password !== '') return { refused: 'no user name or password may stand in this URL' }
  return { value: written.trim() }
}

/** The REST paths are joined to it, so it always ends in a slash. */
export function readRestUrl(written: string): Read<string> {
  const read = readWebUrl(written)
  return 'value' in read && !read.value.endsWith('/') ? { value: `${read.value}/` } : read
}

/** Where Home Assistant is; the path of its websocket is added later. */
export function readHomeAssistantUrl(written: string): Read<string> {
  const url = parseUrl(written.trim())
  if (url === undefined || !['http:', 'https:', 'ws:', 'wss:'].includes(url.protocol) || url.hostname === '') {
    return { refused: 'expected http://host:8123, or https://, ws:// or wss://' }
  }
  if (url.username !== '' || url.password !== '') return { refused: 'no user name or password may stand in this URL' }
  // It is shown to people, and something like a token could stand there.
  if (url.search !== '' || url.hash !== '') return { refused: 'nothing may stand in this URL behind ? or #' }
  return { value: written.trim() }
}

/** A topic without wildcards that neither begins nor ends in a slash nor begins with `$`: one we publish under. */
export function readOwnTopic(written: string): Read<string> {
  const read = readTopic(written)
  if ('refused' in read) return read
  return /^[/$]|\/$|\/\//.test(read.value)
    ? { refused: 'a topic of ours has no empty level and does not begin with / or $' }
    : read
}

/** A topic without wildcards: one we subscribe to. */
export function readTopic(written: string): Read<string> {
  const text = written.trim()
  if (text === '') return { refused: 'the topic is empty' }
  if (/[+#]/.test(text)) return { refused: 'one topic is expected, without the wildcards + and #' }
  if (/[\p{Cc}\p{Cs}]/u.test(text)) return { refused: 'a topic cannot hold control characters' }
  return Buffer.byteLength(text) > 1_000 ? { refused: 'the topic is too long' } : { value: text }
}

/** `host:port`, an IPv6 address in brackets. Port 0 lets the system choose one. */
export function readListen(written: string): Read<{ host: string; port: number }> {
  const [, bracketed, bare, port] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s/]+)):(\d{1,5})$/.exec(written.trim()) ?? []
  const host = bracketed ?? bare
  if (host === undefined || port === undefined || Number(port) > 65_535) {
    return { refused: 'expected host:port, such as 127.0.0.1:8099 or [::1]:8099' }
  }
  return { value: { host, port: Number(port) } }
}

/** Letters, digits, `_` (and `-` where `dash`), in lower case: fit for a topic level or an entity id. */
export const readSlug =
  (dash: boolean) =>
  (written: string): Read<string> => {
    const lower = written.trim().toLowerCase()
    if ((dash ? /^[a-z0-9_-]{1,64}$/ : /^[a-z0-9_]{1,64}$/).test(lower)) return { value: lower }
    return { refused: `expected letters, digits and _${dash ? ' or -' : ''} only` }
  }

/** `A-` and eight letters or digits, as Octopus Energy (UK) writes them on bills; a key is far longer. */
const ACCOUNT_NUMBER = /^A-[0-9A-Z]{8}$/i

/** `A-12AB34CD`, in upper case. */
export function readAccount(written: string): Read<string> {
  const upper = written.trim().toUpperCase()
  if (/^[0-9A-Z]{8}$/.test(upper)) return { refused: 'the A- in front is missing: A-12AB34CD' }
  return /^[A-Z0-9]+(-[A-Z0-9]+)*$/.test(upper)
    ? { value: upper }
    : { refused: 'expected an account number such as A-12AB34CD' }
}

/** One word; a line break or a space inside comes from a mishap with quotes or files. */
const readWord =
  (what: string) =>
  (written: string): Read<string> => {
    const text = written.trim()
    if (text === '') return { refused: `the ${what} is empty` }
    return /[\s\0]/.test(text)
      ? { refused: `the ${what} must be one word, without spaces or line breaks` }
      : { value: text }
  }

const readKeyWord = readWord('API key')

export function readKey(written: string): Read<string> {
  if (ACCOUNT_NUMBER.test(written.trim()))
    return { refused: 'this is the account number; the API key is the long one that begins with sk_live_' }
  return readKeyWord(written)
}

export const readToken = readWord('token')
