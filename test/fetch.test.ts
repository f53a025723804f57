/** HTTP over real sockets: what comes of an answer, a break, an abort. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { deflateSync, gzipSync } from 'node:zlib'
import { beforeEach, describe, expect, it } from '@jest/globals'
import { fetchOverHttp, textOf } from '../src/fetch.ts'
import { serveEachTest } from './support/http.ts'

const MOST = 1_000_000
let asked: { request: IncomingMessage; body: string }[] = []
let answer: (response: ServerResponse, request: IncomingMessage) => void = () => {}
const server = serveEachTest(async (request, response) => {
  let body = ''
  for await (const chunk of request) body += chunk
  asked.push({ request, body })
  answer(response, request)
})
const url = (path = '/') => `${server.url}${path}`

beforeEach(() => {
  asked = []
  answer = response => response.end()
})

describe('a request', () => {
  it('sends method, headers and body, and says how long the body is', async () => {
    await fetchOverHttp(url('/a/?b=c%20d'), {
      method: 'POST',
      headers: { 'User-Agent': 'us', 'x-y': 'z' },
      body: '{"ä":1}',
    })
    const [seen] = asked
    expect([seen?.request.method, seen?.request.url, seen?.body]).toEqual(['POST', '/a/?b=c%20d', '{"ä":1}'])
    expect(seen?.request.headers).toMatchObject({
      'user-agent': 'us',
      'x-y': 'z',
      'content-length': '8',
      'accept-encoding': 'gzip, deflate',
    })
    expect(seen?.request.headers['transfer-encoding']).toBeUndefined()
  })

  it('follows no redirect', async () => {
    answer = response => response.writeHead(302, { location: url('/elsewhere') }).end('moved')
    const { status, headers } = await fetchOverHttp(url(), {})
    expect([status, headers.get('location'), headers.get('x-none')]).toEqual([302, url('/elsewhere'), null])
    expect(asked).toHaveLength(1)
  })

  it('uses a connection again for what is asked soon after', async () => {
    for (const _ of [1, 2]) await textOf(await fetchOverHttp(url(), {}), MOST)
    expect(new Set(asked.map(({ request }) => request.socket.remotePort)).size).toBe(1)
  })
})

describe('an answer', () => {
  const text = `${'£ and ✓ '.repeat(5_000)}end`

  it.each([
    ['as it is', {}, Buffer.from(text)],
    ['packed by gzip', { 'content-encoding': 'gzip' }, gzipSync(text)],
    ['packed by GZIP', { 'content-encoding': 'GZIP' }, gzipSync(text)],
    ['packed by deflate', { 'content-encoding': 'deflate' }, deflateSync(text)],
  ])('is read %s, in pieces of any size', async (_, headers, bytes) => {
    answer = response => {
      response.writeHead(200, headers)
      for (let at = 0; at < bytes.length; at += 777) response.write(bytes.subarray(at, at + 777))
      response.end()
    }
    expect(await textOf(await fetchOverHttp(url(), {}), MOST)).toBe(text)
  })

  it('is empty where nothing is in it', async () => {
    answer = response => response.writeHead(204).end()
    expect(await textOf(await fetchOverHttp(url(), {}), MOST)).toBe('')
  })

  it('is not read beyond what is allowed, packed or not', async () => {
    answer = response => response.end(text)
    expect(await textOf(await fetchOverHttp(url(), {}), 100)).toBeNull()
    answer = response => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(5 * MOST)))
    expect(await textOf(await fetchOverHttp(url(), {}), MOST)).toBeNull()
  })

  it.each([
    ['plain', {}, Buffer.from(text)],
    ['packed', { 'content-encoding': 'gzip' }, gzipSync(text)],
  ])('that breaks off is an error: %s', async (_, headers, bytes) => {
    answer = response => {
      response.writeHead(200, { ...headers, 'content-length': bytes.length })
      response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy())
    }
    await expect(fetchOverHttp(url(), {}).then(received => textOf(received, MOST))).rejects.toMatchObject({
      code: expect.stringMatching(/^(ECONNRESET|ERR_STREAM_PREMATURE_CLOSE)$/),
    })
  })

  it('that says it is packed and is not, is an error', async () => {
    answer = response => response.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip at all')
    await expect(fetchOverHttp(url(), {}).then(received => textOf(received, MOST))).rejects.toMatchObject({
      code: 'Z_DATA_ERROR',
    })
  })
})

describe('nobody there', () => {
  it('is an error with its code', async () => {
    const gone = url()
    await server.close()
    await expect(fetchOverHttp(gone, {})).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    await server.open()
  })

  it('who hangs up is one too', async () => {
    answer = response => response.destroy()
    await expect(fetchOverHttp(url(), {})).rejects.toMatchObject({ code: 'ECONNRESET' })
  })

  it.each(['before the answer', 'in the middle of it'])('is not waited for once it is given up %s', async when => {
    const controller = new AbortController()
    answer = response => {
      if (when !== 'before the answer') response.write('half')
      setImmediate(() => controller.abort())
    }
    await expect(
      fetchOverHttp(url(), { signal: controller.signal }).then(received => textOf(received, MOST)),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^(ABORT_ERR|ECONNRESET)$/) })
  })

  it('is not even asked where it was given up before', async () => {
    await expect(fetchOverHttp(url(), { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' })
    expect(asked).toEqual([])
  })
})
