/** The frame of the demo, the line at its bottom, and the picture at its end. */
import { describe, expect, it } from '@jest/globals'
import { closing, opening } from '../../src/cli/demo-frame.ts'
import { DemoScreen } from '../../src/cli/demo-screen.ts'
import { DemoStory } from '../../src/cli/demo-story.ts'
import { COLOURED, PLAIN } from '../../src/cli/paint.ts'
import { timeline } from '../../src/cli/timeline.ts'
import { displayWidth } from '../../src/cli/width.ts'
import { UNKNOWN } from '../../src/entities/payload.ts'
import { virtualClock } from '../simulator/virtual-clock.ts'

const CAR = 'octopus2mqtt/a-0c70b05a/family_car'
const HOUSE = 'octopus2mqtt/a-0c70b05a/account/house_cheap'
const at = (time: string) => Date.parse(`2026-11-24T${time}:00Z`)

/** An hour with one window. */
function anEvening(car = CAR): DemoStory {
  const story = new DemoStory()
  story.heard(`${car}/plugged_in`, 'OFF', at('17:50'))
  story.heard('ev/charging', 'true', at('17:50'))
  story.heard(`${car}/plugged_in`, 'ON', at('18:00'))
  story.heard(`${car}/dispatch_active`, 'ON', at('18:10'))
  story.heard(HOUSE, 'ON', at('18:10'))
  story.heard(`${car}/dispatch_active`, 'OFF', at('18:25'))
  story.heard(HOUSE, 'OFF', at('18:30'))
  return story
}

describe('the picture of an evening', () => {
  it('shows when what was on, under a scale', () => {
    expect(anEvening().picture(at('17:50'), at('18:50'), 77, PLAIN)).toEqual([
      'GMT              17:50     18:00     18:10     18:20     18:30     18:40',
      'plugged in       ··········██████████████████████████████████████████████████',
      'dispatch active                      ███████████████·························',
      'house cheap                          ████████████████████····················',
    ])
  })

  it('fits into a narrow terminal, and is not stretched over a wide one', () => {
    for (const columns of [30, 60, 300]) {
      const lines = anEvening().picture(at('17:50'), at('18:50'), columns, PLAIN)
      expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(Math.min(100, columns))
    }
  })

  it('of two cars says whose row it is', () => {
    const story = anEvening()
    story.heard(`${CAR.replace('family_car', 'zoe')}/plugged_in`, 'ON', at('18:05'))
    const names = story.picture(at('17:50'), at('18:50'), 100, PLAIN).map(line => line.split(/\s{2,}/)[0])
    expect(names).toEqual(['GMT', 'plugged in (family car)', 'plugged in (zoe)', 'dispatch active', 'house cheap'])
  })

  it('is none where nothing was told, or nothing went by', () => {
    expect(new DemoStory().picture(at('17:50'), at('18:50'), 80, PLAIN)).toEqual([])
    expect(anEvening().picture(at('17:50'), at('17:50'), 80, PLAIN)).toEqual([])
    expect(anEvening().picture(at('17:40'), at('18:05'), 80, PLAIN)).toHaveLength(2)
  })

  it('draws no state before it was known, nor while it is not', () => {
    const changes = [
      { at: at('18:00'), on: true },
      { at: at('18:20'), on: null },
      { at: at('18:40'), on: false },
    ]
    const drawn = timeline([{ name: 'x', tone: 'good', changes }], {
      start: at('17:40'),
      end: at('19:00'),
      columns: 19,
      paint: PLAIN,
    })
    expect(drawn[1]).toBe(`x      ${'█'.repeat(4)}    ${'·'.repeat(4)}`)
  })

  it('has a scale of local hours in summer too', () => {
    const start = Date.parse('2026-06-24T11:30:00Z')
    const changes = [{ at: start, on: true }]
    const [scale] = timeline([{ name: 'plugged in', tone: 'good', changes }], {
      start,
      end: start + 24 * 3_600_000,
      columns: 60,
      paint: PLAIN,
    })
    expect(scale?.trim().split(/\s+/)).toEqual(['BST', '18:00', '00:00', '06:00'])
  })
})

describe('the line at the bottom', () => {
  it('shows how far the history is and how long it will take of your time, then what is on', () => {
    const story = new DemoStory()
    expect(story.waiting(at('17:50'), 60)).toBe('17:50 GMT  nothing is on')
    story.heard('o/a/electricity_import/history', '0', at('17:51'))
    story.heard('o/a/gas/history', UNKNOWN, at('17:51'))
    story.heard('o/a/gas/history', '0', at('17:51'))
    story.heard('o/a/electricity_import/history', '50', at('17:55'))
    expect(story.waiting(at('17:55'), 60)).toBe('17:55 GMT  history █████░░░░░░░░░░░░░░░  25 %  about 12 s left')
    story.heard('o/a/electricity_import/history', '100', at('17:56'))
    story.heard('o/a/gas/history', '100', at('17:56'))
    story.heard(`${CAR}/plugged_in`, 'ON', at('17:57'))
    story.heard(HOUSE, 'ON', at('17:57'))
    expect(story.waiting(at('17:57'), 60)).toBe('17:57 GMT  plugged in · house cheap')
  })
})

describe('the frame', () => {
  const parts = {
    title: 'A house on 2026-11-24',
    about: '60 times as fast as real time: plug in, a plan, unplug.',
    places: [
      ['MQTT broker', 'mqtt://127.0.0.1:1884', "mosquitto_sub -p 1884 -v -t 'octopus2mqtt/#'"],
      ['health', 'http://127.0.0.1:8099/health'],
    ] as const,
  }

  it('is whole lines in a pipe', () => {
    expect(opening(parts, { columns: null, paint: PLAIN })).toEqual([
      'A house on 2026-11-24, 60 times as fast as real time: plug in, a plan, unplug.',
      '',
      "  MQTT broker        mqtt://127.0.0.1:1884      mosquitto_sub -p 1884 -v -t 'octopus2mqtt/#'",
      '  health             http://127.0.0.1:8099/health',
      '',
    ])
  })

  it('is narrow in a narrow terminal', () => {
    expect(opening(parts, { columns: 60, paint: PLAIN })).toEqual([
      'A house on 2026-11-24, 60 times as fast as real time: plug',
      'in, a plan, unplug.',
      '',
      '  MQTT broker        mqtt://127.0.0.1:1884',
      "    mosquitto_sub -p 1884 -v -t 'octopus2mqtt/#'",
      '  health             http://127.0.0.1:8099/health',
      '',
    ])
  })

  it('ends with what Octopus counted, and hides no broken promise', () => {
    const report = { dispatchRequests: 16, calls: 48, mostDispatchRequestsInAnHour: 16, violations: [] }
    const frame = { columns: null, paint: PLAIN }
    expect(closing(report as never, frame)).toEqual([
      'Octopus was asked 48 times in all, 16 of them for dispatches: at most 16 in any hour, of 20.',
      'Every promise to Octopus was kept.',
    ])
    expect(closing({ ...report, violations: [{ kind: 'gap' }] } as never, frame)[1]).toBe(
      'Promises broken: [{"kind":"gap"}]',
    )
  })
})

describe('the screen in a terminal', () => {
  function lines(columns: number | null, paint = PLAIN): string[] {
    const told: string[] = []
    const screen = new DemoScreen(virtualClock(at('17:50')), line => told.push(line), { columns, paint })
    screen.heard(`${CAR}/intelligent_state`, 'SMART_CONTROL_IN_PROGRESS')
    screen.heard(`${CAR}/next_dispatch_start`, '2026-11-24T18:05:00Z')
    screen.heard(HOUSE, 'ON')
    screen.heard('homeassistant/device/x/config', '{"device":{"name":"Car\\u001b[2J"},"components":{"a":{}}}')
    return told
  }

  it('says what a state means where there is room, and times in London', () => {
    expect(lines(100)).toEqual([
      '17:50:00  Octopus says             SMART_CONTROL_IN_PROGRESS  it has a plan',
      '17:50:00  next dispatch starts     18:05 GMT',
      '17:50:00  house cheap              ON  the whole house pays the cheap rate',
      '17:50:00  Home Assistant discovery Car: 1 entity',
    ])
    expect(lines(60)[0]).toBe('17:50:00  Octopus says             SMART_CONTROL_IN_PROGRESS')
    expect(lines(null)[2]).toBe('17:50:00  house cheap              ON')
  })

  it('lets what is on stand out', () => {
    expect(lines(60, COLOURED)[2]).toBe(
      '\u001b[2m17:50:00\u001b[22m  house cheap              \u001b[1m\u001b[32mON\u001b[39m\u001b[22m',
    )
  })
})
