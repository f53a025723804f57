/** Commands about what is kept, in the store and at the broker: `backup`, `restore`, `remove`. */
import { CONFIGURED, type CommandSpec, configOption } from './spec.ts'

export const BACKUP: CommandSpec = {
  name: 'backup',
  summary: 'write the store into one new file, also while the daemon runs',
  about: 'Readings, prices, identities and journal as they were at one moment; no token. It never writes over a file.',
  argument: { name: 'file', description: 'the file to write' },
  options: [configOption],
  examples: [
    { line: 'octopus2mqtt backup octopus2mqtt-backup.db', does: 'beside the daemon' },
    { line: 'octopus2mqtt backup "backup-$(date +%F).db"', does: 'a file for each day' },
  ],
  seeAlso: ['restore'],
  environment: CONFIGURED,
  exits: [0, 2, 3],
  pages: ['errors'],
  start: async (options, file) => (await import('../backup.ts')).backup(file, options),
}

export const RESTORE: CommandSpec = {
  name: 'restore',
  summary: 'put a backup in the place of the store; stop the daemon first',
  about: 'What was there is set aside and named. Calls that Octopus saw since stay counted.',
  argument: { name: 'file', description: 'a file that backup wrote' },
  options: [configOption],
  examples: [
    { line: 'octopus2mqtt restore octopus2mqtt-backup.db', does: 'with ./config.yaml' },
    { line: 'octopus2mqtt restore backup.db -c /etc/octopus2mqtt/config.yaml', does: 'for another configuration' },
  ],
  seeAlso: ['backup', 'check'],
  environment: CONFIGURED,
  exits: [0, 2, 3],
  pages: ['errors'],
  start: async (options, file) => (await import('../backup.ts')).restore(file, options),
}

export const REMOVE: CommandSpec = {
  name: 'remove',
  summary: 'clear every retained topic of ours from the broker, discovery included',
  about:
    'Entities go from Home Assistant as well. Stop the daemon first: it refuses while one is online. The store keeps its readings. Needs no API key.',
  options: [configOption, { flags: '--even-online', description: 'also where a daemon seems to run' }],
  examples: [
    { line: 'octopus2mqtt remove', does: 'at the broker of ./config.yaml' },
    { line: 'MQTT_URL=mqtt://old-broker octopus2mqtt remove', does: 'at a broker that is no longer used' },
  ],
  seeAlso: ['backup', 'run'],
  environment: CONFIGURED,
  exits: [0, 1, 2, 3],
  pages: ['home-assistant', 'errors'],
  start: async options => (await import('../remove.ts')).remove(options),
}
