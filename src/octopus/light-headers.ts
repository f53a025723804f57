/**
 * A small `Headers` in place of Node's. graphql-request makes one of every request's headers, and Node's own loads the whole of
 * its `fetch` with it, and compiles that one's parser: megabytes for as long as the daemon runs (docs/performance.md), which asks for nothing else of it.
 */
class LightHeaders {
  readonly #values = new Map<string, string>()

  constructor(init: Readonly<Record<string, string>> = {}) {
    for (const [name, value] of Object.entries(init)) this.set(name, value)
  }

  has(name: string): boolean {
    return this.#values.has(name.toLowerCase())
  }

  get(name: string): string | null {
    return this.#values.get(name.toLowerCase()) ?? null
  }

  set(name: string, value: string): void {
    this.#values.set(name.toLowerCase(), value)
  }

  [Symbol.iterator](): Iterator<[string, string]> {
    return this.#values[Symbol.iterator]()
  }
}

/** For the whole process, and before the first request. */
export function useLightHeaders(): void {
  globalThis.Headers = LightHeaders as unknown as typeof Headers
}
