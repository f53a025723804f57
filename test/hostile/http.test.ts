import { createConnection } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Health } from '../../src/status/health.ts'
import { type StatusServer, startStatusServer } from '../../src/status/server.ts'
import { hostileBytes, hostileText } from './hostile-values.ts'
import { byteMutations } from './mutate.ts'
import { holds, PATIENCE } from './runs.ts'

const health = { status: 'ok', reasons: [], version: '1' } as unknown as Health

let server: StatusServer
let port: number
beforeAll(async () => {
  server = await startStatusServer({ host: '127.0.0.1', port: 0, health: () => health })
  port = Number(new URL(server.url).port)
})
afterAll(() => server.close())

const REQUEST = 'GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'

/** Everything the server says until it closes, or for half a second where it waits for more. */
const talk = (chunks: readonly Buffer[]): Promise<string> =>
  new Promise(resolve => {
    let said = ''
    const socket = createConnection(port, '127.0.0.1', () => {
      for (const chunk of chunks) socket.write(chunk)
    })
    const patience = setTimeout(() => socket.destroy(), 500)
    socket.on('data', data => {
      said += data.toString('latin1')
      // What asks to be kept alive is answered and then silent.
      if (said.endsWith('\n')) socket.end()
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      clearTimeout(patience)
      resolve(said)
    })
  })

const statuses = (said: string): string[] => [...said.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, code]) => code ?? '')

const stillWell = async () => expect(statuses(await talk([Buffer.from(REQUEST)]))).toEqual(['200'])

const KNOWN = ['200', '400', '404', '405', '408', '413', '414', '417', '431', '501', '505']

describe('the status server', () => {
  it(
    'answers or closes, whatever bytes come, and goes on',
    async () => {
      const whole = fc.oneof(
        hostileBytes,
        byteMutations(6).map(mutate => mutate(Buffer.from(REQUEST))),
        hostileText.map(text => Buffer.from(`GET ${text} HTTP/1.1\r\nHost: a\r\n\r\n`)),
        hostileText.map(text => Buffer.from(`${text} /health HTTP/1.1\r\nHost: a\r\n\r\n`)),
        hostileText.map(text =>
          Buffer.from(`GET /health HTTP/1.1\r\nHost: a\r\nX: ${text}\r\nConnection: close\r\n\r\n`),
        ),
      )
      await holds(
        fc.asyncProperty(whole, async bytes => {
          const said = await talk([bytes])
          for (const status of statuses(said)) expect(KNOWN).toContain(status)
          expect(said.length).toBeLessThan(10_000)
          await stillWell()
        }),
        20,
      )
    },
    PATIENCE,
  )

  it('knows one path and two methods', async () => {
    const paths = [
      '/',
      '/health/',
      '/HEALTH',
      '//health',
      '/../health',
      '/health/..',
      '/%2e%2e/health',
      '/health%00',
      '/h%65alth',
    ]
    const more = ['http://evil/health', '*', '/health;a', '/\\health', '/health\u00ff', `/${'x'.repeat(10_000)}`]
    for (const path of [...paths, ...more]) {
      const said = await talk([Buffer.from(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`, 'latin1')])
      expect([path, ['404', '400'].includes(statuses(said)[0] ?? '')]).toEqual([path, true])
    }
    for (const method of ['POST', 'PUT', 'DELETE', 'TRACE', 'OPTIONS', 'PATCH', 'PROPFIND']) {
      const said = await talk([Buffer.from(`${method} /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)])
      expect([method, statuses(said)]).toEqual([method, ['405']])
    }
    for (const method of ['CONNECT', 'GÉT', 'get', 'X'.repeat(500)]) {
      const said = await talk([Buffer.from(`${method} /health HTTP/1.1\r\nHost: a\r\n\r\n`)])
      expect(statuses(said).filter(status => status === '200')).toEqual([])
    }
    await stillWell()
  })

  it('refuses headers that are too large or too many, and bodies it did not ask for', async () => {
    const header = (text: string) => [Buffer.from(`GET /health HTTP/1.1\r\nHost: a\r\n${text}\r\n\r\n`)]
    expect(statuses(await talk(header(`X: ${'x'.repeat(1_000_000)}`)))).toEqual(['431'])
    expect(statuses(await talk(header(Array.from({ length: 5_000 }, (_, n) => `X${n}: 1`).join('\r\n'))))[0]).toBe(
      '431',
    )
    const both =
      'POST /health HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /health'
    expect(statuses(await talk([Buffer.from(both)]))[0]).toBe('400')
    await stillWell()
  })

  it('waits for nobody for long: fifty slow clients keep no one out', async () => {
    const strict = await startStatusServer({ host: '127.0.0.1', port: 0, health: () => health, patience: 100 })
    const slow = Array.from({ length: 50 }, (_, number) => {
      const socket = createConnection(Number(new URL(strict.url).port), '127.0.0.1')
      socket.on('error', () => {})
      socket.resume()
      if (number % 2 === 0) socket.write('GET /health HTTP/1.1\r\nX: ')
      return socket
    })
    await Promise.all(slow.map(socket => new Promise(resolve => socket.once('close', resolve))))
    expect((await fetch(`${strict.url}/health`)).status).toBe(200)
    await strict.close()
  })

  it('serves many requests that come at once, and lets no crowd in', async () => {
    const pipeline = REQUEST.replace('Connection: close\r\n', '').repeat(200)
    const socket = createConnection(port, '127.0.0.1')
    let answers = 0
    await new Promise<void>(resolve => {
      socket.on('data', data => {
        answers += statuses(data.toString('latin1')).length
        if (answers >= 200) resolve()
      })
      socket.write(pipeline)
    })
    socket.destroy()
    const crowd = Array.from({ length: 80 }, () => createConnection(port, '127.0.0.1'))
    let closed = 0
    await new Promise<void>(resolve => {
      for (const one of crowd) {
        one.on('error', () => {})
        one.on('close', () => {
          closed += 1
          if (closed === 30) resolve()
        })
      }
    })
    const gone = crowd.map(
      one => new Promise<void>(resolve => (one.destroyed ? resolve() : one.once('close', () => resolve()))),
    )
    for (const one of crowd) one.destroy()
    await Promise.all(gone)
    for (let tries = 0; statuses(await talk([Buffer.from(REQUEST)]))[0] !== '200' && tries < 50; ) tries += 1
    await stillWell()
  })
})
