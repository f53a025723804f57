import { describe, expect, it } from '@jest/globals'
import { HOUR, SECOND } from '../../src/clock.ts'
import { FIELDS, variableOf } from '../../src/config/walk.ts'
import { RANKS } from '../../src/intelligent/candidate.ts'
import { dispatchLimits, TOKENS_PER_HOUR } from '../../src/octopus/budget.ts'
import { REFRESH_MODES } from '../../src/snapshot.ts'
import { pageText, tableRows } from './pages.ts'

const text = pageText('docs/refresh.md')

/** Key and default, as the page gives them and as the schema does. */
const onPage = (section: string) => tableRows(text, `key of \`${section}\``).map(([key, fallback]) => [key, fallback])
const inSchema = (section: string) =>
  FIELDS.filter(({ path, form }) => form !== undefined && path.slice(0, -1).join('.') === section).map(
    ({ path, fallback }) => [path.at(-1), Array.isArray(fallback) ? `[${fallback.join(', ')}]` : String(fallback)],
  )

const seconds = (list: unknown): number[] => [...String(list).matchAll(/\d+/g)].map(([digits]) => Number(digits))
const fallbackOf = (key: string) => inSchema('intelligent.refresh').find(([name]) => name === key)?.[1] ?? ''

describe('docs/refresh.md', () => {
  it.each(['intelligent.refresh', 'limits'])('has every key of %s with its default', section => {
    expect(onPage(section).length).toBeGreaterThan(3)
    expect(onPage(section)).toEqual(inSchema(section))
  })

  it('names variables as they are', () => {
    expect(variableOf(['intelligent', 'refresh', 'idle'])).toBe('OCTOPUS2MQTT_INTELLIGENT_REFRESH_IDLE')
    expect(text).toContain('`OCTOPUS2MQTT_INTELLIGENT_REFRESH_`')
  })

  it('has every mode', () => {
    expect(tableRows(text, 'mode').map(([mode]) => mode)).toEqual([...REFRESH_MODES])
  })

  it('says of the modes what the defaults do', () => {
    const modes = new Map(
      tableRows(text, 'mode').map(([mode = '', when = '', asks = '']) => [mode, `${when}; ${asks}`]),
    )
    const numbers = (mode: string) => seconds(modes.get(mode))
    for (const key of ['settling_first', 'settling_while_capable', 'settling_while_not_available', 'settling_calls']) {
      expect(numbers('settling')).toEqual(expect.arrayContaining(seconds(fallbackOf(key))))
    }
    for (const key of ['boundary_after', 'boundary_before']) {
      expect(numbers('boundary')).toEqual(expect.arrayContaining(seconds(fallbackOf(key))))
    }
    for (const key of FIELDS.flatMap(({ path }) => path.filter(part => part.startsWith('steady')))) {
      expect(numbers('steady')).toEqual(expect.arrayContaining(seconds(fallbackOf(key))))
    }
    for (const key of ['unplugged_first', 'unplugged_second', 'unplugged_every']) {
      expect(numbers('unplugged')).toEqual(expect.arrayContaining(seconds(fallbackOf(key))))
    }
    for (const key of ['idle', 'idle_stale', 'idle_no_source_active', 'idle_no_source']) {
      expect(numbers('idle')).toEqual(expect.arrayContaining(seconds(fallbackOf(key))))
    }
    for (const key of ['event_confirm', 'start_max_age']) {
      expect(numbers('event')).toEqual(expect.arrayContaining(seconds(fallbackOf(key))))
    }
    for (const key of ['backoff_step', 'backoff_max', 'block_first', 'block_max']) {
      expect(numbers('backoff')).toEqual(expect.arrayContaining(seconds(fallbackOf(key))))
    }
  })

  it('says what is left after Octopus asked for fewer', () => {
    const settings = { dispatchPerHour: 20, dispatchMinGap: 60 * SECOND, reserveForEvents: 4, requestsPerHour: 60 }
    const refused = { kind: 'dispatch' as const, start: 0, outcome: 'OCTOPUS_THROTTLED', blockedFor: null }
    const { perHour, reserveForEvents, minGap } = dispatchLimits(settings, [refused], HOUR / 2)
    const ordinary = perHour - reserveForEvents
    expect(text.replace(/\s+/g, ' ')).toContain(
      `at most ${perHour} dispatch requests, ${ordinary} of them ordinary, at least ${minGap / SECOND} s apart`,
    )
    expect(text).toContain(`at most ${TOKENS_PER_HOUR} an hour`)
  })

  it('lists what gives way, one line for each rank', () => {
    const list = /## What gives way([\s\S]*?)\n## /.exec(text)?.[1] ?? ''
    expect(list.match(/^\d\. .+$/gm)).toHaveLength(RANKS.length)
  })
})
