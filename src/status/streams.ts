/**
 * Everybody who looks at the page: each is sent the model when it changes, at most once a second, and in between a beat: what
 * the time is, so that the page goes right and notices a connection that died in silence. Nothing is made while nobody looks.
 */
import type { Writable } from 'node:stream'
import { afterSending, type Cancel, type Clock, SECOND } from '../clock.ts'

const MOST = 16
/** Real milliseconds. */
const QUIET = SECOND
const BEAT = 15 * SECOND
/** Who does not read what was sent is no longer there, bytes. */
const MOST_UNREAD = 2 * 1024 * 1024

/** Only the moment is another one. */
const bodyOf = (model: object): string => JSON.stringify({ ...model, at: undefined })

export class Streams {
  readonly #clock: Clock
  readonly #model: () => { readonly at: number }
  readonly #open = new Set<Writable>()
  #beat: Cancel = () => {}
  #quiet: Cancel | null = null
  #isAboutTo = false
  #isBehind = false
  #sent = ''

  constructor(clock: Clock, model: () => { readonly at: number }) {
    this.#clock = clock
    this.#model = model
  }

  get isFull(): boolean {
    return this.#open.size >= MOST
  }

  get size(): number {
    return this.#open.size
  }

  /** The head is written already; the newest model goes out at once. */
  add(stream: Writable): void {
    this.#open.add(stream)
    stream.on('error', () => {})
    stream.once('close', () => this.#gone(stream))
    const model = this.#model()
    stream.write(`retry: 2000\n\n${eventOf(model)}`)
    if (this.#open.size > 1) return
    // The others may not have heard of it yet.
    this.#sent = bodyOf(model)
    this.#keepBeating()
  }

  /** Something may be another thing now. */
  changed(): void {
    if (this.#open.size === 0) return
    this.#isBehind = true
    if (this.#quiet !== null || this.#isAboutTo) return
    this.#isAboutTo = true
    // An edge is told to the broker first.
    afterSending(() => {
      this.#isAboutTo = false
      if (this.#open.size > 0) this.#send()
    })
  }

  close(): void {
    this.#beat()
    this.#quiet?.()
    this.#quiet = null
    for (const stream of this.#open) stream.end()
    this.#open.clear()
  }

  #send(): void {
    this.#isBehind = false
    this.#quiet = this.#clock.after(QUIET * this.#clock.speed, () => {
      this.#quiet = null
      if (this.#isBehind && this.#open.size > 0) this.#send()
    })
    const model = this.#model()
    const body = bodyOf(model)
    if (body === this.#sent) return
    this.#sent = body
    this.#tell(eventOf(model))
  }

  #tell(text: string): void {
    for (const stream of this.#open) {
      if (stream.writableLength > MOST_UNREAD) stream.destroy()
      else stream.write(text)
    }
  }

  #keepBeating(): void {
    this.#beat = this.#clock.after(BEAT * this.#clock.speed, () => {
      this.#keepBeating()
      this.#tell(`event: beat\ndata: ${this.#clock.now()}\n\n`)
      // Not everything that the model is made of says so when it is another: our health, for one.
      this.changed()
    })
  }

  #gone(stream: Writable): void {
    this.#open.delete(stream)
    if (this.#open.size === 0) this.#beat()
  }
}

const eventOf = (model: object): string => `data: ${JSON.stringify(model)}\n\n`
