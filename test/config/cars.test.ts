import { describe, expect, it } from '@jest/globals'
import { MINIMAL, read, refused, said } from './support.ts'

const car = (ev: string) => read(`${MINIMAL}ev: ${ev}\n`).ev[0]
const wrong = (ev: string) => said(refused(`${MINIMAL}ev: ${ev}\n`))

describe('ev', () => {
  it('takes a signal as a topic, a mapping, a list, or a mapping with sources', () => {
    expect(car('{plugged: a/b}')?.plugged).toMatchObject({ sources: [{ topic: 'a/b' }], explicit: true })
    expect(car('{plugged: {topic: a, json: x.y, availability: c, debounce_on: 0, stale_after: 1h}}')?.plugged).toEqual({
      sources: [{ topic: 'a', json: 'x.y', availability: 'c' }],
      explicit: true,
      debounceOn: 0,
      debounceOff: 60_000,
      staleAfter: 3_600_000,
    })
    expect(car('{plugged: [a, {topic: b}]}')?.plugged).toMatchObject({ sources: [{ topic: 'a' }, { topic: 'b' }] })
    expect(car('{plugged: {sources: [a, {topic: b}], debounce_off: 2m}}')?.plugged).toMatchObject({
      sources: [{ topic: 'a' }, { topic: 'b' }],
      debounceOff: 120_000,
    })
    expect(
      car('{power: {topic: p, above: 1.5, below: 0.2, unit: kw}, charging: {topic: c, debounce: 0}}'),
    ).toMatchObject({
      power: { sources: [{ topic: 'p', above: 1.5, below: 0.2, unit: 'kW' }], explicit: true, debounce: 0 },
      charging: { sources: [{ topic: 'c' }], explicit: true, debounce: 0 },
    })
    expect(car('{at_home: h, schedule_changed: [s, t]}')).toMatchObject({
      atHome: { sources: [{ topic: 'h' }] },
      scheduleChanged: { sources: [{ topic: 's' }, { topic: 't' }] },
    })
    expect(car('{plugged: None}')?.plugged).toBe('none')
    expect(car('')?.plugged).toMatchObject({ sources: [{ topic: 'ev/plugged' }], explicit: false })
  })

  it('keeps the default topic where only how it is read is said', () => {
    expect(car('{plugged: {json: state}, charging: {debounce: 1s}}')).toMatchObject({
      plugged: { sources: [{ topic: 'ev/plugged', json: 'state' }], explicit: false },
      charging: { sources: [{ topic: 'ev/charging' }], explicit: false, debounce: 1_000 },
    })
  })

  it('compares words as lower-case text, whatever YAML would make of them', () => {
    const words = '[on, Yes, true, TRUE, 1, 1.0, 007, null, ~, "  In Use ", 23:30, 0x1F]'
    expect(car(`{plugged: {topic: a, true_values: ${words}, false_values: off}}`)?.plugged).toMatchObject({
      sources: [
        {
          trueValues: ['on', 'yes', 'true', 'true', '1', '1.0', '007', 'null', '~', 'in use', '23:30', '0x1f'],
          falseValues: ['off'],
        },
      ],
    })
  })

  it('leaves to a preset what is not said', () => {
    expect(car('{preset: evcc, loadpoint: 01, plugged: {debounce_on: 1s}, power: p}')).toMatchObject({
      preset: 'evcc',
      params: { loadpoint: '01' },
      plugged: { sources: [], explicit: false, debounceOn: 1_000 },
      charging: { sources: [], explicit: false },
      power: { sources: [{ topic: 'p' }], explicit: true },
    })
  })

  it('knows the presets and their parameters', () => {
    expect(wrong('{preset: evc}')).toEqual(['ev.preset: there is no such preset; did you mean "evcc"?'])
    expect(wrong('{preset: evcc, lodpoint: 1}')).toEqual(['ev.lodpoint: unknown key; did you mean "loadpoint"?'])
    expect(wrong('{preset: go-e}')).toEqual(['ev.serial: required by this preset'])
    expect(wrong('{preset: go-e, serial: [1]}')).toEqual(['ev.serial: expected a single value'])
    expect(wrong('{loadpoint: 1}')[0]).toMatch(/^ev.loadpoint: unknown key/)
    expect(wrong('{pluged: a}')).toEqual(['ev.pluged: unknown key; did you mean "plugged"?'])
  })

  it('may be a list of several, told apart by device', () => {
    const cars = read(`${MINIMAL}ev:\n- {device: One, plugged: a}\n- {device: Two, preset: evcc}\n`).ev
    expect(cars).toMatchObject([
      { device: 'One', plugged: { sources: [{ topic: 'a' }] }, charging: { sources: [] } },
      { device: 'Two', plugged: { sources: [] } },
    ])
    expect(car('[{plugged: none}]')?.device).toBeNull()
    expect(wrong('[{plugged: a}, {device: b}]')).toEqual([
      'ev.0.device: required where several cars are listed: its id or name',
      'ev.1.plugged: required where several cars are listed: a topic, or none',
    ])
    expect(wrong('[{device: a, plugged: a}, {device: A, plugged: b}]')).toEqual([
      'ev.1.device: this car is listed twice',
    ])
    expect(wrong('[]')).toEqual(['ev: expected at least one car'])
  })

  it('says where a source is wrong', () => {
    const { problems } = refused(`${MINIMAL}ev:
  plugged:
    - a
    - tpic: b
      true_values: [on]
      false_values: [ON]
    - none
  charging: none
  power: {topic: p, above: 1, below: 2, unit: MW}
  at_home: {topic: h, above: x}
  schedule_changed: {sources: [s], topic: t}
`)
    expect(problems.map(({ line, path }) => `${line} ${path}`)).toEqual([
      '8 ev.plugged.1.topic',
      '8 ev.plugged.1.tpic',
      '10 ev.plugged.1.false_values',
      '11 ev.plugged.2',
      '12 ev.charging',
      '13 ev.power.below',
      '13 ev.power.unit',
      '14 ev.at_home.above',
      '15 ev.schedule_changed.topic',
    ])
    expect(wrong('{plugged: a/#}')).toEqual(['ev.plugged: one topic is expected, without the wildcards + and #'])
    expect(wrong('words')).toEqual(['ev: expected one mapping, or a list of mappings with "device"'])
    expect(wrong('{plugged: {debounce_on: 5}}')[0]).toMatch(/^ev.plugged.debounce_on: a duration needs its unit/)
  })
})
