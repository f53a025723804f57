/** The files of this machine, as far as a configuration reads them. */
import { closeSync, openSync, readSync } from 'node:fs'
import { resolve } from 'node:path'

export type FileRead =
  | { readonly text: string }
  | { readonly failed: 'missing' | 'directory' | 'unreadable' | 'endless' }

/** Bytes. Nobody writes a configuration as long as that; a device such as /dev/zero has no end. */
const LONGEST = 1024 * 1024

/** The path is not repeated: a secret may have been written where its file was meant. */
export const WHY_UNREAD = {
  missing: 'there is no such file',
  directory: 'this is a directory, not a file',
  unreadable: 'the file cannot be read; check its owner and permissions',
  endless: 'the file has more than 1 MB, which is not meant; name another one',
} as const

export interface ConfigFiles {
  /** Reads a file as UTF-8; a relative path begins at the working directory. */
  read(path: string): FileRead
}

export const filesIn = (cwd: string): ConfigFiles => ({
  read(path) {
    try {
      const text = readUpTo(resolve(cwd, path), LONGEST)
      return text === null ? { failed: 'endless' } : { text }
    } catch (error) {
      const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
      if (code === 'ENOENT' || code === 'ENOTDIR') return { failed: 'missing' }
      return { failed: code === 'EISDIR' ? 'directory' : 'unreadable' }
    }
  },
})

/** Also of a pipe. Null where it is longer. */
function readUpTo(path: string, most: number): string | null {
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(most + 1)
    let size = 0
    for (;;) {
      const count = readSync(file, bytes, size, bytes.length - size, null)
      if (count === 0) return bytes.toString('utf8', 0, size)
      size += count
      if (size > most) return null
    }
  } finally {
    closeSync(file)
  }
}
