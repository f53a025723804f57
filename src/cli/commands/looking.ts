/** Commands that look at an account, a broker and a configuration: `check`, `discover`, `schema`. */
import { COLOURS, CONFIGURED, type CommandSpec, configOption } from './spec.ts'

export const CHECK: CommandSpec = {
  name: 'check',
  summary: 'look at everything that can be wrong, step by step, and say what to do',
  about:
    'Configuration, store, network, API key, account, meters, cars, one dispatch request, broker, plug topic, Home Assistant. May run beside the daemon: its requests count against the same limits.',
  options: [configOption, { flags: '--json', description: 'one JSON document instead of lines, for scripts' }],
  examples: [
    { line: 'octopus2mqtt check', does: 'everything, with ./config.yaml' },
    { line: 'octopus2mqtt check -c other.yaml', does: 'another configuration, before it is used' },
    { line: 'octopus2mqtt check --json | jq -r \'.steps[] | select(.mark == "fail") | .text\'', does: 'what failed' },
  ],
  seeAlso: ['discover', 'run'],
  environment: [...CONFIGURED, ...COLOURS],
  exits: [0, 1, 2, 3],
  pages: ['errors', 'configuration'],
  start: async options => (await import('../check.ts')).check(options),
}

export const DISCOVER: CommandSpec = {
  name: 'discover',
  summary: 'what the API key can see, as tables and as a piece of configuration',
  about:
    'Accounts, meters with their tariffs, cars and charge points. Numbers are shown in full, to be copied: look before you show them to anybody. Needs no broker.',
  options: [configOption],
  examples: [
    { line: 'octopus2mqtt discover', does: 'with ./config.yaml' },
    { line: 'OCTOPUS_API_KEY=sk_live_… octopus2mqtt discover', does: 'before there is a configuration' },
  ],
  seeAlso: ['check', 'setup'],
  environment: [...CONFIGURED, ...COLOURS],
  exits: [0, 1, 2, 3],
  pages: ['configuration', 'energy'],
  start: async options => (await import('../discover.ts')).discover(options),
}

export const SCHEMA: CommandSpec = {
  name: 'schema',
  summary: 'print the JSON Schema of the configuration',
  about: 'An editor that knows it completes keys and marks mistakes while you type.',
  options: [],
  examples: [
    { line: 'octopus2mqtt schema > octopus2mqtt.schema.json', does: 'into a file' },
    { line: 'octopus2mqtt schema | jq .properties.mqtt', does: 'one section' },
  ],
  seeAlso: ['setup', 'check'],
  environment: [],
  exits: [0, 2],
  pages: ['configuration'],
  start: async () => (await import('../schema.ts')).schema(),
}
