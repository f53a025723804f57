/** The files of this machine, as far as a configuration reads them. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

export type FileRead = { readonly text: string } | { readonly failed: 'missing' | 'directory' | 'unreadable' }

export interface ConfigFiles {
  /** Reads a file as UTF-8; a relative path begins at the working directory. */
  read(path: string): FileRead
}

export const filesIn = (cwd: string): ConfigFiles => ({
  read(path) {
    try {
      return { text: readFileSync(resolve(cwd, path), 'utf8') }
    } catch (error) {
      const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
      if (code === 'ENOENT' || code === 'ENOTDIR') return { failed: 'missing' }
      return { failed: code === 'EISDIR' ? 'directory' : 'unreadable' }
    }
  },
})
