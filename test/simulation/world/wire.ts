/** A byte stream between two ends in one process, that can break in the middle of a message. */
import { Duplex } from 'node:stream'

export interface Wire {
  readonly client: Duplex
  readonly server: Duplex
  /** Both ends see a connection that was reset. */
  cut(): void
  /** Cuts it when the client has written so many bytes more; what is beyond them never arrives. */
  cutAfter(bytes: number): void
}

export interface WireWatch {
  /** Asked before the client's bytes cross: false where there is no client any more to send them. */
  readonly mayPass: () => boolean
  /** Runs it as soon as the client's machine is awake: at once, mostly. */
  readonly whenAwake: (task: () => void) => void
}

/** Bytes: more than is ever on its way. */
const ROOM = 4 * 1024 * 1024

export function wire({ mayPass, whenAwake }: WireWatch): Wire {
  let left = Number.POSITIVE_INFINITY
  const cut = (): void => {
    const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
    client.destroy(reset)
    server.destroy(reset)
  }
  const send = (bytes: Buffer, done: () => void): void => {
    if (mayPass() && left > 0) {
      const part = bytes.subarray(0, left)
      left -= part.length
      if (!server.destroyed) server.push(part)
    }
    done()
    if (left <= 0) cut()
  }
  const client: Duplex = new Duplex({
    read: () => {},
    write: (chunk: Buffer, _encoding, done) => send(chunk, done),
    writev: (chunks, done) => send(Buffer.concat(chunks.map(({ chunk }) => chunk as Buffer)), done),
    final: done => {
      if (mayPass() && !server.destroyed) server.push(null)
      done()
    },
    destroy: (error, done) => {
      if (!server.destroyed) server.destroy()
      done(error)
    },
  })
  const server: Duplex = new Duplex({
    // aedes acknowledges a message first and takes it afterwards, and where its socket is full it never takes the last one.
    writableHighWaterMark: ROOM,
    read: () => {},
    write: (chunk: Buffer, _encoding, done) => {
      whenAwake(() => {
        if (!client.destroyed) client.push(chunk)
        done()
      })
    },
    final: done => {
      if (!client.destroyed) client.push(null)
      done()
    },
    destroy: (error, done) => {
      if (!client.destroyed) client.destroy()
      done(error)
    },
  })
  // A cut that nobody listens for any more is no failure of ours.
  client.on('error', () => {})
  server.on('error', () => {})
  return {
    client,
    server,
    cut,
    cutAfter: bytes => {
      left = bytes
    },
  }
}
