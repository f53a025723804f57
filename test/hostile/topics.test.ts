import { beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { HOUR } from '../../src/clock.ts'
import { REQUESTS } from '../docs/topics.ts'
import { type Answers, API_KEY, realAnswers } from './answers.ts'
import { hostileBytes, hostileText } from './hostile-values.ts'
import { type House, openHouse } from './house.ts'
import { holds, PATIENCE } from './runs.ts'

let real: Answers
beforeAll(async () => {
  real = await realAnswers()
})

const source = (topic: string) => ({ topic: `ev/${topic}`, json: 'a', availability: `ev/${topic}/online` })

const CONFIG = {
  ev: {
    plugged: { ...source('plugged'), stale_after: '1h' },
    charging: source('charging'),
    power: { topic: 'ev/power', unit: 'kW' },
    at_home: source('home'),
    schedule_changed: [{ topic: 'ev/schedule' }, { topic: 'ev/schedule2', json: 'a' }],
  },
}

const BASE = 'octopus2mqtt'
const OWN = [
  ...[...REQUESTS, 'nothing', '', '__proto__', 'a/b'].map(name => `${BASE}/bridge/request/${name}`),
  ...['info', 'state', 'event', 'response/health'].map(name => `${BASE}/bridge/${name}`),
  ...['account/refresh/set', 'family_car/plugged_in/set', 'family_car/plugged_in', 'availability'].map(
    name => `${BASE}/a-0c70b05a/${name}`,
  ),
  'homeassistant/status',
]

/** Real words among the noise, so that what they do is done between two bad messages. */
const payload = fc.oneof(
  { weight: 3, arbitrary: hostileBytes },
  {
    weight: 2,
    arbitrary: hostileBytes.map(bytes =>
      Buffer.concat([Buffer.from('{"a":'), bytes.subarray(0, 40_000), Buffer.from('}')]),
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(
        ...[
          'online',
          'offline',
          'PRESS',
          'true',
          '{"a":1}',
          '{"instance":"another"}',
          '{"level":"trace"}',
          '{}',
          '7.2',
        ],
        `{"transaction":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
        `{"transaction":${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}}`,
        `{"transaction":"${'x'.repeat(60_000)}"}`,
        `{"${'x'.repeat(60_000)}":1}`,
        `{"__proto__":{"level":"trace"},"constructor":1,"toString":2}`,
        `{"level":{"toString":1}}`,
        `{"instance":"${'x'.repeat(5_000)}"}`,
      )
      .map(text => Buffer.from(text)),
  },
)

const message = (topics: readonly string[]) =>
  fc.record({
    topic: fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(...topics) },
      { weight: 1, arbitrary: hostileText.map(text => `${BASE}/bridge/request/${text}`) },
      { weight: 1, arbitrary: hostileText },
    ),
    payload,
    retained: fc.boolean(),
    wait: fc.constantFrom(0, 0, 20_000, 90_000),
  })

async function listening(story: (house: House) => Promise<void>): Promise<void> {
  const house = await openHouse({ answers: real, config: CONFIG })
  try {
    await story(house)
  } finally {
    await house.close()
  }
  expect(house.broken()).toEqual([])
}

/** Milliseconds of real time for one message and all that follows from it. */
const QUICK = 1_500

const SECRETS = [API_KEY, `"${API_KEY}"`, JSON.stringify({ a: API_KEY })].map(text => Buffer.from(text))

const LISTENED = [
  ...new Set([...Object.values(CONFIG.ev).flat()].flatMap(each => [each.topic, `${each.topic}/online`])),
]

describe('a message on any topic that is listened to', () => {
  it(
    'harms nothing, and is answered at once',
    async () => {
      await holds(
        fc.asyncProperty(fc.array(message([...OWN, ...LISTENED]), { minLength: 1, maxLength: 12 }), messages =>
          listening(async house => {
            for (const { topic, payload: bytes, retained, wait } of messages) {
              const began = performance.now()
              house.broker.message(topic, bytes, retained)
              expect(performance.now() - began).toBeLessThan(QUICK)
              if (wait > 0) await house.pass(wait)
            }
            await house.settle()
            const sent = house.sent.length
            await house.pass(HOUR)
            expect(house.sent.length - sent).toBeLessThan(600)
          }),
        ),
        8,
      )
    },
    PATIENCE,
  )

  it('gets no secret into the log, in whatever case', () =>
    listening(async house => {
      for (const topic of LISTENED) for (const secret of SECRETS) house.broker.message(topic, secret)
      await house.settle()
      expect(house.lines.filter(line => line.includes('"level":40')).length).toBeGreaterThan(5)
      expect(house.lines.join('').toLowerCase()).not.toContain(API_KEY.toLowerCase())
    }))

  it(
    'changes nothing that is published where it is no message for us',
    async () => {
      const refused = fc.record({
        topic: fc.constantFrom(...OWN.filter(topic => !/refresh/.test(topic)), ...LISTENED),
        payload: fc.constantFrom(
          ...['nonsense', '\xff\xfe', '['.repeat(70_000)].map(text => Buffer.from(text, 'latin1')),
        ),
        retained: fc.boolean(),
      })
      await holds(
        fc.asyncProperty(fc.array(refused, { minLength: 1, maxLength: 12 }), messages =>
          listening(async house => {
            const before = house.shown
            for (const { topic, payload: bytes, retained } of messages) house.broker.message(topic, bytes, retained)
            await house.settle()
            expect(house.shown).toEqual(before)
          }),
        ),
        5,
      )
    },
    PATIENCE,
  )
})

describe('what once did harm', () => {
  it('is no press of the button unless it says PRESS', () =>
    listening(async house => {
      const topic = `${BASE}/a-0c70b05a/account/refresh/set`
      // What was asked at the start is answered by then.
      await house.pass(5_000)
      const before = house.newest('/account/next_refresh')
      for (const text of ['', 'press', 'nonsense', '{}']) house.broker.message(topic, text)
      await house.settle()
      expect(house.newest('/account/next_refresh')).toBe(before)
      house.broker.message(topic, 'PRESS')
      await house.settle()
      expect(house.newest('/account/next_refresh')).not.toBe(before)
    }))

  it('is one answer to a thousand births', () =>
    listening(async house => {
      const sent = house.sent.length
      for (let birth = 0; birth < 1_000; birth += 1) house.broker.message('homeassistant/status', 'online')
      await house.pass(HOUR / 60)
      const again = house.sent.slice(sent).filter(({ topic }) => topic.endsWith('/config')).length
      expect(again).toBe(4)
    }))

  it('is few log lines about a thousand daemons', () =>
    listening(async house => {
      for (let other = 0; other < 1_000; other += 1)
        house.broker.message(`${BASE}/bridge/info`, JSON.stringify({ instance: `daemon ${other}` }))
      expect(house.lines.filter(line => line.includes('second octopus2mqtt')).length).toBeLessThanOrEqual(3)
    }))
})
