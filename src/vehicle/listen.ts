/** One MQTT message, applied to the sources that listen to its topic. */
import type { Instant } from '../clock.ts'
import type { Tri } from '../intelligent/types.ts'
import { hysteresis, toWatts, type Understood, understandNumber, understandYesNo } from './payload.ts'
import { type Remark, withRemark } from './remarks.ts'
import { hear, hearAvailability, newSource, type Said, type SourceState } from './source.ts'
import type { SourceSpec } from './spec.ts'
import { AT_HOME_WORDS, AVAILABILITY_WORDS, CHARGING_WORDS, PLUGGED_WORDS, type Words } from './words.ts'

export interface Message {
  readonly topic: string
  readonly payload: Buffer | string
  /** The broker's retain flag: what it kept from earlier, not what somebody says now. */
  readonly retained: boolean
  readonly now: Instant
}

export type Listener = 'plugged' | 'charging' | 'power' | 'at_home'

const WORDS: Readonly<Record<Exclude<Listener, 'power'>, Words>> = {
  plugged: PLUGGED_WORDS,
  charging: CHARGING_WORDS,
  at_home: AT_HOME_WORDS,
}

export interface Heard {
  readonly sources: readonly SourceState[]
  readonly remarks: readonly Remark[]
}

/** The same `sources` array comes back where nobody listens to the topic. */
export function listen(listener: Listener, specs: readonly SourceSpec[], before: Heard, message: Message): Heard {
  if (!specs.some(spec => spec.topic === message.topic || spec.availability?.topic === message.topic)) return before
  let remarks = before.remarks
  const remark = (signal: Remark['signal'], { kind, sample }: { kind: Remark['kind']; sample: string }) => {
    remarks = withRemark(remarks, { signal, topic: message.topic, kind, sample, at: message.now })
  }
  const sources = specs.map((spec, index) => {
    let source = before.sources[index] ?? newSource(null, null)
    if (spec.topic === message.topic) {
      const said = read(listener, spec, message.payload, source.value)
      if (said.kind !== 'value') remark(listener, said)
      source = hear(source, said, message.retained, message.now)
    }
    if (spec.availability?.topic !== message.topic) return source
    const online = understandYesNo(message.payload, spec.availability, AVAILABILITY_WORDS, null)
    if (online.kind !== 'value') remark('availability', online)
    return online.kind === 'value' && online.value !== null
      ? hearAvailability(source, online.value, message.retained, message.now)
      : source
  })
  return { sources, remarks }
}

function read(listener: Listener, spec: SourceSpec, payload: Buffer | string, last: Tri): Understood<Said> {
  if (listener === 'power') {
    const number = understandNumber(payload, spec)
    if (number.kind !== 'value') return number
    const watts = toWatts(number.value, spec.unit)
    return { kind: 'value', value: { value: hysteresis(number.value, spec, last), watts } }
  }
  const answer = understandYesNo(payload, spec, WORDS[listener], last)
  return answer.kind === 'value' ? { kind: 'value', value: { value: answer.value, watts: null } } : answer
}
