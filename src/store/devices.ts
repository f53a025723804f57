/** Our own identities of what Octopus lists, so that history survives when Octopus gives a car a new id. */
import { createHash } from 'node:crypto'
import type { Clock } from '../clock.ts'
import type { Database, Row } from './database.ts'
import { type DeviceKind, type KnownDevice, matchDevice, type SeenDevice } from './match-device.ts'
import type { ResilientDatabase } from './resilient.ts'

export interface Devices {
  /** Every identity ever given, of one account or of all. */
  all(account?: string): KnownDevice[]
  /**
   * The identity of a listed device: a known one, bound to the new id where it is the same car registered again, or a new
   * one under the first free slug. `present`: every id that Octopus lists now (its own is understood).
   */
  identify(seen: SeenDevice, slugs: readonly string[], present: Iterable<string>): KnownDevice
  /** Binds an identity to another of Octopus's ids, by a person's decision. */
  rebind(id: string, octopusId: string): void
}

/** It is a level of a topic and a part of entity ids. */
const LONGEST_SLUG = 64

/** Lower case, digits and underscores, not too many; what else is in the text becomes an underscore. */
export const slugify = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^a-z0-9]+/g, '_')
    .slice(0, LONGEST_SLUG)
    .replace(/^_+|_+$/g, '')

/**
 * Made from what Octopus first called it, so that a lost store, or one in memory, gives the same entities again; kept
 * in the store, so that it outlives that name.
 */
const identityOf = (seen: SeenDevice): string =>
  createHash('sha256').update(`${seen.kind}\n${seen.account}\n${seen.octopusId}`).digest('hex').slice(0, 12)

export class SqliteDevices implements Devices {
  readonly #database: ResilientDatabase
  readonly #clock: Clock

  constructor(database: ResilientDatabase, clock: Clock) {
    this.#database = database
    this.#clock = clock
  }

  all(account?: string): KnownDevice[] {
    return this.#database.read(readDevices).filter(device => account === undefined || device.account === account)
  }

  identify(seen: SeenDevice, slugs: readonly string[], present: Iterable<string>): KnownDevice {
    return this.#database.write(database => {
      const known = readDevices(database)
      const match = matchDevice(known, seen, new Set([...present, seen.octopusId]))
      const device: KnownDevice = {
        id: match?.id ?? identityOf(seen),
        slug: match?.slug ?? freeSlug(slugs, seen, known),
        kind: seen.kind,
        account: seen.account,
        octopusId: seen.octopusId,
        name: seen.name ?? match?.name ?? null,
        make: seen.make ?? match?.make ?? null,
        model: seen.model ?? match?.model ?? null,
        seenAt: this.#clock.now(),
      }
      // Only in a damaged file another identity stands in the way, and then it is one that nobody can use.
      database.run(
        'DELETE FROM devices WHERE id <> ?1 AND account = ?2 AND (slug = ?3 OR (kind = ?4 AND octopus_id = ?5))',
        device.id,
        device.account,
        device.slug,
        device.kind,
        device.octopusId,
      )
      database.run(
        `INSERT INTO devices (id, kind, account, octopus_id, slug, name, make, model, seen_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, account = excluded.account, slug = excluded.slug,
           octopus_id = excluded.octopus_id, name = excluded.name, make = excluded.make, model = excluded.model,
           seen_at = excluded.seen_at`,
        device.id,
        device.kind,
        device.account,
        device.octopusId,
        device.slug,
        device.name,
        device.make,
        device.model,
        device.seenAt,
      )
      return device
    })
  }

  rebind(id: string, octopusId: string): void {
    this.#database.write(database => {
      database.run('UPDATE devices SET octopus_id = ? WHERE id = ?', octopusId, id)
    })
  }
}

const readDevices = (database: Database): KnownDevice[] =>
  database.all('SELECT * FROM devices ORDER BY rowid').map(toDevice).filter(isUsable)

/** Both are levels of topics; a damaged one is as good as none, and is made again from what Octopus says. */
const isUsable = ({ id, slug }: KnownDevice): boolean => [id, slug].every(one => /^[a-z0-9_]{1,80}$/.test(one))

const text = (value: Row[string] | undefined): string | null =>
  value === null || value === undefined ? null : String(value)

const toDevice = (row: Row): KnownDevice => ({
  id: String(row.id),
  kind: String(row.kind) as DeviceKind,
  account: String(row.account),
  octopusId: String(row.octopus_id),
  slug: String(row.slug),
  name: text(row.name),
  make: text(row.make),
  model: text(row.model),
  seenAt: Number(row.seen_at),
})

function freeSlug(slugs: readonly string[], seen: SeenDevice, known: readonly KnownDevice[]): string {
  const taken = new Set(known.filter(device => device.account === seen.account).map(device => device.slug))
  const wanted = slugs.map(slugify).filter(slug => slug !== '')
  const [first = seen.kind] = wanted
  const free = [first, ...wanted].find(slug => !taken.has(slug))
  if (free !== undefined) return free
  for (let number = 2; ; number += 1) {
    const slug = `${first}_${number}`
    if (!taken.has(slug)) return slug
  }
}
