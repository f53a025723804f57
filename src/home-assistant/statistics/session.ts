/** One connection to Home Assistant's recorder, used for one round of work and closed. */
import { type Connection, createConnection } from 'home-assistant-js-websocket'
import { type Clock, type Instant, SECOND } from '../../clock.ts'
import { toIso } from '../../time/london.ts'
import type { StatisticsRow } from './hours.ts'
import type { KnownRow } from './merge.ts'
import { type HomeAssistantSettings, placeOf } from './place.ts'
import { openSocket } from './socket.ts'
import { connectionEnded, noAnswer, notAdministrator, notHomeAssistant, refused } from './troubles.ts'

/** Real milliseconds for one answer. A recorder that purges, or a large database on a small machine, is slow. */
const ANSWER = 60 * SECOND

/** Home Assistant's statistics, as far as they are of use here. Each throws a BridgeError of one of the HOMEASSISTANT_ codes. */
export interface Recorder {
  /** `2026.11.2` */
  readonly version: string
  /** The hours of a statistic that start in `[from, to)`, the oldest first; without `to`, all from `from` on. */
  rows(id: string, from: Instant, to: Instant | null): Promise<KnownRow[]>
  /** Writes rows over those that start at the same hours. It is queued there when this resolves, not written. */
  write(metadata: object, rows: readonly StatisticsRow[]): Promise<void>
}

const isNumberOrNull = (value: unknown): boolean => value === undefined || value === null || typeof value === 'number'

/** A row of an answer; its times are milliseconds. */
function isRow(row: unknown): row is { start: number; state?: number | null; sum?: number | null } {
  if (typeof row !== 'object' || row === null) return false
  const { start, state, sum } = row as Record<string, unknown>
  return typeof start === 'number' && isNumberOrNull(state) && isNumberOrNull(sum)
}

export class Session implements Recorder {
  readonly #clock: Clock
  readonly #place: string
  readonly #connection: Connection

  private constructor(clock: Clock, place: string, connection: Connection) {
    this.#clock = clock
    this.#place = place
    this.#connection = connection
  }

  /** `until` is told how to give up while it is being opened. */
  static async open(
    settings: HomeAssistantSettings,
    clock: Clock,
    until: (giveUp: () => void) => void = () => {},
  ): Promise<Session> {
    const createSocket = () => openSocket(settings, clock, until)
    const connection = await createConnection({ setupRetry: 0, createSocket })
    // Connecting again is ours: the library would do it by a clock of its own, and for ever.
    connection.addEventListener('disconnected', () => connection.close())
    return new Session(clock, placeOf(settings.url), connection)
  }

  get version(): string {
    return this.#connection.haVersion
  }

  async rows(id: string, from: Instant, to: Instant | null): Promise<KnownRow[]> {
    const answer = await this.#ask({
      type: 'recorder/statistics_during_period',
      start_time: toIso(from),
      ...(to === null ? {} : { end_time: toIso(to) }),
      statistic_ids: [id],
      period: 'hour',
      types: ['state', 'sum'],
    })
    if (typeof answer !== 'object' || answer === null) throw notHomeAssistant(this.#place)
    const rows = (answer as Record<string, unknown>)[id] ?? []
    if (!Array.isArray(rows) || !rows.every(isRow)) throw notHomeAssistant(this.#place)
    return rows
      .map(({ start, state, sum }) => ({ start, state: state ?? null, sum: sum ?? null }))
      .sort((a, b) => a.start - b.start)
  }

  async write(metadata: object, rows: readonly StatisticsRow[]): Promise<void> {
    const stats = rows.map(({ start, state, sum }) => ({ start: toIso(start), state, sum }))
    await this.#ask({ type: 'recorder/import_statistics', metadata, stats })
  }

  /** Throws HOMEASSISTANT_TOKEN_REJECTED where the token is of somebody who may read statistics and not write them. */
  async mayWrite(): Promise<void> {
    const user = await this.#ask({ type: 'auth/current_user' })
    if (typeof user !== 'object' || user === null || !('is_admin' in user)) throw notHomeAssistant(this.#place)
    if (user.is_admin !== true) throw notAdministrator(this.#place)
  }

  close(): void {
    this.#connection.close()
  }

  async #ask(message: { type: string; [key: string]: unknown }): Promise<unknown> {
    if (!this.#connection.connected) throw connectionEnded(this.#place)
    let cancel = () => {}
    const late = new Promise<never>((_, reject) => {
      cancel = this.#clock.after(ANSWER * this.#clock.speed, () => reject(noAnswer(this.#place)))
    })
    try {
      return await Promise.race([this.#connection.sendMessagePromise(message), late])
    } catch (error) {
      throw refused(this.#place, message.type, error)
    } finally {
      cancel()
    }
  }
}
