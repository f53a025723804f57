/** A real HTTP server on this machine, anew for each test of a file. */
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach } from '@jest/globals'

export interface TestServer {
  /** `http://127.0.0.1:port`, without a path. */
  readonly url: string
  open(): Promise<void>
  close(): Promise<void>
}

/** To be called once in a file: opened before each of its tests and closed after it. */
export function serveEachTest(listener: RequestListener): TestServer {
  const server = createServer(listener)
  const open = async (): Promise<void> => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  }
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  beforeEach(open)
  afterEach(close)
  return {
    get url() {
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    },
    open,
    close,
  }
}
