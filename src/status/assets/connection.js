/**
 * The stream of what the bridge knows. It comes back by itself, also where it died in silence (a machine that slept, a network
 * that went away), and rests while nobody sees the page: a browser has few connections to one address for all of its tabs.
 */

/** Milliseconds. The bridge says something every 15 s: two of them missed is a connection lost. */
const SILENCE = 40_000
const TRY_AGAIN = 5_000

let stream = null
let waiting = 0
let heardAt = 0

/** `onModel` is given the text of a model, `onBeat` what the time is, `onDeaf` a word for why nothing is heard any more. */
export function follow({ onModel, onBeat, onDeaf }) {
  const lost = () => onDeaf('Connection lost')
  const heard = tell => event => {
    heardAt = Date.now()
    tell(event.data)
  }
  const rest = () => {
    clearTimeout(waiting)
    stream?.close()
    stream = null
  }
  const listen = () => {
    rest()
    heardAt = Date.now()
    const mine = new EventSource('api/events')
    stream = mine
    mine.addEventListener('message', heard(onModel))
    mine.addEventListener('beat', heard(onBeat))
    mine.addEventListener('error', () => {
      lost()
      // The browser tries again by itself, unless it was turned away.
      if (mine.readyState === EventSource.CLOSED) waiting = setTimeout(listen, TRY_AGAIN)
    })
  }
  const leave = () => {
    rest()
    onDeaf('Paused')
  }
  document.addEventListener('visibilitychange', () => (document.hidden ? leave() : listen()))
  addEventListener('pagehide', leave)
  addEventListener('pageshow', event => event.persisted && listen())
  setInterval(() => {
    // A clock that was set back proves nothing, and asking again costs little.
    if (stream === null || Math.abs(Date.now() - heardAt) < SILENCE) return
    lost()
    listen()
  }, 1_000)
  if (!document.hidden) listen()
}
