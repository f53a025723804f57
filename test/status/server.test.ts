import { type AddressInfo, createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { describe, expect, it } from '@jest/globals'
import type { Health } from '../../src/status/health.ts'
import { startStatusServer, statusApp } from '../../src/status/server.ts'

const well = { status: 'ok', reasons: [] } as unknown as Health
const unwell = { status: 'unwell', reasons: ['an edge is overdue'] } as unknown as Health

describe('the status server', () => {
  it('answers 200 while we do our work and 503 while we do not, to GET and HEAD', async () => {
    let now = well
    const app = statusApp({ health: () => now })
    const get = await app.inject('/health')
    expect([get.statusCode, get.json()]).toEqual([200, well])
    expect(get.headers['cache-control']).toBe('no-store')
    now = unwell
    const head = await app.inject({ method: 'HEAD', url: '/health' })
    expect([head.statusCode, head.body]).toEqual([503, ''])
    expect((await app.inject('/health?a=1')).json()).toEqual(unwell)
    await app.close()
  })

  it('says which methods a path has, and nothing of paths that are not there', async () => {
    const app = statusApp({ health: () => well })
    const post = await app.inject({ method: 'POST', url: '/health', payload: 'x', headers: { 'content-type': 'a/b' } })
    expect([post.statusCode, post.headers.allow, post.body]).toEqual([405, 'GET, HEAD', ''])
    for (const url of ['/', '/health/', '/HEALTH', '/h%65alth', '/metrics', '/:(', '/*', '/:a', '//health'])
      expect([url, (await app.inject(url)).statusCode]).toEqual([url, 404])
    await app.close()
  })

  it('serves metrics where they are handed in', async () => {
    const app = statusApp({ health: () => well, metrics: async () => 'calls_total 3\n' })
    const answer = await app.inject('/metrics')
    expect([answer.statusCode, answer.body]).toEqual([200, 'calls_total 3\n'])
    expect(answer.headers['content-type']).toMatch(/^text\/plain/)
    await app.close()
  })

  it('lets nobody in whose address is not listed, whatever is asked for', async () => {
    const app = statusApp({ health: () => well, metrics: async () => 'a 1\n', allow: ['172.30.32.2', '::1'] })
    const from = async (remoteAddress: string, url: string) => (await app.inject({ url, remoteAddress })).statusCode
    for (const url of ['/health', '/metrics']) {
      expect(await from('172.30.32.2', url)).toBe(200)
      expect(await from('::ffff:172.30.32.2', url)).toBe(200)
      expect(await from('::1', url)).toBe(200)
      expect(await from('172.30.32.20', url)).toBe(403)
      // A container's own health check comes from within.
      expect(await from('127.0.0.1', url)).toBe(url === '/health' ? 200 : 403)
      expect(await from('::ffff:127.0.0.1', url)).toBe(url === '/health' ? 200 : 403)
    }
    const spoofed = await app.inject({
      url: '/health',
      remoteAddress: '10.0.0.1',
      headers: { 'x-forwarded-for': '::1' },
    })
    expect([spoofed.statusCode, spoofed.body]).toEqual([403, ''])
    expect(await from('10.0.0.1', '/nothing')).toBe(403)
    await app.close()
  })

  const own = Object.values(networkInterfaces())
    .flat()
    .find(one => one?.family === 'IPv4' && !one.internal)?.address
  const here = own === undefined ? it.skip : it
  here('tells a container that listens at its own address whether it is well', async () => {
    const app = statusApp({ health: () => well, metrics: async () => 'a 1\n', allow: ['10.9.9.9'] })
    await app.listen({ host: own ?? '', port: 0 })
    const { port } = app.server.address() as AddressInfo
    const statuses = ['/health', '/metrics'].map(async path => (await fetch(`http://${own}:${port}${path}`)).status)
    expect(await Promise.all(statuses)).toEqual([200, 403])
    await app.close()
  })

  it('keeps what went wrong to itself', async () => {
    const metrics = async () => Promise.reject(new Error('sk_live_secret'))
    const app = statusApp({ health: () => well, metrics })
    const answer = await app.inject('/metrics')
    expect([answer.statusCode, answer.body]).toEqual([500, ''])
    await app.close()
  })

  it('says why an address cannot be had, and what to do, in the words of whoever asked for it', async () => {
    const other = createServer()
    await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as { port: number }
    const words = async (host: string, elsewhere?: string) => {
      const server = startStatusServer({ host, port, health: () => well, ...(elsewhere && { elsewhere }) })
      await expect(server).rejects.toMatchObject({ code: 'STATUS_LISTEN_FAILED' })
      return server.catch(({ message }) => message)
    }
    await expect(words('127.0.0.1')).resolves.toBe(
      `Cannot listen on 127.0.0.1:${port}: another program listens there, perhaps another octopus2mqtt. Choose another status.listen, or set status.enabled: false`,
    )
    expect(await words('192.0.2.1', 'Choose another with --listen')).toBe(
      `Cannot listen on 192.0.2.1:${port}: this machine has no such address. Choose another with --listen`,
    )
    expect(await words('2001:db8::1')).toMatch(/^Cannot listen on \[2001:db8::1\]:\d+: /)
    other.close()
  })
})
