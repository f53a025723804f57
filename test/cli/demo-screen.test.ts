import { describe, expect, it } from '@jest/globals'
import { DemoScreen } from '../../src/cli/demo-screen.ts'
import { UNKNOWN } from '../../src/entities/payload.ts'
import { virtualClock } from '../simulator/virtual-clock.ts'

const ACCOUNT = 'octopus2mqtt/a-0c70b05a'

/** Lines for messages, without their time. */
function shown(...messages: readonly (readonly [topic: string, payload: string])[]): string[] {
  const lines: string[] = []
  const screen = new DemoScreen(virtualClock(Date.parse('2026-11-24T17:50:00Z')), line => lines.push(line))
  for (const [topic, payload] of messages) screen.heard(topic, payload)
  return lines.map(line => line.replace(/^17:50:00 {2}/, ''))
}

const of = (meter: string, key: string) => `${ACCOUNT}/${meter}/${key}`

describe('the screen of the demo', () => {
  it('tells the meters apart, and what a day and a month came to', () => {
    const since = (value: number, day: string) => JSON.stringify({ value, last_reset: `${day}T00:00:00Z` })
    expect(
      shown(
        [of('electricity_import', 'history'), '100'],
        [of('electricity_import', 'previous_accumulative_consumption'), since(31.012, '2026-11-23')],
        [of('electricity_export', 'previous_accumulative_cost'), since(0.1, '2026-11-23')],
        [of('gas', 'month_cost'), since(34.5, '2026-11-01')],
        [of('electricity_import', 'current_rate'), '0.07'],
        [of('electricity_import', 'half_hours_misjudged'), '2'],
      ),
    ).toEqual([
      'import: history          100 %',
      'import: last day         31.012 kWh (from 2026-11-23)',
      'export: last day         £0.10 (from 2026-11-23)',
      'gas: month so far        £34.50 (from 2026-11-01)',
      'import: rate now         £0.07 a kWh',
      'import: misjudged        2 half hours',
    ])
  })

  it('says nothing twice, nothing of what is not known yet, and not everything', () => {
    const day = of('electricity_import', 'previous_accumulative_cost')
    expect(
      shown(
        [day, JSON.stringify({ value: null, last_reset: null })],
        [of('gas', 'current_rate'), UNKNOWN],
        [of('electricity_import', 'accumulative_consumption'), '8123.4'],
        [of('electricity_import', 'rates'), '[{"start":"2026-11-24T00:00:00Z"}]'],
        [`${ACCOUNT}/account/api_status`, 'ok'],
        [`${ACCOUNT}/account/api_status`, 'ok'],
        [`${ACCOUNT}/family_car/dispatch_active`, 'ON'],
        [`${ACCOUNT}/family_car/dispatch_active`, UNKNOWN],
      ),
    ).toEqual(['Octopus API              ok', 'dispatch active          ON', 'dispatch active          -'])
  })
})
