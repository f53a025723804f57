/**
 * Brokers for tests: a real Mosquitto where there is one, else aedes (MQTT 3.1.1 only, and it says so). Both listen on a
 * free port of 127.0.0.1 and keep what they need in a temporary folder. Call `closeEverything` in `afterEach`.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { pbkdf2Sync, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { Aedes } from 'aedes'
import { connect, type IClientOptions, type MqttClient } from 'mqtt'
import { createWebSocketStream, WebSocketServer } from 'ws'

export const USERNAME = 'bridge'

export interface BrokerOptions {
  /** Certificates of a CA made on the spot; `url` is mqtts. Needs `haveOpenssl`. */
  readonly tls?: boolean
  /** Asks clients for a certificate of that CA too. */
  readonly clientCertificates?: boolean
  /** Wants the user `bridge` with this password. */
  readonly password?: string
  /** `url` is ws. Always aedes, since Debian's Mosquitto has no websockets. */
  readonly websockets?: boolean
  /** Keeps retained messages over `restart` (Mosquitto only; on by a clean stop, lost by `{ kill: true }`). */
  readonly persistence?: boolean
  /** Lines of Mosquitto's access control file; aedes ignores them. */
  readonly acl?: readonly string[]
  /** Filters that nobody may subscribe to. Always aedes, since Mosquitto 2.0 grants them and then sends nothing. */
  readonly notSubscribable?: readonly string[]
  readonly kind?: 'mosquitto' | 'aedes'
}

export interface TestBroker {
  readonly kind: 'mosquitto' | 'aedes'
  readonly url: string
  readonly port: number
  /** Where TLS is on: PEM files. The client pair is signed by the same CA. */
  readonly files: TlsFiles | null
  /** Ends it; clients are cut off. */
  stop(): Promise<void>
  /** Starts it again on the same port. */
  start(): Promise<void>
  restart(options?: { readonly kill?: boolean }): Promise<void>
  /** Restarts it with nothing retained. */
  wipe(): Promise<void>
}

export interface TlsFiles {
  readonly ca: string
  readonly cert: string
  readonly key: string
  readonly clientCert: string
  readonly clientKey: string
}

const findProgram = (name: string): string | null =>
  [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/opt/homebrew/sbin']
    .map(folder => join(folder, name))
    .find(path => existsSync(path)) ?? null

const mosquitto = process.env.OCTOPUS2MQTT_TEST_BROKER === 'aedes' ? null : findProgram('mosquitto')
const openssl = findProgram('openssl')

export const haveMosquitto = mosquitto !== null
export const haveOpenssl = openssl !== null
/** The versions of MQTT that the tests' broker speaks. */
export const PROTOCOL_VERSIONS: readonly (4 | 5)[] = haveMosquitto ? [4, 5] : [4]
if (!haveMosquitto)
  console.warn('no mosquitto here: the broker tests use aedes, so MQTT 5 and persistence are not tested')
if (!haveOpenssl) console.warn('no openssl here: the TLS tests are skipped')

const closers = new Set<() => Promise<void>>()

/** Ends every broker and watcher that is still open, watchers first. */
export async function closeEverything(): Promise<void> {
  for (const close of [...closers].reverse()) await close()
  closers.clear()
}

export async function startBroker(options: BrokerOptions = {}): Promise<TestBroker> {
  const folder = mkdtempSync(join(tmpdir(), 'octopus2mqtt-broker-'))
  const files = options.tls ? makeCertificates(folder) : null
  const port = await freePort()
  const embedded = options.kind === 'aedes' || options.websockets || options.notSubscribable
  const real = embedded ? null : mosquitto
  const server = real ? new Mosquitto(real, folder, port, options, files) : new Embedded(port, options, files)
  await server.start()
  closers.add(async () => {
    await server.stop(true)
    rmSync(folder, { recursive: true, force: true })
  })
  const scheme = options.websockets ? (files ? 'wss' : 'ws') : files ? 'mqtts' : 'mqtt'
  return {
    kind: real ? 'mosquitto' : 'aedes',
    // A certificate is made for a name.
    url: `${scheme}://${files ? 'localhost' : '127.0.0.1'}:${port}`,
    port,
    files,
    start: () => server.start(),
    stop: () => server.stop(),
    restart: async ({ kill = false } = {}) => {
      await server.stop(kill)
      await server.start()
    },
    wipe: async () => {
      await server.stop()
      server.forget()
      await server.start()
    },
  }
}

/** A port of 127.0.0.1 on which nothing listens just now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

interface Startable {
  start(): Promise<void>
  stop(kill?: boolean): Promise<void>
  forget(): void
}

class Mosquitto implements Startable {
  readonly #program: string
  readonly #folder: string
  #child: ChildProcess | null = null

  constructor(program: string, folder: string, port: number, options: BrokerOptions, files: TlsFiles | null) {
    this.#program = program
    this.#folder = folder
    const lines = [
      `listener ${port} 127.0.0.1`,
      `allow_anonymous ${options.password === undefined}`,
      'log_dest stderr',
      'max_queued_messages 10000',
      `persistence ${options.persistence ?? false}`,
      `persistence_location ${folder}/`,
      // As root it would become another user, who may not read the folder.
      ...(process.getuid?.() === 0 ? ['user root'] : []),
      ...(files ? [`cafile ${files.ca}`, `certfile ${files.cert}`, `keyfile ${files.key}`] : []),
      `${options.clientCertificates ? '' : '#'}require_certificate true`,
    ]
    if (options.password !== undefined) {
      writeFileSync(join(folder, 'passwords'), `${USERNAME}:${mosquittoHash(options.password)}\n`)
      lines.push(`password_file ${join(folder, 'passwords')}`)
    }
    if (options.acl) {
      writeFileSync(join(folder, 'acl'), `${options.acl.join('\n')}\n`)
      lines.push(`acl_file ${join(folder, 'acl')}`)
    }
    writeFileSync(join(folder, 'mosquitto.conf'), `${lines.join('\n')}\n`)
  }

  start(): Promise<void> {
    const child = spawn(this.#program, ['-c', join(this.#folder, 'mosquitto.conf')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    this.#child = child
    return new Promise((resolve, reject) => {
      let said = ''
      child.stderr.on('data', (text: Buffer) => {
        said += text.toString()
        if (/mosquitto version \S+ running/.test(said)) resolve()
      })
      child.once('error', reject)
      child.once('exit', code => reject(new Error(`mosquitto ended with ${code}: ${said}`)))
    })
  }

  async stop(kill = false): Promise<void> {
    const child = this.#child
    this.#child = null
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const signal = kill ? 'SIGKILL' : 'SIGTERM'
    child.kill(signal)
    // A SIGTERM in its first moments is lost: it sets up its main loop after it says that it runs.
    const again = setInterval(() => child.kill(signal), 100)
    await once(child, 'close')
    clearInterval(again)
  }

  forget(): void {
    rmSync(join(this.#folder, 'mosquitto.db'), { force: true })
  }
}

/** A line of Mosquitto's password file: PBKDF2 with SHA-512, 101 rounds, as `mosquitto_passwd` makes it. */
function mosquittoHash(password: string): string {
  const salt = randomBytes(12)
  const hash = pbkdf2Sync(password, salt, 101, 64, 'sha512')
  return `$7$101$${salt.toString('base64')}$${hash.toString('base64')}`
}

class Embedded implements Startable {
  readonly #port: number
  readonly #options: BrokerOptions
  readonly #files: TlsFiles | null
  readonly #sockets = new Set<Socket>()
  #aedes: Aedes | null = null
  #server: Server | null = null

  constructor(port: number, options: BrokerOptions, files: TlsFiles | null) {
    this.#port = port
    this.#options = options
    this.#files = files
  }

  async start(): Promise<void> {
    const { password, notSubscribable = [] } = this.#options
    const aedes = await Aedes.createBroker({
      authorizeSubscribe: (_client, subscription, done) =>
        done(null, notSubscribable.includes(subscription.topic) ? null : subscription),
      authenticate: (_client, username, given, done) => {
        const welcome = password === undefined || (username === USERNAME && given?.toString() === password)
        // 5 is "not authorized"; the type wants an enum that does not exist at run time.
        if (welcome) done(null, true)
        else done(Object.assign(new Error('not authorized'), { returnCode: 5 }), null)
      },
    })
    const server = this.#listener(aedes)
    server.on('connection', socket => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
    server.listen(this.#port, '127.0.0.1')
    await once(server, 'listening')
    this.#aedes = aedes
    this.#server = server
  }

  #listener(aedes: Aedes): Server {
    if (this.#options.websockets) {
      const files = this.#files
      const server = files
        ? createHttpsServer({ cert: readFileSync(files.cert), key: readFileSync(files.key) })
        : createHttpServer()
      new WebSocketServer({ server }).on('connection', socket => {
        const stream = createWebSocketStream(socket)
        stream.on('error', () => {})
        aedes.handle(stream)
      })
      return server
    }
    if (!this.#files) return createServer(socket => aedes.handle(socket))
    const { ca, cert, key } = this.#files
    const requestCert = this.#options.clientCertificates ?? false
    return createTlsServer(
      { ca: readFileSync(ca), cert: readFileSync(cert), key: readFileSync(key), requestCert },
      socket => aedes.handle(socket),
    )
  }

  async stop(): Promise<void> {
    const server = this.#server
    if (!server) return
    this.#server = null
    const closed = once(server, 'close')
    server.close()
    for (const socket of this.#sockets) socket.destroy()
    await closed
    await new Promise<void>(resolve => this.#aedes?.close(resolve))
  }

  forget(): void {}
}

/** A CA, a certificate for localhost and one for a client, valid for a day. */
export function makeCertificates(folder: string): TlsFiles {
  const run = (...args: string[]) => {
    const { status, stderr } = spawnSync(openssl ?? 'openssl', args, { cwd: folder, encoding: 'utf8' })
    if (status !== 0) throw new Error(`openssl ${args[0]} failed: ${stderr}`)
  }
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  run('req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '1', '-subj', '/CN=test CA')
  for (const name of ['server', 'client']) {
    writeFileSync(join(folder, `${name}.ext`), name === 'server' ? 'subjectAltName=DNS:localhost\n' : '\n')
    run('req', ...newKey, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`)
    const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '1', '-extfile', `${name}.ext`]
    run('x509', '-req', '-in', `${name}.csr`, ...signed, '-out', `${name}.pem`)
  }
  const at = (name: string) => join(folder, name)
  return {
    ca: at('ca.pem'),
    cert: at('server.pem'),
    key: at('server.key'),
    clientCert: at('client.pem'),
    clientKey: at('client.key'),
  }
}

export interface Heard {
  readonly topic: string
  readonly payload: string
  /** In the broker's store when the watcher subscribed. */
  readonly retained: boolean
}

export interface Watcher {
  /** All that came in, oldest first. */
  readonly messages: readonly Heard[]
  /** The first message, past ones included, for which `predicate` holds; rejects after `timeout` ms (5000). */
  waitFor(predicate: (message: Heard) => boolean, timeout?: number): Promise<Heard>
  publish(topic: string, payload: string, options?: { retain?: boolean; qos?: 0 | 1 }): Promise<void>
  /** Forgets what came in so far. */
  clear(): void
  close(): Promise<void>
}

/** Subscribes to `topics` and collects what comes in. Comes back by itself after a restart of the broker. */
export async function watch(
  url: string,
  topics: string | readonly string[],
  options: IClientOptions = {},
): Promise<Watcher> {
  const client = connect(url, { reconnectPeriod: 20, connectTimeout: 5_000, timerVariant: 'native', ...options })
  const messages: Heard[] = []
  const waiting = new Set<(message: Heard) => void>()
  client.on('message', (topic, payload, packet) => {
    const message = { topic, payload: payload.toString('utf8'), retained: packet.retain }
    messages.push(message)
    for (const tell of [...waiting]) tell(message)
  })
  const close = () => endClient(client)
  closers.add(close)
  await client.subscribeAsync([...(typeof topics === 'string' ? [topics] : topics)], { qos: 1 })
  return {
    messages,
    clear: () => {
      messages.length = 0
    },
    publish: async (topic, payload, { retain = false, qos = 1 } = {}) => {
      await client.publishAsync(topic, payload, { retain, qos })
    },
    close: async () => {
      closers.delete(close)
      await close()
    },
    waitFor: (predicate, timeout = 5_000) => {
      const found = messages.find(predicate)
      if (found) return Promise.resolve(found)
      return new Promise((resolve, reject) => {
        const look = (message: Heard) => {
          if (!predicate(message)) return
          clearTimeout(timer)
          waiting.delete(look)
          resolve(message)
        }
        const timer = setTimeout(() => {
          waiting.delete(look)
          const last = messages.slice(-20).map(message => `${message.topic}=${message.payload.slice(0, 60)}`)
          reject(new Error(`no such message in ${timeout} ms; the last were: ${last.join(' | ') || 'none'}`))
        }, timeout)
        waiting.add(look)
      })
    },
  }
}

/** What is retained under `topics` now. */
export async function retained(
  url: string,
  topics: string,
  options: IClientOptions = {},
): Promise<Map<string, string>> {
  const marker = `retained/${randomBytes(6).toString('hex')}`
  const watcher = await watch(url, [topics, marker], options)
  // Mosquitto sends what it has in store as it takes the subscription, so before anything that is published later;
  // aedes mixes the two, so it is asked until several answers in a row brought nothing else.
  for (let round = 0, quiet = 0; quiet < 5; round++) {
    const before = watcher.messages.length
    await watcher.publish(marker, `round ${round}`)
    await watcher.waitFor(({ topic, payload }) => topic === marker && payload === `round ${round}`)
    quiet = watcher.messages.length > before + 1 ? 0 : quiet + 1
  }
  await watcher.close()
  const stored = watcher.messages.filter(message => message.retained)
  return new Map(stored.map(message => [message.topic, message.payload]))
}

const endClient = (client: MqttClient): Promise<void> => {
  if (client.connected) return client.endAsync()
  // An unconnected client cannot say goodbye; it is only dropped.
  client.options.reconnectPeriod = 0
  return client.endAsync(true)
}
