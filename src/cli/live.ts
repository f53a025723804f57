/** One line at the bottom of a terminal that is written over: what is being waited for. On stderr, so that no pipe ever holds it. */
import { cut } from './width.ts'

export interface Live {
  /** Instead of what it showed before. */
  show(text: string): void
  /** Before anything else is printed, and at the end. */
  clear(): void
}

/** Where nobody looks. */
export const NO_LIVE: Live = { show: () => {}, clear: () => {} }

export interface Terminal {
  readonly columns?: number
  write(text: string): unknown
}

const ERASE = '\r\u001b[K'

export class LiveLine implements Live {
  readonly #terminal: Terminal
  #shown = ''

  constructor(terminal: Terminal) {
    this.#terminal = terminal
  }

  show(text: string): void {
    // The last column stays free: a terminal would go on to the next line, which would not be erased.
    const line = cut(text, (this.#terminal.columns || 80) - 1)
    if (line === this.#shown) return
    this.#shown = line
    this.#terminal.write(`${ERASE}${line}`)
  }

  clear(): void {
    if (this.#shown === '') return
    this.#shown = ''
    this.#terminal.write(ERASE)
  }
}
