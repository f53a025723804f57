/** What Home Assistant refuses, and connections that fail. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { StatisticsSeries } from '../../src/home-assistant/statistics/series.ts'
import { HomeAssistant } from './support/home-assistant.ts'
import { Sending } from './support/sending.ts'
import { HOUR, IMPORT, NOON, Table } from './support/statistics.ts'

const MIDNIGHT = NOON - 12 * HOUR

let home: HomeAssistant
let sending: Sending

beforeEach(async () => {
  home = new HomeAssistant()
  sending = new Sending(await home.start())
})

afterEach(() => home.stop())

const well = { undone: [], trouble: null }
const sums = () => home.rows(IMPORT).map(([, , sum]) => sum)

describe('a refusal', () => {
  const series = () => new Table().put(MIDNIGHT, 1, 1).series()

  it('of the token says what to do, and does not show it', async () => {
    sending.settings.token = 'wrong-token-of-somebody'
    const { trouble, undone } = await sending.round([series()])
    expect(trouble).toMatchObject({ code: 'HOMEASSISTANT_TOKEN_REJECTED' })
    expect(trouble?.message).toContain('administrator')
    expect(JSON.stringify([trouble, trouble?.message, trouble?.stack, sending.log.all])).not.toContain('wrong-token')
    expect(undone).toHaveLength(1)
    expect(home.rejections).toBe(1)
  })

  it('because the token is no administrator’s says so', async () => {
    home.isAdministrator = false
    const { trouble } = await sending.round([series()])
    expect(trouble).toMatchObject({ code: 'HOMEASSISTANT_TOKEN_REJECTED' })
    expect(trouble?.message).toContain('only administrators')
  })

  it('of one series does not hold up the others', async () => {
    const good = series()
    const bad: StatisticsSeries = {
      ...new Table().series('export'),
      halfHours: () => {
        throw new Error('the table is locked')
      },
    }
    const { trouble, undone } = await sending.round([bad, good])
    expect(trouble).toMatchObject({ code: 'HOMEASSISTANT_NOT_WRITTEN' })
    expect(undone.map(({ series: { kind } }) => kind)).toEqual(['export'])
    expect(sums()).toEqual([2])
  })

  it('while the recorder is not up is told as that', async () => {
    home.hasRecorder = false
    const { trouble } = await sending.round([series()])
    expect(trouble).toMatchObject({ code: 'HOMEASSISTANT_REFUSED', details: { reason: 'unknown_command' } })
  })

  it('by what Home Assistant does not take is told with its code', async () => {
    // It says that it is older than it is, and so we leave out what it wants.
    home.claims = '2025.10.0'
    const { trouble } = await sending.round([series()])
    expect(trouble).toMatchObject({ code: 'HOMEASSISTANT_REFUSED', details: { reason: 'invalid_format' } })
    expect(trouble?.message).toContain('mean_type')
  })
})

describe('a connection', () => {
  const series = () => new Table().put(MIDNIGHT, 1, 1).series()

  it('is closed when all is done', async () => {
    expect(await sending.round([series()])).toEqual(well)
    await home.empty()
    expect(home.connections).toBe(1)
  })

  it.each([
    ['nobody listens', 'http://localhost:9', 'refuses connections'],
    ['the host is none', 'http://no-such-host.invalid', 'homeassistant.url'],
  ])('that cannot be made says why: %s', async (_, url, words) => {
    sending.settings.url = url
    const { trouble } = await sending.round([series()])
    expect(trouble?.code).toBe('HOMEASSISTANT_UNREACHABLE')
    expect(trouble?.message).toContain(words)
  })

  it('to a path without a websocket says so', async () => {
    sending.settings.url += '/elsewhere'
    const { trouble } = await sending.round([series()])
    expect(trouble?.message).toContain('has no websocket there')
  })

  it.each([
    'no JSON',
    '[1]',
    '"text"',
    '{"id":3,"type":"result","success":true,"result":{"%s":7}}',
    '{"type":"event"}',
  ])('that brings nonsense ends, and nothing breaks: %s', async nonsense => {
    // For an answer that does not come we wait until the sender is stopped, or for a minute.
    const then = () => sending.waits.endAll()
    home.instead = { text: nonsense.replace('%s', IMPORT), ...(nonsense.includes('event') ? { then } : {}) }
    const { trouble, undone } = await sending.round([series()])
    expect(trouble?.code).toBe('HOMEASSISTANT_UNREACHABLE')
    expect(undone).toHaveLength(1)
  })

  it('that says nothing is given up when the sender stops', async () => {
    home.silent = true
    const asked = sending.round([series()])
    sending.waits.endAll()
    expect((await asked).undone).toHaveLength(1)
  })
})
