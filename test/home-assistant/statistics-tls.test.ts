import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { haveOpenssl, makeCertificates } from '../support/broker.ts'
import { HomeAssistant } from './support/home-assistant.ts'
import { Sending } from './support/sending.ts'
import { IMPORT, NOON, Table } from './support/statistics.ts'

const run = haveOpenssl ? describe : describe.skip

run('Home Assistant behind TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'octopus2mqtt-ha-'))
  let home: HomeAssistant
  let url = ''
  let ca = ''

  beforeAll(async () => {
    const files = makeCertificates(folder)
    ca = files.ca
    home = new HomeAssistant({ key: readFileSync(files.key, 'utf8'), cert: readFileSync(files.cert, 'utf8') })
    url = await home.start()
  })

  afterAll(async () => {
    await home.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const send = (settings: { url?: string; caFile?: string }) => {
    const sending = new Sending(url)
    Object.assign(sending.settings, settings)
    return sending.round([new Table().put(NOON - 7_200_000, 1, 1).series()])
  }

  it('is trusted with its own certificate authority', async () => {
    expect(await send({ caFile: ca })).toEqual({ undone: [], trouble: null })
    expect(home.rows(IMPORT)).toHaveLength(1)
  })

  it.each([
    ['not without it', {}, 'homeassistant.ca_file'],
    ['not under another name', { url: '127.0.0.1', caFile: 'ca' }, 'another name'],
    ['not where the file is missing', { caFile: '/no/such/file.pem' }, 'cannot read homeassistant.ca_file'],
  ])('%s', async (_, given: { url?: string; caFile?: string }, words) => {
    const { trouble, undone } = await send({
      ...given,
      ...(given.url === undefined ? {} : { url: url.replace('localhost', given.url) }),
      ...(given.caFile === 'ca' ? { caFile: ca } : {}),
    })
    expect(trouble?.code).toBe('HOMEASSISTANT_UNREACHABLE')
    expect(trouble?.message).toContain(words)
    expect(undone).toHaveLength(1)
  })

  it('is not there where plain words are spoken', async () => {
    const { trouble } = await send({ url: url.replace('https:', 'http:') })
    expect(trouble?.code).toBe('HOMEASSISTANT_UNREACHABLE')
    const plain = new HomeAssistant()
    const there = await plain.start()
    const { trouble: other } = await send({ url: there.replace('http:', 'https:') })
    expect(other?.message).toContain('does not speak TLS')
    await plain.stop()
  })
})
