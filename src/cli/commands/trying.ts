/** Commands in front of the simulated Octopus: `demo` and `simulate`. */
import { COLOURS, type CommandSpec, type OptionSpec, portNumber, positive, seconds } from './spec.ts'

const seed: OptionSpec = { flags: '--seed <seed>', description: 'another household', fallback: '1' }
const scenario = (fallback: string): OptionSpec => ({
  flags: '--scenario <name>',
  description: 'which day to play; a name that is none lists them',
  fallback,
})
const speed = (fallback: number): OptionSpec => ({
  flags: '--speed <n>',
  description: 'times as fast as real time',
  parse: positive,
  fallback,
})

export const DEMO: CommandSpec = {
  name: 'demo',
  summary: 'the whole thing with nothing installed: broker, simulated Octopus and household, and the real bridge',
  about:
    'Prints what happens, each line with the time of the house, and at the end a picture of it. Nothing leaves this machine. Ctrl-C ends it.',
  options: [
    speed(60),
    scenario('demo'),
    { flags: '--for <seconds>', description: 'end after so many real seconds', parse: seconds },
    {
      flags: '--mqtt-port <port>',
      description: 'where the embedded broker listens (0: any)',
      parse: portNumber,
      fallback: 1884,
    },
    {
      flags: '--http-port <port>',
      description: 'where the status page is (0: any)',
      parse: portNumber,
      fallback: 8099,
    },
    seed,
  ],
  examples: [
    { line: 'octopus2mqtt demo', does: 'an evening, a minute of it each second' },
    { line: 'octopus2mqtt demo --for 60', does: 'ends by itself after an hour of the house' },
    { line: 'octopus2mqtt demo --scenario day-j --speed 600', does: 'a day with two cars' },
  ],
  seeAlso: ['simulate', 'run'],
  environment: COLOURS,
  exits: [0, 2, 3],
  pages: ['dispatch-truth', 'status-page'],
  start: async options => (await import('../demo.ts')).demo(options),
}

export const SIMULATE: CommandSpec = {
  name: 'simulate',
  summary: 'the simulated Octopus API alone, for any client',
  about: 'Prints the section `octopus` that points a configuration at it. Ctrl-C ends it.',
  options: [
    { flags: '--port <port>', description: 'where it listens (0: any)', parse: portNumber, fallback: 8080 },
    { flags: '--host <address>', description: 'on which address', fallback: '127.0.0.1' },
    speed(1),
    scenario('now'),
    seed,
    { flags: '--mqtt <url>', description: 'follow ev/plugged on this broker, and publish ev/charging and ev/power' },
  ],
  examples: [
    { line: 'octopus2mqtt simulate', does: 'on port 8080, with a window that begins in two minutes' },
    {
      line: 'octopus2mqtt simulate --mqtt mqtt://localhost:1883',
      does: 'its car is plugged in by a message to ev/plugged',
    },
    { line: 'octopus2mqtt simulate --scenario tariff-agile --port 0', does: 'another tariff, on any free port' },
  ],
  seeAlso: ['demo', 'run'],
  environment: [],
  exits: [0, 2, 3],
  pages: ['assumptions'],
  start: async options => (await import('../simulate.ts')).simulate(options),
}
