/** Plays a schedule of faults on a world, and keeps count of them. */
import { type Instant, SECOND } from '../../../src/clock.ts'
import type { Random } from '../../../src/simulator/random.ts'
import { type FaultEvent, type FaultEventKind, faultDays, type Level } from '../faults/index.ts'
import type { World } from './world.ts'

const DAY = 24 * 60 * 60 * SECOND
const HA_STATUS = 'homeassistant/status'
/** A supervisor starts again what could not start. */
const STARTS_AGAIN = 10 * SECOND

export interface TroubleOptions {
  readonly from: Instant
  readonly level: Level
}

export class Troublemaker {
  readonly #world: World
  readonly #random: Random
  readonly #days: Iterator<readonly FaultEvent[]>
  readonly #options: TroubleOptions
  readonly #counts: Partial<Record<FaultEventKind, number>> = {}
  /** Spans that overlap: the broker is back when the last one has ended. */
  #brokerAway = 0
  #brokerKeeps = true
  #unlock: (() => void) | null = null

  constructor(world: World, random: Random, options: TroubleOptions) {
    this.#world = world
    this.#random = random
    this.#options = options
    const cars = world.simulator.household.cars.length
    this.#days = faultDays(random, options.from, { level: options.level, cars })
  }

  /** How many of each kind were played. */
  get counts(): Readonly<Partial<Record<FaultEventKind, number>>> {
    return this.#counts
  }

  start(): void {
    this.#day(this.#options.from)
  }

  #day(from: Instant): void {
    const events: readonly FaultEvent[] = this.#days.next().value ?? []
    for (const event of events) this.#at(event.at, () => this.#play(event))
    this.#at(from + DAY, () => this.#day(from + DAY))
  }

  #at(at: Instant, task: () => void): void {
    this.#world.time.clock.after(at - this.#world.now, task)
  }

  #play(event: FaultEvent): void {
    const { chronicle, scene } = this.#world
    this.#counts[event.kind] = (this.#counts[event.kind] ?? 0) + 1
    chronicle.add('fault', describe(event))
    const ended = scene.trouble()
    const end = this.#begin(event)
    this.#at(event.until, () => {
      end()
      chronicle.add('fault', `${event.kind} is over`)
      ended()
    })
  }

  /** Begins it; the answer ends it. */
  #begin(event: FaultEvent): () => void {
    const world = this.#world
    switch (event.kind) {
      case 'octopus': {
        const ends = event.faults.map(fault => world.simulator.faults.inject(fault))
        return () => {
          for (const end of ends) end()
        }
      }
      case 'unreachable':
        return world.cutOff(event.code)
      case 'broker_away':
        return this.#brokerAwayFrom(event.keeps)
      case 'broker_drops':
        world.broker.cutAfter(event.afterBytes)
        return () => world.broker.cut()
      case 'home_assistant_restart':
        world.broker.publish(HA_STATUS, 'offline', false)
        return () => world.broker.publish(HA_STATUS, 'online', false)
      case 'source_silent':
        return this.#speaker(event.car)?.mute(event.source) ?? nothing
      case 'source_offline': {
        const speaker = this.#speaker(event.car)
        const ends = [speaker?.mute(event.source), speaker?.goOffline()]
        return () => {
          for (const end of ends) end?.()
        }
      }
      case 'source_flaps':
      case 'source_lies':
      case 'source_garbage':
        return this.#sourceSays(event)
      case 'clock_jump':
        world.machine.setClock(event.by)
        return () => world.machine.setClock(-event.by)
      case 'sleep':
        if (!world.machine.asleep) world.machine.sleep(event.until - event.at, event.monotonicCounts)
        return nothing
      case 'kill':
        return this.#kill(event)
      case 'clean_restart':
        if (!world.daemon.runs || world.machine.asleep) return nothing
        world.stopDaemon(() => world.time.clock.after(event.downFor, () => this.#startDaemon()))
        return nothing
      case 'store_locked':
        return this.#lockStore()
      case 'store_full':
        world.disk.fill()
        return nothing
      case 'store_corrupt':
        if (world.machine.asleep) return nothing
        world.killDaemon()
        world.time.clock.after(event.downFor, () => {
          if (!world.daemon.runs) world.disk.damage(event.how, this.#random.fork(`damage ${event.at}`))
          this.#startDaemon()
        })
        return nothing
      case 'second_daemon':
        return this.#secondDaemon(event.shares)
    }
  }

  #startDaemon(): void {
    const world = this.#world
    world.startDaemon(() => world.time.clock.after(STARTS_AGAIN, () => this.#startDaemon()))
  }

  #brokerAwayFrom(keeps: boolean): () => void {
    this.#brokerAway += 1
    this.#brokerKeeps = this.#brokerAway === 1 ? keeps : this.#brokerKeeps && keeps
    this.#world.broker.stop()
    return () => {
      this.#brokerAway -= 1
      if (this.#brokerAway === 0) void this.#world.startBroker(this.#brokerKeeps)
    }
  }

  #kill({ afterEffects, within, downFor }: Extract<FaultEvent, { kind: 'kill' }>): () => void {
    const world = this.#world
    if (!world.daemon.runs || world.machine.asleep) return nothing
    const start = world.daemon.starts
    const kill = (): void => {
      if (!world.daemon.runs || world.daemon.starts !== start) return
      world.killDaemon()
      // The power went, not only the process.
      if (within === 0) world.reboot()
      world.time.clock.after(downFor, () => this.#startDaemon())
    }
    if (within === 0) kill()
    else {
      world.effects.killBefore(afterEffects + 1, kill)
      world.time.clock.after(within, kill)
    }
    return nothing
  }

  #lockStore(): () => void {
    if (this.#unlock !== null) return nothing
    this.#unlock = this.#world.disk.lock()
    return () => {
      this.#unlock?.()
      this.#unlock = null
    }
  }

  #speaker(car: number) {
    const speakers = [...this.#world.speakers.values()]
    return speakers[car % speakers.length]
  }

  #sourceSays({ car, source, messages }: Extract<FaultEvent, { messages: unknown }>): () => void {
    const speaker = this.#speaker(car)
    if (speaker === undefined) return nothing
    const end = speaker.mute(source)
    for (const { at, says, retain } of messages) {
      this.#at(at, () => {
        if (says === 'truth') speaker.truth(source)
        else if (says === 'opposite') speaker.opposite(source)
        else speaker.say(source, says.payload, retain)
      })
    }
    return end
  }

  #secondDaemon(shares: 'account' | 'client_id'): () => void {
    const { broker, scene } = this.#world
    const { base } = scene.parts
    if (shares === 'client_id') {
      broker.contested = true
      broker.cut()
      return () => {
        broker.contested = false
      }
    }
    broker.publish(`${base}/bridge/event`, JSON.stringify({ event: 'mode_changed', instance: 'another' }), false)
    return () => broker.publish(`${base}/bridge/state`, 'offline', true)
  }
}

const nothing = (): void => {}

const describe = ({ kind, at: _at, until, ...rest }: FaultEvent): string =>
  `${kind} until ${new Date(until).toISOString()} ${JSON.stringify(rest).slice(0, 160)}`
