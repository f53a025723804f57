/** A simulator of any scenario on a virtual clock, with a client, that ends with its test. */
import { afterEach } from '@jest/globals'
import { type SimulatorOptions, startSimulator } from '../../src/simulator/index.ts'
import { clientOf } from './client.ts'
import { virtualClock } from './virtual-clock.ts'

const running: { stop(): Promise<void> }[] = []

/** Call it once in a file: it gives the way to start one. */
export function simulators() {
  afterEach(async () => {
    for (const simulator of running.splice(0)) await simulator.stop()
  })
  return async (start: string, options: Partial<SimulatorOptions> = {}) => {
    const clock = virtualClock(Date.parse(start))
    const simulator = await startSimulator({ clock, scenario: 'overnight', ...options })
    running.push(simulator)
    return { clock, simulator, client: clientOf(simulator) }
  }
}
