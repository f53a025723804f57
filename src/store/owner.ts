/** Whose the store is, where this user may not write it: mostly root made it, and the daemon runs as somebody else. */
import { accessSync, constants, statSync } from 'node:fs'
import { dirname } from 'node:path'

const ownerOf = (path: string): number | null => {
  try {
    return statSync(path).uid
  } catch {
    return null
  }
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/**
 * `; <file> belongs to user 0, …` with the command that gives it to this user; empty where the owner is not at fault or
 * cannot be told. `me`: the number of this user, undefined where the system has none.
 */
export function notOurs(file: string, me: number | undefined = process.geteuid?.()): string {
  if (me === undefined || me === 0) return ''
  const folder = dirname(file)
  const owner = ['', '-wal', '-shm', '-calls'].map(side => ownerOf(file + side)).find(uid => uid !== null && uid !== me)
  if (owner !== undefined && owner !== null) {
    // A folder that this user can write stays whose it is.
    const also = isWritable(folder) ? '' : `"${folder}" `
    return `; ${file} belongs to user ${owner}, and this is user ${me}: sudo chown ${me} ${also}"${file}"*`
  }
  const of = ownerOf(folder)
  if (ownerOf(file) !== null || of === null || of === me) return ''
  return `; the folder ${folder} belongs to user ${of}, and this is user ${me}, who may not write there`
}
