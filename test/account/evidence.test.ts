/** What proves that a dispatch charges the car, by the messages of real topics: a draw that is over, unheard or a boost's proves nothing. */
import { describe, expect, it } from '@jest/globals'
import { MINUTE, SECOND } from '../../src/clock.ts'
import { CarAtHome } from './support/car-at-home.ts'

const IN_PROGRESS = 'SMART_CONTROL_IN_PROGRESS'
const UNTIL_TEN: [string, string] = ['18:05', '20:00']

/** Charges from 18:06 on, by these topics, as planned. */
function charging(home: CarAtHome, topics: { plug: string; charge: string; power?: string }, on = 'on', off = 'off') {
  home.say(topics.plug, on, true)
  home.say(topics.charge, off, true)
  if (topics.power) home.say(topics.power, '0', true)
  home.to('18:04')
  home.answer(IN_PROGRESS, [UNTIL_TEN])
  home.to('18:06')
  home.say(topics.charge, on)
  if (topics.power) home.say(topics.power, '7200')
  home.to('18:20')
  home.answer(IN_PROGRESS, [UNTIL_TEN])
  expect(home.cheap).toBe(true)
  home.to('18:25')
}

const OWN = { plug: 'plug', charge: 'charge' }

describe('a draw that ended while nobody could hear of it', () => {
  it('does not make the next half hour cheap when evcc comes back and says so', () => {
    const home = new CarAtHome('{preset: evcc, loadpoint: 1}')
    const [plug, charge, power] = ['connected', 'charging', 'chargePower'].map(name => `evcc/loadpoints/1/${name}`)
    const topics = [plug, charge, power] as [string, string, string]
    home.say('evcc/status', 'online', true)
    charging(home, { plug: topics[0], charge: topics[1], power: topics[2] }, 'true', 'false')
    for (const topic of topics) home.say(topic, '')
    home.say('evcc/status', 'offline')
    home.to('18:30:20')
    home.answer(IN_PROGRESS, [UNTIL_TEN])
    home.to('18:35')
    home.say('evcc/status', 'online')
    for (const [topic, payload] of [
      [topics[0], 'true'],
      [topics[1], 'false'],
      [topics[2], '0'],
    ] as const)
      home.say(topic, payload)
    for (const now of ['18:35', '18:35:10', '18:35:20', '18:40']) {
      home.to(now)
      expect([now, home.cheap]).not.toEqual([now, true])
    }
  })

  it('nor when Home Assistant starts again', () => {
    const home = new CarAtHome(
      '{preset: statestream, plugged_entity: binary_sensor.p, charging_entity: binary_sensor.c}',
    )
    const of = (name: string) => `homeassistant/statestream/binary_sensor/${name}/state`
    home.say('homeassistant/status', 'online', true)
    charging(home, { plug: of('p'), charge: of('c') })
    home.say('homeassistant/status', 'offline')
    home.to('18:30:20')
    home.answer(IN_PROGRESS, [UNTIL_TEN])
    home.to('18:31')
    home.say('homeassistant/status', 'online')
    expect(home.cheap).not.toBe(true)
    home.clock.advance(SECOND)
    home.say(of('c'), 'off')
    home.say(of('p'), 'on')
    home.to('18:40')
    expect(home.cheap).toBe(false)
  })

  it('nor when we do', () => {
    for (const [topic, payload] of [
      ['charge', 'off'],
      ['power', '0'],
    ] as const) {
      const home = new CarAtHome()
      charging(home, { ...OWN, power: 'power' })
      home.restart(10 * MINUTE)
      home.say('plug', 'on', true)
      home.say(topic, payload, true)
      home.clock.advance(2 * SECOND)
      home.answer(IN_PROGRESS, [UNTIL_TEN])
      expect(home.cheap).not.toBe(true)
      home.to('18:40')
      expect([topic, home.cheap]).not.toEqual([topic, true])
    }
  })

  it('nor while the broker is away; and one that goes on does, a minute after it is back', () => {
    const home = new CarAtHome()
    charging(home, OWN)
    home.vehicles.cutOff()
    home.to('18:30:20')
    home.answer(IN_PROGRESS, [UNTIL_TEN])
    home.to('18:33')
    expect(home.cheap).toBe(false)
    home.to('18:34')
    home.vehicles.heardAgain()
    home.to('18:34:59')
    expect(home.cheap).toBe(false)
    home.to('18:35')
    expect(home.cheap).toBe(true)
  })
})

describe('a draw that nobody could hear', () => {
  it('is not proved by watts of before: they have to be measured anew', () => {
    const home = new CarAtHome()
    home.say('plug', 'on', true)
    home.say('power', '0')
    home.to('18:04')
    home.answer(IN_PROGRESS, [UNTIL_TEN])
    home.to('18:06')
    home.say('power', '7200')
    home.to('18:25')
    home.vehicles.cutOff()
    home.to('18:30:20')
    home.answer(IN_PROGRESS, [UNTIL_TEN])
    home.to('18:34')
    home.vehicles.heardAgain()
    for (const now of ['18:34:06', '18:34:30']) {
      home.to(now)
      expect([now, home.cheap]).toEqual([now, false])
    }
    home.say('power', '7200')
    home.to('18:34:36')
    expect(home.cheap).toBe(true)
  })

  it('does not contradict the plug', () => {
    const home = new CarAtHome('{plugged: plug, charging: charge}')
    home.say('plug', 'on', true)
    home.say('charge', 'off', true)
    home.to('18:06')
    home.say('charge', 'on')
    home.to('18:10')
    home.say('plug', 'off')
    home.to('18:11:05')
    home.vehicles.cutOff()
    home.to('18:15')
    home.say('plug', 'off', true)
    home.say('charge', 'off', true)
    home.vehicles.heardAgain()
    home.to('18:15:30')
    expect(home.engine.state.cars[0]?.plug.value).toBe(false)
    expect(home.notices).not.toContain('plug_contradicted')
  })
})

describe('a clock that is set back', () => {
  it('does not turn the plug, and ends no contradiction', () => {
    const home = new CarAtHome()
    home.say('plug', 'off', true)
    home.say('charge', 'off', true)
    home.to('18:01')
    home.answer('SMART_CONTROL_NOT_AVAILABLE', [])
    home.to('19:00')
    home.say('charge', 'on')
    home.to('19:05')
    expect(home.notices).toContain('plug_contradicted')
    home.clock.setBy(-10 * MINUTE)
    for (let second = 0; second < 100; second += 1) home.clock.advance(SECOND)
    home.say('charge', 'on')
    home.clock.advance(SECOND)
    expect(home.notices).toContain('plug_contradicted')
  })

  it('lets the minute of evidence pass, whatever else is said meanwhile', () => {
    const home = new CarAtHome()
    home.say('plug', 'on', true)
    home.say('charge', 'off', true)
    home.to('18:31')
    home.say('charge', 'on')
    home.clock.advance(5 * SECOND)
    home.clock.setBy(-15 * MINUTE)
    home.answer(IN_PROGRESS, [['18:05', '20:00']])
    for (let second = 0; second < 120; second += 1) {
      home.clock.advance(SECOND)
      if (second % 30 === 0) home.say('slots', `${second}`)
    }
    expect(home.cheap).toBe(true)
  })
})

describe('a draw that goes over the mark', () => {
  it('passes for no fresh one after a restart: the plan may have ended there', () => {
    const home = new CarAtHome()
    charging(home, { ...OWN, power: 'power' })
    home.to('18:29:25')
    home.answer(IN_PROGRESS, [UNTIL_TEN])
    home.to('18:30:02')
    home.restart(3 * SECOND)
    home.say('plug', 'on', true)
    home.say('power', '7200', true)
    home.to('18:30:20')
    home.answer('SMART_CONTROL_CAPABLE', [])
    home.clock.advance(SECOND)
    expect(home.cheap).toBe(false)
  })
})

describe('what a boost drew', () => {
  it.each([
    ['power', '7200', '0', '18:08:58'],
    ['charge', 'on', 'off', '18:09:05'],
  ])('is no evidence for the row that follows it: %s', (topic, on, off, stops) => {
    const home = new CarAtHome()
    home.say('plug', 'on')
    home.say(topic, off)
    home.to('18:01')
    home.answer(IN_PROGRESS, [
      ['18:01', '18:09', 'BOOST'],
      ['18:09', '18:30'],
    ])
    home.to('18:02')
    home.say(topic, on)
    home.to(stops)
    home.say(topic, off)
    for (const now of ['18:09:10', '18:09:30', '18:12']) {
      home.to(now)
      expect([now, home.cheap]).toEqual([now, false])
    }
  })

  it('nor where it is cancelled in the app', () => {
    const home = new CarAtHome()
    home.say('plug', 'on')
    home.say('power', '0')
    home.to('18:01')
    home.answer('BOOSTING', [])
    home.to('18:02')
    home.say('power', '7200')
    home.to('18:09')
    home.say('power', '0')
    home.to('18:09:10')
    home.answer(IN_PROGRESS, [['18:09', '18:30']])
    home.to('18:12')
    expect(home.cheap).toBe(false)
  })
})

describe('an answer', () => {
  it('that says only that smart charging is suspended is heard', () => {
    const home = new CarAtHome()
    home.say('plug', 'on')
    home.to('18:06')
    home.answer(IN_PROGRESS, [UNTIL_TEN])
    expect(home.active).toBe(true)
    home.to('18:07')
    home.answer(null, [UNTIL_TEN], { isSuspended: true })
    expect(home.active).toBe(false)
  })
})

describe('a schedule', () => {
  it('that says the same as before has not changed', () => {
    const home = new CarAtHome()
    const events = () => home.engine.state.events.filter(({ kind }) => kind === 'schedule').length
    home.say('slots', '{"start":"18:05"}')
    home.clock.advance(2 * SECOND)
    home.answer(IN_PROGRESS, [])
    expect(events()).toBe(0)
    home.to('18:05')
    home.say('slots', '{"start":"18:05"}')
    expect(events()).toBe(0)
    home.say('slots', '{"start":"19:05"}')
    expect(events()).toBe(1)
  })

  it('that changes all the time is asked about six times an hour', () => {
    const home = new CarAtHome()
    let asked = 0
    for (let minute = 0; minute < 180; minute += 1) {
      home.clock.advance(MINUTE)
      home.say('slots', `{"updated":${minute}}`)
      const due = home.engine.state.events.find(({ kind, at }) => kind === 'schedule' && at <= home.clock.now())
      if (due === undefined) continue
      asked += 1
      home.clock.advance(2 * SECOND)
      home.answer(IN_PROGRESS, [])
    }
    expect(asked).toBe(3 * 6)
  })
})

describe('a schedule that changes while it is asked about', () => {
  it('is asked about again', () => {
    const home = new CarAtHome()
    const due = () => home.engine.state.events.filter(({ kind, at }) => kind === 'schedule' && at <= home.clock.now())
    home.say('slots', '[1]')
    home.clock.advance(SECOND)
    expect(due()).toHaveLength(1)
    home.clock.advance(3 * SECOND)
    home.say('slots', '[2]')
    // Asked for 1 s ago.
    home.answer(IN_PROGRESS, [])
    expect(due()).toHaveLength(1)
  })
})

describe('plan_without_charging', () => {
  it('stays open over rows that touch', () => {
    const home = new CarAtHome()
    home.say('plug', 'on')
    home.say('charge', 'off')
    const rows: [string, string][] = [
      ['18:05', '18:30'],
      ['18:30', '19:00'],
      ['19:00', '19:30'],
    ]
    let was = false
    let changes = 0
    home.to('18:04')
    for (let minute = 4; minute < 100; minute += 1) {
      if (minute % 5 === 0) home.answer(IN_PROGRESS, rows)
      home.clock.advance(MINUTE)
      home.say('charge', 'off')
      const is = home.notices.includes('plan_without_charging')
      if (is !== was) changes += 1
      was = is
    }
    expect(changes).toBe(2)
  })
})
