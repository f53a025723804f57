import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { PAGE_ASSETS, SETUP_ASSETS } from '../../src/status/assets.ts'
import { pageOf } from '../../src/status/page/page-of.ts'
import type { PageSource } from '../../src/status/route.ts'
import { type StatusServer, startStatusServer, statusApp } from '../../src/status/server.ts'
import { ROOT } from '../docs/pages.ts'
import { NOW } from '../entities/snapshots.ts'
import { ManualClock } from '../mqtt/manual-clock.ts'
import { inputOf, well } from './page-input.ts'

function source(): PageSource & { tell: () => void; wishes: number; listeners: number; base: string } {
  const listeners = new Set<() => void>()
  const made = {
    clock: new ManualClock(),
    wishes: 0,
    base: 'base',
    tell: () => {
      for (const listener of listeners) listener()
    },
    get listeners() {
      return listeners.size
    },
    model: () => pageOf(inputOf({ version: made.base })),
    payload: (topic: string) => (topic === 'base/a' ? 'the whole of it' : null),
    onChange: (listener: () => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    refresh: () => {
      made.wishes += 1
      return NOW
    },
  }
  return made
}

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function inside(page = source(), names: readonly string[] = [], allow: readonly string[] = []) {
  const app = statusApp({ health: () => well, page, names, allow })
  ends.push(() => app.close())
  return { app, page }
}

describe('the page', () => {
  it('is served with its files, each of its type, under a strict policy, without cookies', async () => {
    const { app } = await inside()
    for (const name of ['', ...PAGE_ASSETS.slice(1)]) {
      const answer = await app.inject(`/${name}`)
      expect([name, answer.statusCode]).toEqual([name, 200])
      expect(answer.headers['content-security-policy']).toContain("default-src 'none'")
      expect(answer.headers['x-content-type-options']).toBe('nosniff')
      expect(answer.headers['set-cookie']).toBeUndefined()
    }
    expect((await app.inject('/page.js')).headers['content-type']).toMatch(/^text\/javascript/)
  })

  it('names no file but by a relative path, has no script or style in it, and nothing of a third party', async () => {
    const { app } = await inside()
    const html = (await app.inject('/')).body
    for (const [, path = ''] of html.matchAll(/(?:href|src)="([^"]*)"/g)) expect(path).toMatch(/^(#|[a-z])[a-z./]*$/)
    expect(html).not.toMatch(/<script(?![^>]*src=)|<style|\sstyle=|\son[a-z]+=/)
    for (const name of PAGE_ASSETS.filter(each => each.endsWith('.js'))) {
      const { body } = await app.inject(`/${name}`)
      expect(body).not.toMatch(
        /innerHTML|outerHTML|insertAdjacentHTML|eval\(|document\.write|https?:\/\/(?!www\.w3\.org)/,
      )
      expect(body).not.toMatch(/(fetch|EventSource)\(['"`]\//)
    }
  })

  it('finds its files behind an ingress that says where it is, and writes nothing else into the page', async () => {
    const { app } = await inside()
    const at = async (path: string) => (await app.inject({ url: '/', headers: { 'x-ingress-path': path } })).body
    expect(await at('/api/hassio_ingress/abc')).toContain('<base href="/api/hassio_ingress/abc/">')
    expect(await at('/"><script>alert(1)</script>')).toBe((await app.inject('/')).body)
  })

  it('weighs less than 100 kB with everything, setup too, and every file of the folder is served', () => {
    const folder = join(ROOT, 'src/status/assets')
    const files = readdirSync(folder)
    expect(files.sort()).toEqual([...new Set([...PAGE_ASSETS, ...SETUP_ASSETS])].sort())
    const bytes = files.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
    expect(bytes).toBeLessThan(100_000)
  })

  it('is not for a name that a stranger may have pointed at us; health is', async () => {
    const { app } = await inside(source(), ['energy.example.org'])
    const code = async (url: string, host: string) => (await app.inject({ url, headers: { host } })).statusCode
    for (const url of ['/', '/api/page', '/api/events', '/api/topic?name=base/a', '/page.js'])
      expect([url, await code(url, 'rebound.example.com')]).toEqual([url, 403])
    expect(await code('/api/page', 'energy.example.org')).toBe(200)
    expect(await code('/health', 'rebound.example.com')).toBe(200)
  })

  it('is there under whatever name Home Assistant has, through its ingress alone', async () => {
    // Core and Supervisor pass Host on as the browser sent it: https://ha.example.com, or a name of the cloud's.
    const headers = { host: 'ha.example.com', 'x-ingress-path': '/api/hassio_ingress/abc' }
    const ask = async (remoteAddress: string, allow: readonly string[], more: object = {}) =>
      (await (await inside(source(), [], allow)).app.inject({ url: '/', remoteAddress, headers, ...more })).statusCode
    expect(await ask('172.30.32.2', ['172.30.32.2'])).toBe(200)
    expect(await ask('::ffff:172.30.32.2', ['172.30.32.2'])).toBe(200)
    expect(await ask('192.168.1.9', ['172.30.32.2', '192.168.1.9'])).toBe(403)
    // Not an app: that address is anybody's.
    expect(await ask('172.30.32.2', [])).toBe(403)
    const origin = { method: 'POST', url: '/api/refresh', payload: {} }
    const from = (name: string) => ({ ...origin, headers: { ...headers, origin: name } })
    expect(await ask('172.30.32.2', ['172.30.32.2'], from('https://ha.example.com'))).toBe(200)
    expect(await ask('172.30.32.2', ['172.30.32.2'], from('https://evil.example'))).toBe(403)
  })
})

describe('what it lives on', () => {
  it('is the model, and the whole of a payload', async () => {
    const { app, page } = await inside()
    expect((await app.inject('/api/page')).json()).toEqual(JSON.parse(JSON.stringify(page.model())))
    expect((await app.inject('/api/topic?name=base%2Fa')).body).toBe('the whole of it')
    for (const url of ['/api/topic', '/api/topic?name=b', '/api/topic?name=base/a&name=base/a'])
      expect([url, (await app.inject(url)).statusCode]).toEqual([url, 404])
  })

  it('asks for a refresh where the page itself does, by JSON, and not otherwise', async () => {
    const { app, page } = await inside()
    const json = { 'content-type': 'application/json' }
    const press = async (headers: Record<string, string>, payload = '{}') =>
      (await app.inject({ method: 'POST', url: '/api/refresh', headers, payload })).statusCode
    expect(await press({ ...json, origin: 'https://evil.example' })).toBe(403)
    expect(await press({ ...json, 'sec-fetch-site': 'cross-site' })).toBe(403)
    expect(await press({ ...json, host: 'rebound.example.com' })).toBe(403)
    expect(await press({ 'content-type': 'text/plain' })).toBe(415)
    expect(await press({ 'content-type': 'application/x-www-form-urlencoded' }, 'a=b')).toBe(415)
    expect(await press({}, '')).toBe(415)
    expect((await app.inject('/api/refresh')).statusCode).toBe(405)
    expect(page.wishes).toBe(0)
    const answer = await app.inject({ method: 'POST', url: '/api/refresh', headers: json, payload: '{}' })
    expect([answer.statusCode, answer.json()]).toEqual([200, { next_refresh: '2026-11-23T22:10:00Z', at: NOW }])
    expect(page.wishes).toBe(1)
  })

  it('says so where there is no account to ask for yet', async () => {
    const { app } = await inside({ ...source(), refresh: () => null })
    const headers = { 'content-type': 'application/json' }
    const answer = await app.inject({ method: 'POST', url: '/api/refresh', headers, payload: '{}' })
    expect([answer.statusCode, answer.json().error]).toEqual([409, expect.any(String)])
  })
})

describe('the stream', () => {
  async function listening(page = source()): Promise<{ server: StatusServer; page: typeof page }> {
    const server = await startStatusServer({ host: '127.0.0.1', port: 0, health: () => well, page })
    ends.push(() => server.close())
    return { server, page }
  }

  it('tells what is, and what changes', async () => {
    const { server, page } = await listening()
    const answer = await fetch(`${server.url}/api/events`)
    expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/)
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
    let text = ''
    const until = async (words: string) => {
      while (!text.includes(words)) {
        const { done, value } = await reader.read()
        if (done) throw new Error(`the stream ended before it said ${words}`)
        text += new TextDecoder().decode(value)
      }
    }
    await until('"version":"base"')
    page.base = 'another'
    page.tell()
    await until('"version":"another"')
    await reader.cancel()
  })

  it('ends with the server, which waits for nobody and forgets who listened', async () => {
    const { server, page } = await listening()
    const { body } = await fetch(`${server.url}/api/events`)
    const read = new Response(body).text().catch(() => 'cut')
    expect(page.listeners).toBe(1)
    await server.close()
    await read
    expect(page.listeners).toBe(0)
  })

  it('is for so many and no more: the next are told to come again', async () => {
    const { server } = await listening()
    const stop = new AbortController()
    const all = await Promise.all(
      Array.from({ length: 18 }, () => fetch(`${server.url}/api/events`, { signal: stop.signal })),
    )
    const codes = all.map(({ status }) => status).sort()
    expect([codes.filter(code => code === 200).length, codes.filter(code => code === 503).length]).toEqual([16, 2])
    expect((await fetch(`${server.url}/health`)).status).toBe(200)
    stop.abort()
  })
})
