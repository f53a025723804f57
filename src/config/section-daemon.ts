/** The daemon itself: where it keeps things, what it shows, what it logs. */
import { z } from 'zod'
import { readListen } from './checks.ts'
import { choice, flag, listenAddress, text } from './fields.ts'
import { addresses, hostNames } from './list-fields.ts'

export const storage = z
  .strictObject({
    path: text('The database, relative to the working directory.', undefined, { type: 'file', file: 'may' }).or(
      './data/octopus2mqtt.db',
    ),
  })
  .prefault({})
  .meta({ description: 'What survives a restart.' })

export const status = z
  .strictObject({
    enabled: flag('Whether the status page and `/health` are served.').or(true),
    listen: listenAddress('Address and port. An IPv6 address stands in brackets: `[::]:8099`.', readListen).or(
      '127.0.0.1:8099',
    ),
    names: hostNames(
      'Names under which a reverse proxy serves the page. Addresses, `localhost`, names without a dot and those of a home network (`.local`, `.lan`, …) need no entry.',
    ),
    allow: addresses(
      'Addresses that may connect, where not everybody may: `[192.168.1.10, 127.0.0.1]`. Others get 403, but for `/health` asked by this machine or container itself. The address is that of the connection, so behind a proxy it is that of the proxy.',
    ),
  })
  .prefault({})
  .meta({ description: 'The status page and the health of the daemon, over HTTP.' })

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

export const log = z
  .strictObject({
    level: choice('The least severe message that is written.', LOG_LEVELS).or('info'),
    format: choice('`json` for machines, `pretty` for people.', ['json', 'pretty'], {
      without: '`pretty` in a terminal, else `json`',
    }).optional(),
  })
  .prefault({})
  .meta({ description: 'Logging.' })
