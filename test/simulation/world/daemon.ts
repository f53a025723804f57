/** The daemon as the machine runs it: started, stopped, killed. Its code is the product's own, all of it. */
import { type Bridge, startBridge } from '../../../src/bridge.ts'
import { redactorFor } from '../../../src/cli/load.ts'
import type { Config } from '../../../src/config/config.ts'
import type { Fetch } from '../../../src/fetch.ts'
import { createLog } from '../../../src/log.ts'
import type { Random } from '../../../src/simulator/random.ts'
import type { SimulatedBroker } from './broker.ts'
import type { Disk } from './disk.ts'
import type { Effects } from './effects.ts'
import type { Machine } from './machine.ts'
import type { Owner } from './virtual-time.ts'

export interface Surroundings {
  readonly machine: Machine
  readonly disk: Disk
  readonly broker: SimulatedBroker
  readonly effects: Effects
  readonly fetch: Fetch
  readonly random: Random
  readonly onLog: (line: string) => void
  /** Counts boots of the machine: monotonic time of one boot cannot be compared with another's. */
  readonly boot: () => string
}

const never = (): Promise<never> => new Promise(() => {})

class Process implements Owner {
  alive = true
}

export class Daemon {
  readonly #world: Surroundings
  #process: Process | null = null
  #bridge: Bridge | null = null
  #starts = 0

  constructor(world: Surroundings) {
    this.#world = world
  }

  /** It was started, and neither stopped nor killed since. */
  get runs(): boolean {
    return this.#process !== null
  }

  get bridge(): Bridge | null {
    return this.#bridge
  }

  get starts(): number {
    return this.#starts
  }

  async start(config: Config): Promise<void> {
    const process = new Process()
    this.#process = process
    this.#starts += 1
    this.#world.machine.runs(process)
    try {
      await this.#startBridge(config, process)
    } catch (error) {
      if (this.#process === process) this.#gone()
      throw error
    }
  }

  async #startBridge(config: Config, process: Process): Promise<void> {
    const { machine, broker, effects, fetch, random, onLog, boot } = this.#world
    const whileAlive =
      <Args extends unknown[]>(act: (...args: Args) => void) =>
      (...args: Args) => {
        if (process.alive) act(...args)
      }
    const redactor = redactorFor(config)
    const log = await createLog(config.log, redactor, { write: whileAlive(onLog) })
    const mine = random.fork(`start ${this.#starts}`)
    const bridge = await startBridge({
      config,
      clock: machine.clockOf(process),
      log,
      redactor,
      random: () => mine.next(),
      instance: `start-${this.#starts}`,
      bootId: boot(),
      fetch: (input, init) => {
        effects.note()
        // A process that is gone asks nothing and hears nothing.
        return process.alive ? fetch(input, init).finally(() => (process.alive ? undefined : never())) : never()
      },
      dial: () => broker.dial(process, effects.note),
    })
    if (process.alive) this.#bridge = bridge
  }

  /** SIGTERM. */
  async stop(): Promise<void> {
    await this.#bridge?.stop()
    this.#gone()
  }

  /** kill -9, or the power goes: nothing it does from here on can be seen. */
  kill(): void {
    const process = this.#process
    if (process === null) return
    this.#world.disk.freeze()
    process.alive = false
    this.#gone()
    this.#world.broker.cut()
  }

  #gone(): void {
    if (this.#process !== null) this.#process.alive = false
    this.#process = null
    this.#bridge = null
    this.#world.effects.disarm()
  }
}
