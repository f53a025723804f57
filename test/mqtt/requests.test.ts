import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { BridgeError } from '../../src/errors.ts'
import { Commands } from '../../src/mqtt/commands.ts'
import { LARGEST_REQUEST, Requests } from '../../src/mqtt/requests.ts'
import { FakeBroker, settle } from './fake-broker.ts'

function setUp() {
  const broker = new FakeBroker()
  const answers: { topic: string; body: unknown }[] = []
  const failures: [name: string, error: unknown][] = []
  const requests = new Requests(
    broker,
    'base',
    (topic, payload) => answers.push({ topic, body: JSON.parse(payload) }),
    (name, error) => failures.push([name, error]),
  )
  requests.register('echo', z.object({ level: z.enum(['info', 'debug']).optional() }), input => input)
  requests.register('busy', z.object({}), () => {
    throw new BridgeError('OCTOPUS_THROTTLED', 'wait a while')
  })
  requests.register('broken', z.object({}), () => Promise.reject(new Error('the password is 1234')))
  requests.register('nothing', z.object({}), () => undefined)
  requests.start()
  const ask = async (name: string, payload: string, retained = false) => {
    broker.message(`base/bridge/request/${name}`, payload, retained)
    await settle()
    return answers.splice(0)
  }
  return { broker, requests, failures, ask }
}

const invalid = (message: unknown) => ({ status: 'error', error: { code: 'REQUEST_INVALID', message } })

describe('a request', () => {
  it('is answered on the response topic with its transaction', async () => {
    const { ask, broker } = setUp()
    expect(broker.subscribed).toEqual(['base/bridge/request/+'])
    expect(await ask('echo', '{"level":"debug","transaction":"t-1"}')).toEqual([
      {
        topic: 'base/bridge/response/echo',
        body: { status: 'ok', data: { level: 'debug' }, transaction: 't-1' },
      },
    ])
  })

  it.each([0, null, '', { a: 1 }])('gets its transaction %p back as it was', async transaction => {
    const { ask } = setUp()
    const [answer] = await ask('echo', JSON.stringify({ transaction }))
    expect(answer?.body).toEqual({ status: 'ok', data: {}, transaction })
  })

  it('may be empty, and its answer may hold nothing', async () => {
    const { ask } = setUp()
    expect((await ask('echo', ''))[0]?.body).toEqual({ status: 'ok', data: {} })
    expect((await ask('nothing', ' \n'))[0]?.body).toEqual({ status: 'ok', data: null })
  })

  it('with an unknown name is told the known ones', async () => {
    const { ask } = setUp()
    expect(await ask('restart', '{"transaction":7}')).toEqual([
      {
        topic: 'base/bridge/response/restart',
        body: { ...invalid('unknown request; known are: broken, busy, echo, nothing'), transaction: 7 },
      },
    ])
  })

  it.each(['{', 'refresh', '[]', 'null', '7', '"x"'])('that is no JSON object is refused: %s', async payload => {
    const { ask } = setUp()
    expect((await ask('echo', payload))[0]?.body).toEqual(invalid(expect.stringContaining('JSON object')))
  })

  it('that does not fit its schema is told where', async () => {
    const { ask } = setUp()
    const [answer] = await ask('echo', '{"level":"loud","transaction":1}')
    expect(answer?.body).toEqual({ ...invalid(expect.stringContaining('level')), transaction: 1 })
  })

  it('over 64 KiB is refused unread', async () => {
    const { ask } = setUp()
    const longest = `{"transaction":"${'x'.repeat(LARGEST_REQUEST - 18)}"}`
    expect(longest).toHaveLength(LARGEST_REQUEST)
    expect((await ask('echo', longest))[0]?.body).toMatchObject({ status: 'ok' })
    expect((await ask('echo', `${longest} `))[0]?.body).toEqual(invalid(expect.stringContaining('bytes')))
  })

  it('whose transaction is nested too deeply to be repeated is refused, and harms nobody', async () => {
    const { ask } = setUp()
    for (const deep of [`${'['.repeat(30_000)}${']'.repeat(30_000)}`, `${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}`])
      expect((await ask('echo', `{"transaction":${deep}}`))[0]?.body).toEqual(
        invalid(expect.stringContaining('nested')),
      )
  })

  it('under a name that no topic of ours should carry is not answered', async () => {
    const { ask } = setUp()
    for (const name of ['x'.repeat(65), 'a/b', '', 'a#', '+', 'a b', '\u0001', '🚗'])
      expect(await ask(name, '{}')).toEqual([])
  })

  it('gets a short answer, however long what is wrong with it', async () => {
    const { ask } = setUp()
    const [answer] = await ask('echo', `{"level":"${'x'.repeat(60_000)}"}`)
    expect(JSON.stringify(answer?.body).length).toBeLessThan(1_000)
  })

  it('that is retained is ignored', async () => {
    const { ask } = setUp()
    expect(await ask('echo', '{}', true)).toEqual([])
  })

  it('gets the code of an error of ours', async () => {
    const { ask } = setUp()
    expect((await ask('busy', '{}'))[0]?.body).toEqual({
      status: 'error',
      error: { code: 'OCTOPUS_THROTTLED', message: 'wait a while' },
    })
  })

  it('does not get the text of an unexpected error', async () => {
    const { ask, failures } = setUp()
    const [answer] = await ask('broken', '{}')
    const error = { code: 'REQUEST_FAILED', message: 'the request could not be carried out; the log says why' }
    expect(answer?.body).toEqual({ status: 'error', error })
    expect(failures).toEqual([['broken', new Error('the password is 1234')]])
  })

  it('is not heard after the stop', async () => {
    const { ask, requests } = setUp()
    requests.stop()
    expect(await ask('echo', '{}')).toEqual([])
  })
})

describe('a command', () => {
  const setUpCommands = () => {
    const broker = new FakeBroker()
    const heard: string[] = []
    const failures: string[] = []
    const commands = new Commands(broker, topic => failures.push(topic))
    commands.on('base/a/account/refresh/set', payload => {
      heard.push(payload)
    })
    commands.on('base/a/account/bad/set', () => {
      throw new Error('no')
    })
    commands.start()
    return { broker, heard, failures, commands }
  }

  it('is obeyed, trimmed', () => {
    const { broker, heard } = setUpCommands()
    broker.message('base/a/account/refresh/set', ' PRESS\n')
    broker.message('base/a/account/other/set', 'PRESS')
    expect(heard).toEqual(['PRESS'])
    expect(broker.subscribed).toEqual(['base/a/account/refresh/set', 'base/a/account/bad/set'])
  })

  it('is ignored when retained, too long or after the stop', () => {
    const { broker, heard, commands } = setUpCommands()
    broker.message('base/a/account/refresh/set', 'PRESS', true)
    broker.message('base/a/account/refresh/set', 'x'.repeat(1_025))
    commands.stop()
    broker.message('base/a/account/refresh/set', 'PRESS')
    expect(heard).toEqual([])
  })

  it('that fails is reported', async () => {
    const { broker, failures } = setUpCommands()
    broker.message('base/a/account/bad/set', 'PRESS')
    await settle()
    expect(failures).toEqual(['base/a/account/bad/set'])
  })
})
