/** Where Home Assistant is, and how it is reached. */
import { readFileSync } from 'node:fs'
import { BridgeError } from '../../errors.ts'

export interface HomeAssistantSettings {
  /** `http://homeassistant.local:8123`, `https://…`, `ws://…`, `wss://…`, or `http://supervisor/core` inside an app. */
  readonly url: string
  /** A long-lived access token of an administrator, or the Supervisor's token. */
  readonly token: string
  /** PEM; takes the place of the public certificate authorities. Read at each connection, so it may be renewed. */
  readonly caFile?: string | undefined
}

/** The address of the websocket. The Supervisor has its own path for it; a URL that names the websocket stays as it is. */
export function websocketUrl(url: string): string {
  const parsed = new URL(url)
  const scheme = ['https:', 'wss:'].includes(parsed.protocol) ? 'wss' : 'ws'
  const path = parsed.pathname.replace(/\/+$/, '')
  const viaSupervisor = parsed.hostname === 'supervisor' && path === '/core'
  const ending = path.endsWith('/websocket') ? '' : viaSupervisor ? '/websocket' : '/api/websocket'
  return `${scheme}://${parsed.host}${path}${ending}`
}

/** For messages: scheme, host and port as they were written. */
export function placeOf(url: string): string {
  const { protocol, host } = new URL(url)
  return `Home Assistant at ${protocol}//${host}`
}

/** Throws HOMEASSISTANT_UNREACHABLE. */
export function authorityOf({ caFile }: HomeAssistantSettings): Buffer | undefined {
  if (caFile === undefined) return undefined
  try {
    return readFileSync(caFile)
  } catch (cause) {
    throw new BridgeError(
      'HOMEASSISTANT_UNREACHABLE',
      `cannot read homeassistant.ca_file ${caFile}: check the path and its permissions`,
      { cause },
    )
  }
}
