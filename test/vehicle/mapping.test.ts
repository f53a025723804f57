import { describe, expect, it } from '@jest/globals'
import { isBridgeError } from '../../src/errors.ts'
import type { EvConfig } from '../../src/vehicle/config.ts'
import { carSpec } from '../../src/vehicle/mapping.ts'
import { plugSources, topicsOf } from '../../src/vehicle/spec.ts'

const PLUG = { debounceOn: 1, debounceOff: 2, staleAfter: 3 }
const codeOf = (config: EvConfig) => {
  try {
    carSpec(config)
    return null
  } catch (error) {
    return isBridgeError(error, 'CONFIG_INVALID') ? error.message : 'another error'
  }
}

describe('from configuration to spec', () => {
  it('listens to the default topics, which nobody asked for', () => {
    const spec = carSpec({})
    expect(topicsOf(spec)).toEqual(['ev/plugged', 'ev/charging'])
    expect(spec).toMatchObject({
      plugged: { debounceOn: 5_000, debounceOff: 60_000, staleAfter: null },
      charging: { debounce: 20_000, explicit: false },
    })
    expect(spec.power).toBeUndefined()
  })

  it('takes values as text, whatever YAML made of them', () => {
    const sources = [{ topic: 'a', trueValues: [true, 2, ' ON '], falseValues: [null, 0.5, "'No'"] }]
    const spec = carSpec({ plugged: { sources, ...PLUG } })
    expect(plugSources(spec)).toEqual([
      { topic: 'a', trueValues: ['true', '2', 'on'], falseValues: ['null', '0.5', 'no'] },
    ])
  })

  it('lets explicit keys win over a preset, signal by signal', () => {
    const spec = carSpec({
      preset: 'evcc',
      plugged: { sources: [{ topic: 'my/plug', availability: 'my/status' }], ...PLUG },
      charging: { sources: [{ topic: 'ev/charging' }], debounce: 7, explicit: false },
      power: { sources: [], debounce: 8, explicit: false },
    })
    expect(spec).toMatchObject({
      plugged: { sources: [{ topic: 'my/plug', availability: { topic: 'my/status' } }], ...PLUG },
      charging: { sources: [{ topic: 'evcc/loadpoints/1/charging' }], debounce: 7, explicit: true },
      power: { sources: [{ topic: 'evcc/loadpoints/1/chargePower', above: 1_000, below: 200 }], debounce: 8 },
    })
    expect(topicsOf(spec)).toContain('evcc/status')
  })

  it('keeps the durations that were given beside a preset', () => {
    const standard = { sources: [{ topic: 'ev/plugged' }], explicit: false, ...PLUG }
    for (const plugged of [standard, { ...standard, sources: [], explicit: true }]) {
      expect(carSpec({ preset: 'evcc', plugged }).plugged).toMatchObject({
        sources: [{ topic: 'evcc/loadpoints/1/connected' }],
        ...PLUG,
      })
    }
    expect(carSpec({ preset: 'evcc', plugged: 'none' }).plugged).toBe('none')
  })

  it('falls back to the default plug topic where a preset knows no plug', () => {
    expect(topicsOf(carSpec({ preset: 'twcmanager', params: { charger: 1 } }))).toEqual([
      'ev/plugged',
      'TWC/1/carsCharging',
    ])
  })

  it('completes power thresholds in the unit of the topic, one never past the other', () => {
    const thresholds = (source: { above?: number; below?: number; unit?: 'W' | 'kW' }) => {
      const spec = carSpec({ power: { sources: [{ topic: 'p', ...source }], debounce: 0, explicit: true } })
      return [spec.power?.sources[0]?.above, spec.power?.sources[0]?.below]
    }
    expect(thresholds({})).toEqual([1_000, 200])
    expect(thresholds({ unit: 'kW' })).toEqual([1, 0.2])
    expect(thresholds({ above: 100 })).toEqual([100, 100])
    expect(thresholds({ below: 3_000 })).toEqual([3_000, 3_000])
  })

  it('says which preset or parameter is wrong', () => {
    expect(codeOf({ preset: 'evc' })).toContain('there is no preset evc; there are carconnectivity')
    expect(codeOf({ preset: 'openevse' })).toBe('ev: preset openevse needs base')
    expect(codeOf({ preset: 'evcc', params: { loadpiont: 1 } })).toContain('has no loadpiont')
    expect(codeOf({ preset: 'evcc', params: { loadpoint: 1 } })).toBeNull()
  })
})
