/**
 * The disk of the machine: one store file, in a folder of its own that is the working directory while a world runs. A
 * process that is killed leaves the file as it was at that very point.
 */
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Random } from '../../../src/simulator/random.ts'
import { Database } from '../../../src/store/database.ts'

/** In memory where the system has such a place: what is simulated is the file, not how long a disk takes. */
const FAST = '/dev/shm'

export const STORE = 'store.db'
const PARTS = ['', '-wal', '-calls']
const PAGE = 4096

export class Disk {
  readonly folder = mkdtempSync(join(existsSync(FAST) ? FAST : tmpdir(), 'octopus2mqtt-years-'))
  readonly #before = process.cwd()
  readonly #opened = new Set<Database>()
  /** Those of processes that were killed. */
  readonly #orphaned = new Set<Database>()
  #deaths = 0
  #losses = 0
  #restore: () => void = () => {}

  /** `beforeWrite` is told of every transaction, just before it. */
  mount(beforeWrite: () => void): void {
    process.chdir(this.folder)
    const { immediate, prepare, close } = Database.prototype
    const [opened, orphaned] = [this.#opened, this.#orphaned]
    Object.assign(Database.prototype, {
      immediate<T>(this: Database, work: () => T): T {
        beforeWrite()
        return immediate.call(this, work) as T
      },
      prepare(this: Database): void {
        opened.add(this)
        prepare.call(this)
        // Who waits for a lock would wait in real time, and nobody could let go of it meanwhile.
        this.exec('PRAGMA busy_timeout = 0')
      },
      close(this: Database): void {
        opened.delete(this)
        orphaned.delete(this)
        close.call(this)
      },
    })
    this.#restore = () => {
      Object.assign(Database.prototype, { immediate, prepare, close })
    }
  }

  unmount(): void {
    this.#restore()
    process.chdir(this.#before)
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** The process was killed: what it writes from now on does not count. */
  freeze(): void {
    this.#deaths += 1
    for (const database of this.#opened) this.#orphaned.add(database)
    this.#opened.clear()
    for (const part of PARTS) {
      const file = STORE + part
      if (!existsSync(file)) continue
      const dead = `dead-${this.#deaths}.db${part}`
      renameSync(file, dead)
      copyFileSync(dead, file)
    }
    rmSync(`${STORE}-shm`, { force: true })
  }

  /** Gives back what dead processes held open. */
  bury(): void {
    for (const database of [...this.#orphaned]) {
      try {
        database.close()
      } catch {
        // Its file is gone, and so is whoever wanted it.
      }
    }
    for (const file of readdirSync('.')) if (file.startsWith('dead-')) rmSync(file, { force: true })
  }

  /** How often something happened after which a store may not know what it knew. */
  get losses(): number {
    return this.#losses
  }

  /** Bytes of the store and its log. */
  get size(): number {
    return PARTS.reduce((sum, part) => sum + (statSync(STORE + part, { throwIfNoEntry: false })?.size ?? 0), 0)
  }

  /** While no process runs: some of the file is not what it was. */
  damage(how: 'header' | 'page' | 'truncated', random: Random): void {
    if (!existsSync(STORE)) return
    this.#losses += 1
    const bytes = readFileSync(STORE)
    const spoilt = Buffer.from('This is no database. ')
    if (how === 'truncated') writeFileSync(STORE, bytes.subarray(0, random.whole(1, Math.max(1, bytes.length - 1))))
    else {
      const pages = Math.max(1, Math.floor(bytes.length / PAGE))
      const from = how === 'header' ? 0 : random.whole(0, pages - 1) * PAGE
      for (let at = from; at < Math.min(bytes.length, from + PAGE); at += 1)
        bytes[at] = spoilt[(at - from) % spoilt.length] ?? 0
      writeFileSync(STORE, bytes)
    }
    rmSync(`${STORE}-wal`, { force: true })
  }

  /** Another process keeps the file locked until the answer is called. */
  lock(): () => void {
    const other = new Database(STORE)
    other.exec('BEGIN IMMEDIATE')
    return () => {
      other.exec('ROLLBACK')
      other.close()
    }
  }

  /** No page more can be had from now on. */
  fill(): void {
    this.#losses += 1
    for (const database of this.#opened) if (isFile(database)) database.exec('PRAGMA max_page_count = 1')
  }
}

/** A store that was moved to memory has nothing to do with the disk any more. */
const isFile = (database: Database): boolean => Boolean(database.get('PRAGMA database_list')?.file)
