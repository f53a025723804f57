/** A rename or a link may reach the disk before what is in the file: after a power cut its name would stand for nothing. */
import { closeSync, fsyncSync, openSync } from 'node:fs'

/** Returns once the file is on the disk as it stands. */
export function flushFile(path: string): void {
  const file = openSync(path, 'r+')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Returns once the names in the folder are on the disk, where the system can be asked for that. */
export function flushFolder(path: string): void {
  try {
    const folder = openSync(path, 'r')
    try {
      fsyncSync(folder)
    } finally {
      closeSync(folder)
    }
  } catch {
    // Some file systems know no such thing.
  }
}
