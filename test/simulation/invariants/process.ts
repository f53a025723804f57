/** What must hold of the daemon as a process: who is there is said, nothing grows, nothing leaks, nothing is unhandled. */
import { HOUR, MINUTE, SECOND } from '../../../src/clock.ts'
import { Lasting, type MakeInvariant } from './invariant.ts'

/** An account that is not known is asked for at least once in an hour. */
const ACCOUNT_READ_WITHIN = HOUR + 15 * MINUTE

/**
 * `online` while it runs and is connected, `offline` when it does not. A daemon that lost its store may say `offline` while
 * Octopus does not tell it the account: what stands below it is not its own.
 */
export const presence: MakeInvariant = (scene, complain, count) => {
  const wrong = new Lasting(30 * SECOND)
  /** What had happened to the disk when the daemon last said `online`. */
  let lossesWhenOnline = 0
  const mayNotKnow = (): boolean =>
    scene.parts.disk.losses > lossesWhenOnline && scene.now - scene.troubleEnded < ACCOUNT_READ_WITHIN
  return {
    name: 'presence',
    check: () => {
      const { now, parts } = scene
      const { broker, daemon, disk, machine } = parts
      const shown = broker.retained.get(`${parts.base}/bridge/state`)
      // A broker that was away when the daemon ended kept its last word: no will could be published.
      const knows = broker.isUp && !scene.willLost
      count()
      const gone = !daemon.runs && knows
      if (wrong.wrong('gone', gone && shown === 'online', now)) complain('the daemon is gone and shown as online')
      const there = daemon.bridge !== null && broker.hasClients && !machine.asleep
      if (there && shown === 'online') lossesWhenOnline = disk.losses
      const isSilent = there && shown !== 'online' && !(shown === 'offline' && mayNotKnow())
      if (wrong.wrong('there', isSilent, now)) complain(`the daemon is connected and shown as ${shown}`)
    },
  }
}

const NO_BROKER = 'no broker for ten minutes'

/** A health check never fails for a bad day at Octopus; our own lateness would show there. */
export const health: MakeInvariant = (scene, complain, count) => {
  const wrong = new Lasting(MINUTE)
  return {
    name: 'healthy-whatever-octopus-does',
    check: () => {
      const { daemon, machine, broker } = scene.parts
      if (daemon.bridge === null || machine.asleep) return wrong.forget()
      count()
      const reasons = daemon.bridge.health().reasons.filter(reason => reason !== NO_BROKER || broker.hasClients)
      if (wrong.wrong('health', reasons.length > 0, scene.now)) complain(`/health says ${reasons.join(', ')}`)
    },
  }
}

const TOKEN = /eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/

/** No key, token, password or account number where it does not belong. */
export const noSecret: MakeInvariant = (scene, complain, count) => {
  const forms = scene.parts.secrets.flatMap(secret => [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
    Buffer.from(`${secret}:`).toString('base64'),
  ])
  const { number } = scene.parts.simulator.account
  const look = (text: string, where: string): void => {
    count()
    const found = forms.find(form => text.includes(form)) ?? TOKEN.exec(text)?.[0]
    if (found !== undefined) complain(`a secret (${found.slice(0, 6)}…) in ${where}`)
  }
  return {
    name: 'no-secret-told',
    onPublish: ({ topic, payload }) => {
      look(topic, 'a topic')
      look(payload, topic)
      if (topic.endsWith('/bridge/info') && payload.includes(number)) complain('the account number in bridge/info')
    },
    onLog: line => {
      look(line, `the log: ${line.slice(0, 80)}`)
      if (line.includes(number)) complain(`the account number in the log: ${line.slice(0, 120)}`)
    },
  }
}

/** A log that people can read: no line more often than this in an hour, whatever goes on. */
const LINES_PER_HOUR = 400

export const quietLog: MakeInvariant = (_scene, complain, count) => {
  let lines = 0
  return {
    name: 'log-is-no-flood',
    onLog: () => {
      lines += 1
    },
    checkHourly: () => {
      count()
      if (lines > LINES_PER_HOUR) complain(`${lines} lines in an hour`)
      lines = 0
    },
  }
}

const LOOKS_EVERY_HOURS = 20 * 24
/** When everything that is kept for days and weeks has filled up. */
const FULL_AFTER_HOURS = 40 * 24
const GROWS_BY = 25 * 1024 * 1024
const LARGEST_STORE = 64 * 1024 * 1024

/** What is kept is bounded: the heap of the whole world after a collection, and the store on its disk. */
export const boundedMemory: MakeInvariant = ({ parts }, complain, count) => {
  let hours = 0
  let full: number | null = null
  return {
    name: 'memory-bounded',
    checkHourly: () => {
      hours += 1
      if (hours % LOOKS_EVERY_HOURS !== 0) return
      count()
      const size = parts.disk.size
      if (size > LARGEST_STORE) complain(`the store has ${Math.round(size / 1e6)} MB`)
      if (globalThis.gc === undefined) return
      globalThis.gc()
      const { heapUsed } = process.memoryUsage()
      if (hours >= FULL_AFTER_HOURS) full ??= heapUsed
      if (full !== null && heapUsed > full + GROWS_BY)
        complain(`the heap grew from ${Math.round(full / 1e6)} MB to ${Math.round(heapUsed / 1e6)} MB`)
    },
  }
}
