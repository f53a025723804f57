import { beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type Answers, API_KEY, OPERATIONS, type Operation, realAnswers } from './answers.ts'
import { deepJson, hostileBytes, hostileText } from './hostile-values.ts'
import { type House, openHouse } from './house.ts'
import { byteMutations, mutations } from './mutate.ts'
import { holds, PATIENCE } from './runs.ts'

let real: Answers
beforeAll(async () => {
  real = await realAnswers()
})

const mutated = (answers: Answers, operation: Operation, mutate: (tree: unknown) => unknown): Answers => {
  const tree = mutate(JSON.parse(answers[operation].body.toString()))
  return { ...answers, [operation]: { body: Buffer.from(JSON.stringify(tree) ?? '') } }
}

const spoiled = (answers: Answers, operation: Operation, mutate: (bytes: Buffer) => Buffer): Answers => ({
  ...answers,
  [operation]: { body: mutate(answers[operation].body) },
})

const wasRefused = (lines: readonly string[]) => lines.some(line => line.includes('"msg":"Octopus: '))

/** Milliseconds of real time that one request and all that follows from it may take. */
const QUICK = 1_500

/** Octopus answers a poll like this once, and then as it should; after a block or a throttling that is seen much later. */
async function answersOnce(house: House, answers: Answers, recovers = true): Promise<void> {
  const before = house.shown
  const lines = house.lines.length
  house.answers = answers
  const began = performance.now()
  await house.poll()
  const took = performance.now() - began
  expect(took).toBeLessThan(QUICK)
  if (wasRefused(house.lines.slice(lines))) expect(house.shown).toEqual(before)
  house.answers = real
  await house.poll()
  if (!recovers) return
  expect(house.newest('/family_car/planned_dispatch_count')).toBe('3')
  expect(house.newest('/account/api_status')).toBe('ok')
}

async function started(answers: Answers, story: (house: House) => Promise<void>): Promise<void> {
  const house = await openHouse({ answers })
  try {
    await story(house)
  } finally {
    await house.close()
  }
  expect(house.broken()).toEqual([])
}

describe('an answer to a poll', () => {
  it(
    'may be wrong anywhere',
    async () => {
      await holds(
        fc.asyncProperty(fc.constantFrom<Operation>('Poll'), mutations, (operation, mutate) =>
          started(real, house => answersOnce(house, mutated(real, operation, mutate))),
        ),
        10,
      )
    },
    PATIENCE,
  )

  it(
    'may have wrong bytes',
    async () => {
      await holds(
        fc.asyncProperty(byteMutations(), mutate =>
          started(real, house => answersOnce(house, spoiled(real, 'Poll', mutate))),
        ),
        10,
      )
    },
    PATIENCE,
  )
})

describe('a first start', () => {
  it(
    'may get any wrong answer',
    async () => {
      await holds(
        fc.asyncProperty(fc.constantFrom(...OPERATIONS), mutations, (operation, mutate) =>
          started(mutated(real, operation, mutate), async house => {
            await house.poll()
            house.answers = real
            for (let minute = 0; minute < 10; minute += 1) await house.pass(60_000)
            expect(house.newest('/bridge/state')).toBe('online')
          }),
        ),
        10,
      )
    },
    PATIENCE,
  )
})

describe('a server', () => {
  const key = [API_KEY, encodeURIComponent(API_KEY), Buffer.from(`${API_KEY}:`).toString('base64')]
  const echo = fc
    .constantFrom(...key)
    .map(text =>
      JSON.stringify({ errors: [{ message: text, path: [text] }], data: { devices: [{ id: text, name: text }] } }),
    )
  const header = hostileText.map(text => text.replaceAll(/[^\x20-\x7e]/g, '').slice(0, 500))
  it.each(key)('does not get the key published by calling the car so: %#', async text => {
    const body = real.Devices.body.toString().replaceAll('Family car', JSON.stringify(text).slice(1, -1))
    await started({ ...real, Devices: { body: Buffer.from(body) } }, async house => {
      expect(house.newest('/bridge/state')).toBe('online')
      expect([...house.shown.values()].filter(payload => payload.includes(text))).toEqual([])
    })
  })

  const response = fc.record({
    status: fc.constantFrom(
      200,
      201,
      204,
      205,
      206,
      301,
      304,
      400,
      401,
      403,
      404,
      418,
      429,
      451,
      500,
      502,
      503,
      504,
      599,
    ),
    type: fc.oneof(fc.constantFrom('application/json', 'text/html', 'application/json; charset=utf-16', ''), header),
    headers: fc.record({
      'retry-after': fc.oneof(
        fc.constantFrom('120', '1e9', '-1', '999999999', 'Fri, 31 Dec 9999 23:59:59 GMT'),
        header,
      ),
      location: header,
    }),
    body: fc.oneof(
      { weight: 4, arbitrary: echo.map(text => Buffer.from(text)) },
      { weight: 4, arbitrary: hostileBytes },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          Buffer.alloc(9_000_000, ' '),
          Buffer.from(`{"data":${deepJson(100_000)}}`),
          Buffer.from(`{"data":{"devices":[${'{},'.repeat(300_000)}{}]}}`),
        ),
      },
    ),
  })

  it(
    'may say anything in any way, and repeat the key in every form',
    async () => {
      await holds(
        fc.asyncProperty(
          fc.constantFrom<Operation>('Poll', 'Token', 'Devices', 'Consumption'),
          response,
          (operation, answer) =>
            started({ ...real, ...(operation === 'Poll' ? {} : { [operation]: answer }) }, async house => {
              await answersOnce(house, operation === 'Poll' ? { ...real, Poll: answer } : real, false)
            }),
        ),
        10,
      )
    },
    PATIENCE,
  )
})
