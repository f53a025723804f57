/** `run`, and the page for anyone who has no configuration yet. */
import { askedToStop } from '../exit.ts'
import { CONFIGURED, type CommandSpec, configOption } from './spec.ts'

export const RUN: CommandSpec = {
  name: 'run',
  summary: 'run the daemon (default)',
  about:
    'Watches Octopus and your topics, and publishes what they come to. Trouble with Octopus or the broker never ends it. In a terminal its log is for people, elsewhere it is JSON.',
  isDefault: true,
  options: [configOption],
  examples: [
    { line: 'octopus2mqtt', does: 'with ./config.yaml' },
    { line: 'octopus2mqtt run --config /etc/octopus2mqtt/config.yaml', does: 'with another file' },
    {
      line: 'OCTOPUS_API_KEY=sk_live_… MQTT_URL=mqtt://localhost octopus2mqtt run',
      does: 'with no file at all',
    },
    { line: 'OCTOPUS2MQTT_LOG_LEVEL=debug octopus2mqtt run', does: 'saying more, this once' },
  ],
  seeAlso: ['check', 'setup', 'demo'],
  environment: CONFIGURED,
  exits: [0, 2, 3],
  pages: ['configuration', 'status-page'],
  start: async options => {
    // Before the rest is loaded: whoever asks during the start is heard as well.
    const asked = askedToStop()
    return (await import('../run.ts')).run(options, asked)
  },
}

export const SETUP: CommandSpec = {
  name: 'setup',
  summary: 'a page that shows what to write into config.yaml, and checks it while you type',
  about: 'It writes no file, calls nobody and keeps nothing.',
  options: [
    {
      flags: '--listen <host:port>',
      description: 'where the page is (else $OCTOPUS2MQTT_STATUS_LISTEN, 127.0.0.1:8099)',
    },
  ],
  examples: [
    { line: 'octopus2mqtt setup', does: 'then open the address that it prints' },
    { line: 'octopus2mqtt setup --listen 0.0.0.0:8099', does: 'for a browser on another machine of the house' },
  ],
  seeAlso: ['discover', 'check'],
  environment: ['OCTOPUS2MQTT_STATUS_LISTEN'],
  exits: [0, 2, 3],
  pages: ['status-page', 'configuration'],
  start: async options => {
    const asked = askedToStop()
    return (await import('../setup.ts')).setup(options, asked)
  },
}
