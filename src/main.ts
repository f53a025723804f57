#!/usr/bin/env node
/** The commands, and nothing else. Each is imported only when it is asked for: the daemon need not load the simulator. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { VERSION } from './about.ts'
import { askedToStop, EXIT, fail } from './cli/exit.ts'

const configOption = () =>
  new Option(
    '-c, --config <file>',
    'configuration file (else $OCTOPUS2MQTT_CONFIG, ./config.yaml, /config/config.yaml)',
  )

const positive = (text: string): number => {
  const value = Number(text)
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('expected a number above 0')
  return value
}

const portNumber = (text: string): number => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0 || value > 65_535)
    throw new InvalidArgumentError('expected a port, 0 to 65535')
  return value
}

/** Runs a command and ends the process with its code, once everything it wrote is out. */
const ending =
  <Options>(command: (options: Options) => Promise<number> | number) =>
  async (options: Options) => {
    try {
      process.exitCode = await command(options)
    } catch (error) {
      process.exitCode = fail(error)
    }
    process.stdout.write('', () => process.exit())
  }

const program = new Command('octopus2mqtt')
  .description('Octopus Energy (UK) to MQTT: dispatches, the cheap rate and meter readings')
  .version(VERSION)
  .exitOverride()
  .showHelpAfterError('(octopus2mqtt --help shows the commands)')

const commandNames = (): string => program.commands.map(command => command.name()).join(', ')

program
  .command('run', { isDefault: true })
  .description('run the daemon (default)')
  .addOption(configOption())
  .allowExcessArguments()
  .action((options: { config?: string }, command: Command) => {
    const [unknown] = command.args
    if (unknown !== undefined) program.error(`unknown command ${unknown}; there are ${commandNames()}`)
    // Before the rest is loaded: whoever asks during the start is heard as well.
    const asked = askedToStop()
    return ending(async () => (await import('./cli/run.ts')).run(options, asked))(options)
  })

program
  .command('demo')
  .description('the whole thing with nothing installed: broker, simulated Octopus and household, and the real bridge')
  .option('--speed <n>', 'times as fast as real time', positive, 60)
  .option('--scenario <name>', 'which day to play', 'demo')
  .option('--for <seconds>', 'end after so many real seconds', positive)
  .option('--mqtt-port <port>', 'where the embedded broker listens (0: any)', portNumber, 1884)
  .option('--http-port <port>', 'where /health is (0: any)', portNumber, 8099)
  .option('--seed <seed>', 'another household', '1')
  .action(ending(async options => (await import('./cli/demo.ts')).demo(options)))

program
  .command('simulate')
  .description('the simulated Octopus API alone, for any client')
  .option('--port <port>', 'where it listens (0: any)', portNumber, 8080)
  .option('--host <address>', 'on which address', '127.0.0.1')
  .option('--speed <n>', 'times as fast as real time', positive, 1)
  .option('--scenario <name>', 'which day to play', 'now')
  .option('--seed <seed>', 'another household', '1')
  .option('--mqtt <url>', 'follow ev/plugged on this broker, and publish ev/charging and ev/power')
  .action(ending(async options => (await import('./cli/simulate.ts')).simulate(options)))

program
  .command('check')
  .description('look at everything that can be wrong, one line each')
  .addOption(configOption())
  .action(ending(async (options: { config?: string }) => (await import('./cli/check.ts')).check(options)))

program
  .command('setup')
  .description('a page that shows what to write into config.yaml, and checks it while you type')
  .option('--listen <host:port>', 'where the page is (else $OCTOPUS2MQTT_STATUS_LISTEN, 127.0.0.1:8099)')
  .action((options: { listen?: string }) => {
    const asked = askedToStop()
    return ending(async () => (await import('./cli/setup.ts')).setup(options, asked))(options)
  })

program
  .command('discover')
  .description('what the API key can see, as a table and as a piece of configuration')
  .addOption(configOption())
  .action(ending(async (options: { config?: string }) => (await import('./cli/discover.ts')).discover(options)))

program
  .command('remove')
  .description('clear every retained topic of ours from the broker, discovery included')
  .addOption(configOption())
  .action(ending(async (options: { config?: string }) => (await import('./cli/remove.ts')).remove(options)))

program
  .command('backup')
  .description('write the store into one new file, also while the daemon runs')
  .argument('<file>', 'the file to write')
  .addOption(configOption())
  .action((file: string, options: { config?: string }) =>
    ending(async () => (await import('./cli/backup.ts')).backup(file, options))(options),
  )

program
  .command('restore')
  .description('put a backup in the place of the store; stop the daemon first')
  .argument('<file>', 'a file that backup wrote')
  .addOption(configOption())
  .action((file: string, options: { config?: string }) =>
    ending(async () => (await import('./cli/backup.ts')).restore(file, options))(options),
  )

program
  .command('schema')
  .description('print the JSON Schema of the configuration')
  .action(ending(async () => (await import('./cli/schema.ts')).schema()))

try {
  await program.parseAsync()
} catch (error) {
  // Commander has said already what is wrong with the arguments; help and version are no errors.
  process.exitCode =
    error instanceof CommanderError ? (error.exitCode === 0 ? EXIT.done : EXIT.configWrong) : fail(error)
}
