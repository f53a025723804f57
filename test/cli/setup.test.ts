import { describe, expect, it } from '@jest/globals'
import { EXAMPLE, problemsOf } from '../../src/cli/setup.ts'
import { statusApp } from '../../src/status/server.ts'

describe('what setup says of a configuration', () => {
  it('is nothing where it shows the way', () => {
    expect(problemsOf(EXAMPLE)).toEqual([])
  })

  it('is every problem with its line, as at a start', () => {
    const text = 'octopus:\n  api_kee: x\nmqtt:\n  url: http://broker\nstatus:\n  listen: 8099\n'
    const problems = problemsOf(text)
    expect(problems.map(({ line, path }) => [line, path])).toEqual([
      [1, 'octopus.api_key'],
      [2, 'octopus.api_kee'],
      [4, 'mqtt.url'],
      [6, 'status.listen'],
    ])
    expect(problems[1]?.message).toContain('api_key')
  })

  it('reads no file that the text names, and nothing of our environment', () => {
    process.env.SETUP_TEST_SECRET = 'http://not-a-broker'
    const text =
      'octopus:\n  api_key_file: /etc/shadow\nmqtt:\n' + `  url: \${SETUP_TEST_SECRET}\n  ca_file: /nowhere/ca.crt\n`
    expect(problemsOf(text)).toEqual([])
    delete process.env.SETUP_TEST_SECRET
  })

  it('says what is wrong with the YAML itself, and repeats no secret', () => {
    expect(problemsOf('octopus: [\n')).not.toEqual([])
    const said = JSON.stringify(problemsOf('octopus:\n  api_key: sk_live_0123456789\n  sk_live_0123456789: 1\n'))
    expect(said).not.toContain('0123456789')
  })
})

describe('the setup page', () => {
  const open = () => statusApp({ setup: { example: EXAMPLE, check: problemsOf } })
  const post = { method: 'POST', url: '/api/check-config' } as const

  it('has a text to begin with, and checks another', async () => {
    const app = await open()
    expect((await app.inject('/')).body).toContain('Write your configuration')
    expect((await app.inject('/api/example')).json()).toEqual({ text: EXAMPLE })
    const good = await app.inject({ ...post, payload: { text: EXAMPLE } })
    expect([good.statusCode, good.json()]).toEqual([200, { problems: [] }])
    const bad = await app.inject({ ...post, payload: { text: 'mqtt: 1' } })
    expect(bad.json().problems.length).toBeGreaterThan(0)
    await app.close()
  })

  it('takes JSON alone, from its own page alone, and not too much of it', async () => {
    const app = await open()
    const text = JSON.stringify({ text: EXAMPLE })
    const codes = async (headers: Record<string, string>, payload = text) =>
      (await app.inject({ ...post, headers, payload })).statusCode
    const json = { 'content-type': 'application/json' }
    expect(await codes({ 'content-type': 'text/plain' })).toBe(415)
    expect(await codes({ 'content-type': 'application/x-www-form-urlencoded' })).toBe(415)
    expect(await codes({ ...json, origin: 'https://elsewhere.example' })).toBe(403)
    expect(await codes({ ...json, 'sec-fetch-site': 'cross-site' })).toBe(403)
    expect(await codes(json, '{"text": 1}')).toBe(400)
    expect(await codes(json, '[')).toBe(400)
    expect(await codes(json, JSON.stringify({ text: 'x'.repeat(100_000) }))).toBe(413)
    expect(await codes(json)).toBe(200)
    await app.close()
  })

  it('takes a variable for whatever would do in its place, also in the middle of a value', () => {
    const text = [
      `octopus: {api_key: "\${KEY}", account: "\${ACCOUNT}", timeout: "\${TIMEOUT}"}`,
      `mqtt: {url: "mqtt://\${HOST}:\${PORT}", protocol_version: "\${VERSION}"}`,
      `intelligent: {off_peak: {start: "\${FROM}", end: "\${TO}"}}`,
      `limits: {dispatch_requests_per_hour: "\${LIMIT}"}`,
      `status: {listen: "\${HOST}:8099", enabled: "\${ON}"}`,
      `log: {level: "\${LEVEL}"}`,
    ].join('\n')
    expect(problemsOf(text)).toEqual([])
    expect(problemsOf(text.replace('enabled', 'enabeld')).map(({ path }) => path)).toEqual(['status.enabeld'])
    expect(problemsOf(text.replace('mqtt://', 'http://')).map(({ path }) => path)).toEqual(['mqtt.url'])
  })
})
