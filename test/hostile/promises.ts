/** What holds of everything that leaves the daemon, whatever came in. */
import { secretsIn } from '../integration/secrets.ts'

export interface Message {
  readonly topic: string
  readonly payload: string
}

/** Words that only a mistake of ours can write into a payload. */
const NONSENSE = /\bNaN\b|\bInfinity\b|\bundefined\b|Invalid DateTime|\[object /

const MAX_ATTRIBUTES = 16_384
const MAX_PAYLOAD = 64_000
const MAX_TOPIC = 1_200

function brokenMessage({ topic, payload }: Message): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[#+\u0000-\u001f\u007f-\u009f]|\p{Surrogate}/u.test(topic)) return 'a topic that is none'
  if (Buffer.byteLength(topic) > MAX_TOPIC) return 'a topic too long'
  if (Buffer.byteLength(payload) > MAX_PAYLOAD) return 'a payload too long'
  if (topic.endsWith('/attributes') && Buffer.byteLength(payload) > MAX_ATTRIBUTES) return 'attributes too long'
  if (NONSENSE.test(payload)) return 'nonsense in a payload'
  if (/\\ud[89a-f]/i.test(payload)) return 'half a surrogate pair'
  const isJson = /\/(attributes|plan|config|info|event|plan_changed)$/.test(topic) || payload.startsWith('{')
  if (!isJson || payload === '') return null
  try {
    const value: unknown = JSON.parse(payload)
    return typeof value === 'object' && value !== null ? null : 'no object'
  } catch {
    return 'no JSON'
  }
}

/** Each message that breaks a promise, and which one. */
export const brokenMessages = (messages: readonly Message[]): string[] =>
  messages.flatMap(message => {
    const broken = brokenMessage(message)
    return broken === null ? [] : [`${broken}: ${message.topic.slice(0, 200)} ${message.payload.slice(0, 400)}`]
  })

/** Log lines of one kind (one message about one topic), more of which than `most` are a flood. */
export function floods(lines: readonly string[], most: number): string[] {
  const counted = new Map<string, number>()
  for (const line of lines) {
    const { msg, level, topic = '', signal = '' } = JSON.parse(line) as Record<string, string> & { level: number }
    const kind = `${msg} ${topic} ${signal}`
    if (level >= 40) counted.set(kind, (counted.get(kind) ?? 0) + 1)
  }
  return [...counted].filter(([, count]) => count > most).map(([kind, count]) => `${count} times: ${kind}`)
}

/** Longest line of the log, in bytes. */
export const MAX_LINE = 4_096

export function brokenLines(lines: readonly string[]): string[] {
  const long = lines.filter(line => Buffer.byteLength(line) > MAX_LINE).map(line => `too long: ${line.slice(0, 300)}`)
  const crashed = lines.filter(line => /"level":(50|60)/.test(line)).map(line => `an error: ${line.slice(0, 2_000)}`)
  return [...long, ...crashed]
}

export { secretsIn }
