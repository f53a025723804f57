/**
 * The socket under the library `home-assistant-js-websocket`: `ws` instead of a browser's, our own time-outs, and nothing let
 * through that the library would stumble over.
 */
import type { HaWebSocket } from 'home-assistant-js-websocket'
import WebSocket from 'ws'
import { type Clock, SECOND } from '../../clock.ts'
import { authorityOf, type HomeAssistantSettings, placeOf, websocketUrl } from './place.ts'
import { connectionEnded, noAnswer, notHomeAssistant, notOpened, tokenRejected } from './troubles.ts'

/** Real milliseconds for TCP, TLS and Home Assistant's yes together. */
const OPENING = 20 * SECOND
/** Real milliseconds for a goodbye. */
const CLOSING = SECOND
/** Bytes. A month of hours has some 100,000. */
const LARGEST_MESSAGE = 16 * 1024 * 1024

type Heard = Readonly<Record<string, unknown>>

const isHeard = (value: unknown): value is Heard => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The messages in a frame; null where it holds anything else. Home Assistant may put several into one. */
function messagesIn(text: string): Heard[] | null {
  try {
    const parsed: unknown = JSON.parse(text)
    const list = Array.isArray(parsed) ? parsed : [parsed]
    return list.every(isHeard) ? list : null
  } catch {
    return null
  }
}

/**
 * Opens a socket and shows the token. Throws HOMEASSISTANT_UNREACHABLE and HOMEASSISTANT_TOKEN_REJECTED, never anything that
 * could hold the token. `until` is told how to give up early.
 */
export function openSocket(
  settings: HomeAssistantSettings,
  clock: Clock,
  until: (giveUp: () => void) => void,
): Promise<HaWebSocket> {
  const place = placeOf(settings.url)
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(websocketUrl(settings.url), {
      ca: authorityOf(settings),
      // A redirect would carry the token elsewhere.
      followRedirects: false,
      perMessageDeflate: false,
      maxPayload: LARGEST_MESSAGE,
    })
    const fail = (error: Error) => {
      cancel()
      reject(error)
      socket.terminate()
    }
    const cancel = clock.after(OPENING * clock.speed, () => fail(noAnswer(place)))
    until(() => fail(connectionEnded(place)))
    // Stays for the socket's life: an error without a listener would end the process.
    socket.on('error', error => fail(notOpened(place, error)))
    socket.on('close', () => fail(connectionEnded(place)))
    socket.on('message', hear)

    function hear(data: WebSocket.RawData): void {
      const [first] = messagesIn(String(data)) ?? []
      if (first?.type === 'auth_required') socket.send(JSON.stringify({ type: 'auth', access_token: settings.token }))
      else if (first?.type === 'auth_invalid') fail(tokenRejected(place))
      else if (first?.type === 'auth_ok') {
        cancel()
        socket.off('message', hear)
        const close = () => {
          socket.close()
          socket.once(
            'close',
            clock.after(CLOSING * clock.speed, () => socket.terminate()),
          )
        }
        resolve(forLibrary(socket, close, String(first.ha_version)))
      } else fail(notHomeAssistant(place))
    }
  })
}

type Listener = (event: { readonly data: string }) => void

/** What the library uses of a browser's socket. It hears answers only: we subscribe to nothing. */
function forLibrary(socket: WebSocket, close: () => void, haVersion: string): HaWebSocket {
  const facade = {
    haVersion,
    OPEN: WebSocket.OPEN,
    get readyState() {
      return socket.readyState
    },
    send: (text: string) => socket.send(text),
    close,
    addEventListener(event: string, listener: Listener) {
      if (event === 'close') socket.on('close', () => listener({ data: '' }))
      else if (event === 'message') socket.on('message', data => answersOf(String(data), listener))
    },
    removeEventListener() {},
  }
  const answersOf = (text: string, listener: Listener) => {
    const messages = messagesIn(text)
    // What cannot be read could have been the answer that somebody waits for.
    if (messages === null) return socket.terminate()
    const answers = messages.filter(({ type, id }) => type === 'result' && typeof id === 'number')
    if (answers.length > 0) listener({ data: JSON.stringify(answers) })
  }
  return facade as unknown as HaWebSocket
}
