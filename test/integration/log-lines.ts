/** What the daemon logged, as it would stand in a terminal, and a way to wait for a line. */
const PATIENCE = 8_000

export class LogLines {
  readonly lines: string[] = []
  readonly #listeners = new Set<(line: string) => void>()

  write(line: string): void {
    this.lines.push(line)
    for (const tell of [...this.#listeners]) tell(line)
  }

  /** The first line from now on that matches; rejects after `patience` real milliseconds. */
  next(pattern: RegExp, patience = PATIENCE): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = (line: string) => {
        if (!pattern.test(line)) return
        clearTimeout(timer)
        this.#listeners.delete(look)
        resolve(line)
      }
      const timer = setTimeout(() => {
        this.#listeners.delete(look)
        reject(new Error(`nothing like ${pattern} in the log:\n${this.lines.slice(-20).join('')}`))
      }, patience)
      this.#listeners.add(look)
    })
  }
}
