/** A reverse proxy that serves something below a path of its own, as nginx and Home Assistant's ingress do. */
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Proxy {
  /** Without a slash at its end. */
  readonly url: string
  close(): Promise<void>
}

export interface ProxyOptions {
  /** As Home Assistant's ingress: the prefix is told as `X-Ingress-Path`, and `Host` stays as it came. */
  readonly tells?: boolean
  readonly port?: number
  /** Streams begin and say nothing. */
  readonly holdsBack?: boolean
}

/** `prefix` is taken off. */
export async function startProxy(
  target: string,
  prefix: string,
  { tells = false, port = 0, holdsBack = false }: ProxyOptions = {},
): Promise<Proxy> {
  const server = createServer((from, to) => {
    const path = from.url ?? '/'
    if (!path.startsWith(prefix)) {
      to.writeHead(404).end()
      return
    }
    const headers = {
      ...from.headers,
      'x-forwarded-host': from.headers.host,
      ...(tells ? { 'x-ingress-path': prefix } : { host: new URL(target).host }),
    }
    const options = { method: from.method, headers }
    const onward = request(new URL(path.slice(prefix.length) || '/', target), options, answer => {
      to.writeHead(answer.statusCode ?? 502, answer.headers)
      if (holdsBack && path.endsWith('/events')) to.flushHeaders()
      else answer.pipe(to)
    })
    onward.on('error', () => to.destroy())
    to.on('close', () => onward.destroy())
    from.pipe(onward)
  })
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
