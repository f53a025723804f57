/** Holds the store locked, as a restore does, until its parent has opened it; then puts another file in its place. Arguments: store, other. */
import { readdirSync, readlinkSync, renameSync } from 'node:fs'
import { Database } from '../../../src/store/database.ts'

const [, , path = '', other = ''] = process.argv
const store = new Database(path)
store.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE')
process.stdout.write('ready\n')

const opened = (): boolean =>
  readdirSync(`/proc/${process.ppid}/fd`).some(fd => {
    try {
      return readlinkSync(`/proc/${process.ppid}/fd/${fd}`) === path
    } catch {
      // Closed meanwhile.
      return false
    }
  })
while (!opened()) await new Promise(resolve => setImmediate(resolve))
renameSync(path, `${path}.aside`)
renameSync(other, path)
store.exec('ROLLBACK')
store.close()
