/** `octopus2mqtt backup` and `restore`: the store as one file, and back. Neither asks Octopus or the broker anything. */
import { backupStore } from '../store/backup.ts'
import { restoreStore } from '../store/restore.ts'
import { EXIT } from './exit.ts'
import { type Here, hereAndNow } from './here.ts'
import { load } from './load.ts'

interface Options {
  readonly config?: string
}

const storePath = async ({ config }: Options): Promise<string> =>
  (await load(config, { octopus: false, broker: false })).config.storage.path

/** Throws BACKUP_NOT_MADE, and what is wrong with the configuration. */
export async function backup(file: string, options: Options, here: Here = hereAndNow()): Promise<number> {
  const path = await storePath(options)
  const { bytes, version } = backupStore(path, file)
  const size = `${Math.ceil(bytes / 1024)} kB`
  here.print(
    `${path} is backed up as ${file} (${size}, version ${version}); only its owner can read it, and no token is in it`,
  )
  return EXIT.done
}

/** Throws RESTORE_REFUSED, and what is wrong with the configuration. */
export async function restore(file: string, options: Options, here: Here = hereAndNow()): Promise<number> {
  const path = await storePath(options)
  const { aside, callsKept } = restoreStore(path, file, here.clock.now())
  here.print(`${path} is now what ${file} holds`)
  if (aside !== null) here.print(`what was there is ${aside}`)
  if (callsKept > 0)
    here.print(`${callsKept} later ${callsKept === 1 ? 'call' : 'calls'} to Octopus stay counted against the limits`)
  return EXIT.done
}
