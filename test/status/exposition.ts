/**
 * The text form of Prometheus (version 0.0.4), read strictly and by ourselves: what does not follow it to the letter
 * throws. Each family has its help, its type and its samples in one piece.
 */
export interface Family {
  readonly type: string
  readonly help: string
  readonly samples: readonly Sample[]
}

export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (\\S+)$`)
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(,|$)/y
const NUMBER = /^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|NaN|[+-]Inf)$/

function labelsOf(text: string, line: string): Record<string, string> {
  const labels: Record<string, string> = {}
  let at = 0
  while (at < text.length) {
    LABEL.lastIndex = at
    const [whole = '', name = '', value = ''] = LABEL.exec(text) ?? []
    if (whole === '' || name in labels) throw new Error(`labels: ${line}`)
    labels[name] = value.replace(/\\(.)/g, (_, next: string) => (next === 'n' ? '\n' : next))
    at += whole.length
  }
  return labels
}

function numberOf(text: string, line: string): number {
  if (!NUMBER.test(text)) throw new Error(`value: ${line}`)
  return Number(text.replace('Inf', 'Infinity'))
}

/** What of a family's name a sample may have behind it. */
const ENDINGS: Readonly<Record<string, readonly string[]>> = {
  counter: [''],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count'],
}

export function families(text: string): Map<string, Family> {
  if (!text.endsWith('\n')) throw new Error('the last line has no end')
  const found = new Map<string, { type: string; help: string; samples: Sample[] }>()
  let name = ''
  let help: string | null = null
  const seen = new Set<string>()
  for (const line of text.slice(0, -1).split('\n')) {
    if (line === '') continue
    const [, word, of = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? []
    if (word === 'HELP') {
      name = of
      help = rest
    } else if (word === 'TYPE') {
      if (of !== name || help === null || found.has(of) || !(rest in ENDINGS)) throw new Error(`type: ${line}`)
      found.set(of, { type: rest, help, samples: [] })
      help = null
    } else {
      const [, full = '', labels = '', value = ''] = SAMPLE.exec(line) ?? []
      const family = found.get(name)
      const ending = full.slice(name.length)
      if (family === undefined || !full.startsWith(name) || !ENDINGS[family.type]?.includes(ending))
        throw new Error(`not of the family above: ${line}`)
      const sample = { name: full, labels: labelsOf(labels, line), value: numberOf(value, line) }
      const key = JSON.stringify([full, Object.entries(sample.labels).sort()])
      if (seen.has(key)) throw new Error(`twice: ${line}`)
      seen.add(key)
      family.samples.push(sample)
    }
  }
  for (const [each, family] of found) if (family.type === 'histogram') checkHistogram(each, family)
  return found
}

/** Buckets rise, end with +Inf, and that is the count. */
function checkHistogram(name: string, { samples }: Family): void {
  const series = new Map<string, { buckets: [number, number][]; count: number | null }>()
  for (const { name: full, labels, value } of samples) {
    const { le, ...rest } = labels
    const key = JSON.stringify(rest)
    const one = series.get(key) ?? { buckets: [], count: null }
    series.set(key, one)
    if (full.endsWith('_bucket')) one.buckets.push([numberOf(le ?? '', name), value])
    if (full.endsWith('_count')) one.count = value
  }
  for (const { buckets, count } of series.values()) {
    const rises = buckets.every(([end, value], at) => {
      const [lower, below] = buckets[at - 1] ?? [Number.NEGATIVE_INFINITY, 0]
      return end > lower && value >= below
    })
    const last = buckets.at(-1)
    if (!rises || last?.[0] !== Number.POSITIVE_INFINITY || last[1] !== count) throw new Error(`histogram: ${name}`)
  }
}
