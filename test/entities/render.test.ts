import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { catalogue } from '../../src/entities/catalogue.ts'
import { renderStates } from '../../src/entities/render.ts'
import type { Snapshot } from '../../src/snapshot.ts'
import {
  anySnapshot,
  everythingKnown,
  handMade,
  knownAccount,
  knownCar,
  NOW,
  nothingKnown,
  twoCars,
} from './snapshots.ts'

const BASE = 'octopus2mqtt'
const AT = `${BASE}/a-1234abcd`

function payloads(snapshot: Snapshot): Record<string, string> {
  const messages = [...renderStates(snapshot, BASE)]
  expect(messages.every(([, message]) => message.retain)).toBe(true)
  return Object.fromEntries(messages.map(([topic, { payload }]) => [topic.replace(`${AT}/`, ''), payload]))
}

describe('renderStates', () => {
  it('says the same of a part that it has seen before as of one that it has not', () => {
    fc.assert(
      fc.property(anySnapshot, anySnapshot, fc.constantFrom('octopus2mqtt', 'other'), (before, next, base) => {
        renderStates(before, BASE)
        // An account from one and the rest from the other: parts that were seen, under another account.
        const mixed = { ...before, account: next.account }
        expect(renderStates(mixed, base)).toEqual(renderStates(structuredClone(mixed), base))
        expect(renderStates(mixed, base)).toEqual(renderStates(structuredClone(mixed), base))
      }),
      { numRuns: 60 },
    )
  })

  it('shows everything that is known', () => {
    expect(payloads(everythingKnown)).toMatchObject({
      availability: 'online',
      'account/off_peak': 'OFF',
      'account/house_cheap': 'ON',
      'account/house_cheap_until': '2026-11-23T22:30:00Z',
      'account/cheap_minutes_left': '20',
      'account/smart_half_hours_used': '3',
      'account/data_last_retrieved': '2026-11-23T22:09:00Z',
      'account/next_refresh': '2026-11-23T22:14:00Z',
      'account/refresh_mode': 'steady',
      'account/requests_last_hour': '11',
      'account/requests_left': '9',
      'account/api_status': 'ok',
      'account/problem': 'ON',
      'electricity_import/previous_accumulative_consumption': '{"value":12.346,"last_reset":"2026-11-22T00:00:00Z"}',
      'ioniq/dispatch_active': 'ON',
      'ioniq/intelligent_dispatching': 'ON',
      'ioniq/intelligent_state': 'SMART_CONTROL_IN_PROGRESS',
      'ioniq/plugged_in': 'ON',
      'ioniq/charging': 'ON',
      'ioniq/boosting': 'OFF',
      'ioniq/smart_charging_suspended': 'OFF',
      'ioniq/planned_dispatch_count': '2',
      'ioniq/planned_energy': '10.75',
      'ioniq/current_dispatch_end': '2026-11-23T22:30:00Z',
      'ioniq/next_dispatch_start': '2026-11-24T01:10:00Z',
      'ioniq/next_dispatch_end': '2026-11-24T02:17:00Z',
      'ioniq/state_of_charge': '54.4',
      'ioniq/charge_target': '80',
      'ioniq/ready_by': '07:30',
    })
  })

  it('shows what is not known as unknown, never as a zero', () => {
    const shown = payloads(nothingKnown)
    const states = Object.entries(shown).filter(([topic]) => !/attributes$|plan$|availability$/.test(topic))
    const known = states.filter(([, payload]) => payload !== 'None').map(([topic]) => topic)
    expect(known.sort()).toEqual([
      'account/problem',
      'account/requests_last_hour',
      'account/requests_left',
      'account/smart_half_hours_used',
      'electricity_import/history',
      'electricity_import/month_consumption',
      'electricity_import/month_cost',
      'electricity_import/previous_accumulative_consumption',
      'electricity_import/previous_accumulative_cost',
      'electricity_import/previous_ev_consumption',
      'electricity_import/previous_ev_cost',
      'electricity_import/rates',
      'electricity_import/today_accumulative_consumption',
      'electricity_import/week_consumption',
      'electricity_import/week_cost',
      'electricity_import/year_consumption',
      'electricity_import/year_cost',
    ])
    expect(shown['electricity_import/previous_accumulative_consumption']).toBe('{"value":null,"last_reset":null}')
    expect(shown['electricity_import/year_cost']).toBe('{"value":null,"last_reset":"2026-11-23T00:00:00Z"}')
    expect(shown['electricity_import/rates']).toBe('[]')
    expect(shown.availability).toBe('offline')
  })

  it('shows the attributes', () => {
    const shown = payloads(everythingKnown)
    const attributes = (topic: string) => JSON.parse(shown[`${topic}/attributes`] ?? 'null')
    expect(attributes('account/house_cheap')).toEqual({
      reason: 'dispatch',
      until: '2026-11-23T22:30:00Z',
      expected_until: '2026-11-23T22:30:00Z',
      policy: 'charge_cap',
    })
    expect(attributes('account/smart_half_hours_used')).toEqual({ cars: { ioniq: 3 } })
    expect(attributes('account/refresh_mode')).toEqual({ reason: 'plugged_in' })
    expect(attributes('account/problem')).toEqual({
      notices: [
        {
          code: 'plug_silent',
          since: '2026-11-23T21:10:00Z',
          action: 'Look at the plug topic.',
          link: 'docs/notices.md#plug_silent',
          car: 'ioniq',
        },
      ],
    })
    expect(attributes('ioniq/plugged_in')).toEqual({ source: 'topic' })
    expect(attributes('ioniq/state_of_charge')).toEqual({ measured_at: '2026-11-23T22:05:00Z' })
    expect(attributes('ioniq/ready_by')).toEqual({ measured_at: null })
    const day = attributes('electricity_import/previous_accumulative_consumption')
    expect(day).toMatchObject({ date: '2026-11-22', latest_reading: '2026-11-23T01:00:00Z', is_late: false })
    expect(day.charges).toHaveLength(48)
    expect(day.charges[47]).toEqual({
      start: '2026-11-22T23:30:00Z',
      end: '2026-11-23T00:00:00Z',
      consumption: 0.257,
    })
  })

  it('shows a state that Octopus added since as unknown, and raw', () => {
    const shown = payloads({ ...everythingKnown, cars: [knownCar({ state: 'HOVERING' })] })
    expect(shown['ioniq/intelligent_state']).toBe('None')
    expect(shown['ioniq/intelligent_state/attributes']).toBe('{"raw":"HOVERING"}')
  })

  it('shows the plan in the order of time, every row of it', () => {
    const plan = JSON.parse(payloads(everythingKnown)['ioniq/plan'] ?? 'null')
    expect(plan).toMatchObject({ fetched_at: '2026-11-23T22:09:00Z', state: 'SMART_CONTROL_IN_PROGRESS' })
    expect(plan.rows).toHaveLength(3)
    expect(plan.rows[2]).toEqual({
      start: '2026-11-24T03:10:00Z',
      end: '2026-11-24T04:10:00Z',
      type: 'BOOST',
      energy_kwh: -3.5,
      stands: false,
      why: 'boost',
      cheap_start: null,
      cheap_end: null,
    })
  })

  it('leaves out what does not exist', () => {
    const night = ['off_peak', 'house_cheap', 'house_cheap_until', 'cheap_minutes_left', 'smart_half_hours_used']
    const withoutNight = payloads({ ...everythingKnown, account: knownAccount({ hasNight: false }) })
    const withoutCharging = payloads({ ...everythingKnown, cars: [knownCar({ hasCharging: false })] })
    for (const key of night) expect(withoutNight).not.toHaveProperty([`account/${key}`])
    expect(withoutNight).toHaveProperty(['ioniq/charging'])
    expect(withoutCharging).not.toHaveProperty(['ioniq/charging'])
    expect(withoutCharging).toHaveProperty(['account/house_cheap'])
  })

  it('keeps cars apart', () => {
    const shown = payloads(twoCars)
    expect(shown).toHaveProperty(['ioniq/plan'])
    expect(shown).toHaveProperty(['zappi/plan'])
    expect(shown).toHaveProperty(['electricity_import_9999/previous_accumulative_consumption'])
  })

  it('links notices into the documentation it is told of', () => {
    const rendered = renderStates(everythingKnown, BASE, { docsUrl: 'https://example.org/docs' })
    const problem = rendered.get(`${AT}/account/problem/attributes`)?.payload
    expect(JSON.parse(problem ?? 'null').notices[0].link).toBe('https://example.org/docs/notices.md#plug_silent')
  })

  it('is the same for the same snapshot, whatever it holds, and changes nothing in it', () => {
    fc.assert(
      fc.property(anySnapshot, snapshot => {
        const before = structuredClone(snapshot)
        expect([...renderStates(snapshot, BASE)]).toEqual([...renderStates(snapshot, BASE)])
        expect(snapshot).toEqual(before)
      }),
      { numRuns: 50 },
    )
  })

  it('takes a few milliseconds at most', () => {
    for (let run = 0; run < 20; run += 1) renderStates(twoCars, BASE)
    const started = performance.now()
    for (let run = 0; run < 100; run += 1) renderStates({ ...twoCars, at: NOW + run }, BASE)
    expect((performance.now() - started) / 100).toBeLessThan(20)
  })
})

describe('the catalogue', () => {
  const rows = Object.values(catalogue).flat()

  it('has each key once, so that ids stay short', () => {
    // Other meters than the first import meter have their own name in front.
    const { export_meter: _, gas_meter: _gas, ...unnamed } = catalogue
    const keys = Object.values(unnamed).flatMap(all => all.map(row => row.key))
    expect(new Set(keys).size).toBe(keys.length)
    expect(rows.every(row => /^[a-z][a-z0-9_]*$/.test(row.key))).toBe(true)
  })

  it('explains every entity and exactly the attributes that are published', () => {
    for (const row of rows) expect(row.meaning.length).toBeGreaterThan(20)
    for (const snapshot of Object.values(handMade)) {
      for (const [topic, payload] of Object.entries(payloads(snapshot)).filter(([t]) => t.endsWith('/attributes'))) {
        const key = topic.split('/').at(-2)
        const meanings = rows.find(row => row.key === key)?.attributeMeanings
        expect(Object.keys(JSON.parse(payload)).sort()).toEqual(Object.keys(meanings ?? {}).sort())
      }
    }
  })

  it('gives an icon exactly where no device class brings one', () => {
    for (const row of rows) expect(row.icon === undefined).toBe(row.deviceClass !== undefined)
  })
})
