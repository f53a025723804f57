/** What `check` says of Home Assistant, where the statistics of its Energy dashboard are to go. */
import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from '@jest/globals'
import { check } from '../../src/cli/check.ts'
import { HomeAssistant, TOKEN } from '../home-assistant/support/home-assistant.ts'
import { closeEverything, freePort, haveOpenssl, makeCertificates, startBroker } from '../support/broker.ts'
import { cleanUp, folder, linesOf, marksOf, octopusOf, run, simulate } from './support.ts'

let home: HomeAssistant | null = null

afterEach(async () => {
  await home?.stop()
  home = null
  await closeEverything()
  await cleanUp()
})

const NAME = 'Home Assistant'

async function startHome(tls?: ConstructorParameters<typeof HomeAssistant>[0]): Promise<[HomeAssistant, string]> {
  home = new HomeAssistant(tls)
  return [home, await home.start()]
}

async function checkWith(homeassistant: object) {
  const simulator = await simulate()
  const broker = await startBroker()
  const config = { octopus: octopusOf(simulator), mqtt: { url: broker.url }, ev: { plugged: 'none' }, homeassistant }
  return run(check, config)
}

describe('check of Home Assistant', () => {
  it('says that it takes the token, with its version, and writes nothing', async () => {
    const [there, url] = await startHome()
    const outcome = await checkWith({ url, token: TOKEN })
    expect(linesOf(outcome, NAME)).toEqual([`ok Home Assistant at ${url}, version 2026.11.2; we may write statistics`])
    expect(outcome.code).toBe(0)
    expect(outcome.everything).not.toContain(TOKEN)
    await there.empty()
    expect(there.statistics.size).toBe(0)
  })

  it('says nothing where it is not configured', async () => {
    const outcome = await checkWith({})
    expect(marksOf(outcome).some(mark => mark.includes(NAME))).toBe(false)
    expect(outcome.code).toBe(0)
  })

  it('says what to do where the token is refused, and shows none', async () => {
    const [there, url] = await startHome()
    const token = `${TOKEN}-of-last-year`
    const outcome = await checkWith({ url, token })
    expect(linesOf(outcome, NAME)).toEqual([
      expect.stringMatching(/^fail .*make a new long-lived access token.*\[HOMEASSISTANT_TOKEN_REJECTED\]$/),
    ])
    expect(there.rejections).toBe(1)
    expect(outcome.everything).not.toContain('of-last-year')
    expect(outcome.code).toBe(1)
  })

  it('says that the token is of nobody who may write', async () => {
    const [there, url] = await startHome()
    there.isAdministrator = false
    const outcome = await checkWith({ url, token: TOKEN })
    expect(linesOf(outcome, NAME)).toEqual([expect.stringMatching(/^fail .*administrator.*_TOKEN_REJECTED\]$/)])
  })

  it('says what to do where nobody is there, or somebody else', async () => {
    const none = await checkWith({ url: `http://127.0.0.1:${await freePort()}`, token: TOKEN })
    expect(linesOf(none, NAME)).toEqual([
      expect.stringMatching(/^fail .*refuses connections: check that it runs.*\[HOMEASSISTANT_UNREACHABLE\]$/),
    ])
    const { url } = await simulate()
    const other = await checkWith({ url, token: TOKEN })
    expect(linesOf(other, NAME)).toEqual([
      expect.stringMatching(/^fail .*no websocket there: check homeassistant\.url.*_UNREACHABLE\]$/),
    ])
  })

  const withTls = haveOpenssl ? it : it.skip
  withTls('wants the certificate authority of a certificate that nobody knows', async () => {
    const files = makeCertificates(folder())
    const [, url] = await startHome({ key: readFileSync(files.key, 'utf8'), cert: readFileSync(files.cert, 'utf8') })
    const unknown = await checkWith({ url, token: TOKEN })
    expect(linesOf(unknown, NAME)).toEqual([expect.stringMatching(/^fail .*set homeassistant\.ca_file/)])
    const known = await checkWith({ url, token: TOKEN, ca_file: files.ca })
    expect(linesOf(known, NAME)).toEqual([expect.stringMatching(/^ok Home Assistant at https:/)])
  })
})
