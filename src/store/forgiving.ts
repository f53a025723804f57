/**
 * A store whose small writes never fail. While another process keeps the file locked (a backup, a copy), what would be
 * written is left out with a log line, and the next change writes the newest anyway. The ledger is not forgiving: what it
 * cannot write down does not go out. Nor are readings, prices and bills: an answer that was not kept would be a hole for ever, so
 * whoever asked is told, and asks again. Reads and new identities still throw.
 *
 * What is only told (the journal, what stands at the broker, that a call ended well) is written a moment later: the bytes of a
 * message leave at the end of a tick, and a disk that takes its time must not hold up the edge that the message is about. What
 * one tick told is one transaction, and goes along with a value that is set meanwhile: the disk is flushed for that anyway.
 */
import { afterSending } from '../clock.ts'
import { isBridgeError } from '../errors.ts'
import type { BelievedHalfHour } from './believed.ts'
import { isPlain } from './calls.ts'
import type { Store, StoreLog } from './open.ts'

/** What is to be written, as it is once it is; null: nothing any more. */
type Told = () => (() => unknown) | null

export function forgiving(store: Store, log: StoreLog): Store {
  const { ledger, values, readings, prices, believed, billed, published, journal } = store
  const keep = (write: () => unknown): void => {
    try {
      write()
    } catch (error) {
      if (!isBridgeError(error, 'STORE_UNAVAILABLE')) throw error
      log.warn({ code: error.code }, error.message)
    }
  }
  let told: Told[] = []
  /** Notes that are among them: what was said of a half hour is read again before it is on the disk. */
  let notes: { readonly account: string; readonly halfHour: BelievedHalfHour }[] = []
  let closed = false
  const writeTold = (...more: (() => unknown)[]): void => {
    const writes = [...told.map(each => each()), ...more].filter(write => write !== null)
    told = []
    notes = []
    if (writes.length === 0) return
    keep(() =>
      store.together(() => {
        for (const write of writes) write()
      }),
    )
  }
  const tell = (each: Told): void => {
    // Nobody waits for it, and nothing can take it any more.
    if (closed) return
    if (told.length === 0) afterSending(() => writeTold())
    told.push(each)
  }
  const later = (write: () => unknown): void => tell(() => write)
  return {
    ledger: {
      admit: request => ledger.admit(request),
      finish: (id, outcome, stayAway) => {
        if (stayAway === undefined && isPlain(outcome)) later(() => ledger.finish(id, outcome))
        else ledger.finish(id, outcome, stayAway)
      },
      history: now => ledger.history(now),
      effectiveStarts: (kind, now) => ledger.effectiveStarts(kind, now),
      since: from => ledger.since(from),
    },
    devices: store.devices,
    values: {
      get: (key, shape) => values.get(key, shape),
      updatedAt: key => values.updatedAt(key),
      set: (key, value) => writeTold(() => values.set(key, value)),
      setSoon: (key, value) =>
        tell(() => {
          const now = value()
          return now === undefined ? null : () => values.set(key, now)
        }),
      remove: key => keep(() => values.remove(key)),
    },
    readings: {
      range: (meter, from, to) => readings.range(meter, from, to),
      extent: meter => readings.extent(meter),
      upsert: (meter, rows) => readings.upsert(meter, rows),
    },
    prices: {
      of: (tariffCode, from) => prices.of(tariffCode, from),
      keep: (before, after) => prices.keep(before, after),
    },
    believed: {
      range: (account, from, to) => {
        const written = believed.range(account, from, to)
        const newer = notes.filter(
          ({ account: of, halfHour: { start } }) => of === account && start >= from && start < to,
        )
        if (newer.length === 0) return written
        const all = new Map([...written, ...newer.map(({ halfHour }) => halfHour)].map(half => [half.start, half]))
        return [...all.values()].sort((a, b) => a.start - b.start)
      },
      note: (account, halfHour) => {
        notes.push({ account, halfHour })
        later(() => believed.note(account, halfHour))
      },
    },
    billed: {
      range: (point, from, to) => billed.range(point, from, to),
      upsert: (point, rows) => billed.upsert(point, rows),
      remove: (point, starts) => keep(() => billed.remove(point, starts)),
    },
    published: {
      document: id => published.document(id),
      documents: () => published.documents(),
      topics: () => published.topics(),
      setDocument: (id, document) => later(() => published.setDocument(id, document)),
      removeDocument: id => later(() => published.removeDocument(id)),
      addTopics: topics => later(() => published.addTopics(topics)),
      removeTopics: topics => later(() => published.removeTopics(topics)),
    },
    journal: {
      append: (kind, data) => later(() => journal.append(kind, data)),
      newest: (count, kind) => journal.newest(count, kind),
    },
    together: writes => keep(() => store.together(writes)),
    get degraded() {
      return store.degraded
    },
    close: () => {
      writeTold()
      closed = true
      store.close()
    },
  }
}
