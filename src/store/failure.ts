/** What a refusal of SQLite means for us. Its own words carry paths, so only the kind is passed on. */

/**
 * `locked`: another process holds it. `corrupt`: the file is no database, or a damaged one. `full`: no room.
 * `foreign`: a good database, but of another program.
 * `unwritable`: read-only, not allowed, an input/output error. `other`: a mistake of ours.
 */
export type StoreFailure = 'locked' | 'corrupt' | 'foreign' | 'full' | 'unwritable' | 'other'

const BY_CODE: readonly (readonly [RegExp, StoreFailure])[] = [
  [/^SQLITE_(BUSY|LOCKED)/, 'locked'],
  [/^SQLITE_(CORRUPT|NOTADB)/, 'corrupt'],
  [/^STORE_FOREIGN$/, 'foreign'],
  [/^(SQLITE_FULL|ENOSPC|EDQUOT)/, 'full'],
  [/^SQLITE_(READONLY|IOERR|CANTOPEN|PERM|AUTH|PROTOCOL)/, 'unwritable'],
  [/^(EACCES|EPERM|EROFS|ENOTDIR|EISDIR|EEXIST|EIO|ELOOP|ENAMETOOLONG|ENOENT)$/, 'unwritable'],
]

export function failureOf(error: unknown): StoreFailure {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  const known = BY_CODE.find(([pattern]) => pattern.test(code))
  if (known !== undefined) return known[1]
  // libsql gives no code where it cannot open the file at all, only this word.
  return String(error).includes('ConnectionFailed') ? 'unwritable' : 'other'
}
