/** What is wrong with a configuration: every problem at once, each with its place, none with a secret in it. */
import { BridgeError } from '../errors.ts'

export interface Problem {
  /** Dotted path, `ev.plugged.topic`; empty for the file as a whole. */
  readonly path: string
  /** Line of the file, from 1; null where the value came from the environment or from no place at all. */
  readonly line: number | null
  readonly message: string
}

/** Where a value was written: a line of the file, or the name of an environment variable. */
export type Place = { readonly line: number } | { readonly variable: string }

/** A file with more was not meant to be a configuration, and nobody reads on. */
const MOST_LISTED = 100
const LONGEST_PATH = 200

/** Collects problems. The first one of a path wins: what follows from it would only hide it. */
export class Problems {
  private readonly byPath = new Map<string, { problem: Problem; variable: string | null }>()
  private readonly places: Map<string, Place>
  private readonly secrets: Set<string>

  constructor(places: Map<string, Place>, secrets: Set<string>) {
    this.places = places
    this.secrets = secrets
  }

  get any(): boolean {
    return this.byPath.size > 0
  }

  add(path: readonly (string | number)[], message: string, at?: Place): void {
    const place = at ?? placeOf(path, this.places)
    const dotted = path.join('.')
    // What is wrong with the YAML itself has no path, only lines.
    const key = dotted === '' && place !== undefined && 'line' in place ? `line ${place.line}` : dotted
    if (this.byPath.has(key)) return
    const problem = {
      path: this.withoutSecrets(dotted).slice(0, LONGEST_PATH),
      line: place !== undefined && 'line' in place ? place.line : null,
      message: this.withoutSecrets(message),
    }
    this.byPath.set(key, { problem, variable: place !== undefined && 'variable' in place ? place.variable : null })
  }

  /** The error that lists them, by line. `name` is the file as the user knows it, or `environment`. */
  toError(name: string): BridgeError {
    const all = [...this.byPath.values()].sort((a, b) => (a.problem.line ?? 0) - (b.problem.line ?? 0))
    const found = all.slice(0, MOST_LISTED)
    const lines = found.map(({ problem, variable }) => {
      const where = variable ?? (problem.line === null ? name : `${name}:${problem.line}`)
      return `  ${where} ${problem.path === '' ? '' : `${problem.path}: `}${problem.message}`
    })
    if (all.length > found.length) lines.push(`  and ${all.length - found.length} more`)
    const count = all.length === 1 ? '1 problem' : `${all.length} problems`
    const problems = found.map(({ problem }) => problem)
    return new BridgeError('CONFIG_INVALID', [`${name}: ${count}`, ...lines].join('\n'), {
      details: { file: name, problems },
    })
  }

  /** No message repeats a value; this is the second lock, for a secret that was written as a key or a name. */
  private withoutSecrets(text: string): string {
    let safe = text.replace(/sk_(live|test)_\w+/gi, '***')
    const longestFirst = [...this.secrets].filter(secret => secret.length >= 8).sort((a, b) => b.length - a.length)
    for (const secret of longestFirst) safe = safe.replaceAll(secret, '***')
    return safe
  }
}

/** The place of the path itself or else of what contains it. */
export function placeOf(path: readonly (string | number)[], places: ReadonlyMap<string, Place>): Place | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const place = places.get(path.slice(0, length).join('.'))
    if (place !== undefined) return place
  }
  return undefined
}
