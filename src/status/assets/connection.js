/**
 * What the bridge knows, as it changes: a stream of it. It comes back by itself, also where it died in silence (a machine that
 * slept, a network that went away), and rests while nobody sees the page: a browser has few connections to one address for
 * all of its tabs. While a stream says nothing, the page asks.
 */

/** Milliseconds. The bridge says something every 15 s: two of them missed is a connection lost. */
const SILENCE = 40_000
const TRY_AGAIN = 5_000

let stream = null
let waiting = 0
let heardAt = 0
/** Whether the stream has said something. A proxy may keep it to itself: Home Assistant's ingress did, by compressing it, until early in 2026. */
let speaks = false

/** `onModel` is given the text of a model, `onBeat` what the time is, `onDeaf` a word for why nothing is heard any more. */
export function follow({ onModel, onBeat, onDeaf }) {
  const lost = () => onDeaf('Connection lost')
  const heard = tell => event => {
    speaks = true
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
    speaks = false
    heardAt = Date.now()
    const mine = new EventSource('api/events')
    stream = mine
    mine.addEventListener('message', heard(onModel))
    mine.addEventListener('beat', heard(onBeat))
    mine.addEventListener('error', () => {
      speaks = false
      void ask()
      // The browser tries again by itself, unless it was turned away.
      if (mine.readyState === EventSource.CLOSED) waiting = setTimeout(listen, TRY_AGAIN)
    })
  }
  const ask = async () => {
    const mine = stream
    const isWanted = () => stream !== null && stream === mine && !speaks
    if (!isWanted()) return
    try {
      const answer = await fetch('api/page', { signal: AbortSignal.timeout(TRY_AGAIN) })
      if (!answer.ok) throw new Error(answer.statusText)
      const text = await answer.text()
      if (!isWanted()) return
      heardAt = Date.now()
      onModel(text)
    } catch {
      if (isWanted()) lost()
    }
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
  setInterval(ask, TRY_AGAIN)
  if (!document.hidden) listen()
}
