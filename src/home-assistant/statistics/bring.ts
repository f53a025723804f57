/** Brings one series up to date in Home Assistant, and believes it only when it reads it there. */
import { type Instant, SECOND } from '../../clock.ts'
import type { BridgeError } from '../../errors.ts'
import type { Sent } from './blocks.ts'
import type { StatisticsRow } from './hours.ts'
import { type Plan, planFor } from './plan.ts'
import { metadataOf, type StatisticsSeries, statisticId } from './series.ts'
import type { Recorder } from './session.ts'
import { walk } from './walk.ts'

export interface Brought {
  readonly rows: number
  /** Home Assistant did not have what was left there: an older backup, or statistics that somebody cleared. */
  readonly wasOtherwise: boolean
  readonly sent: Sent
}

export interface Tools {
  readonly recorder: Recorder
  readonly now: Instant
  readonly wait: (milliseconds: number) => Promise<void>
  readonly notWritten: (rows: number) => BridgeError
}

/**
 * Milliseconds between looking and looking again. A success from Home Assistant means that rows were queued; they are written
 * within a second or so, and after a minute or more where it is busy.
 */
const PATIENCE = [1, 2, 4, 8, 15, 30].map(seconds => seconds * SECOND)

/** Writes what differs. Throws HOMEASSISTANT_ errors; calling it again is always right, whatever was written before. */
export async function bring(series: StatisticsSeries, planned: Plan, tools: Tools): Promise<Brought> {
  const { recorder, now, wait, notWritten } = tools
  const id = statisticId(series)
  const metadata = metadataOf(series, recorder.version)
  const write = (rows: readonly StatisticsRow[]) => recorder.write(metadata, rows)

  let plan = planned
  let done = await walk(plan, id, recorder, write)
  const wasOtherwise = done === null
  if (done === null) {
    plan = planFor(series, null, { from: 0, now, look: 'all' }) ?? { ...planned, kept: [] }
    done = await walk(plan, id, recorder, write)
  }
  if (done === null) throw notWritten(0)
  const sent: Sent = { described: plan.described, blocks: done.blocks }
  const rows = done.differing
  if (rows === 0) {
    // Metadata goes with rows only, so the newest is written over itself.
    if (planned.renamed && done.last !== null) await write([done.last])
    return { rows, wasOtherwise, sent }
  }
  for (const pause of PATIENCE) {
    await wait(pause)
    const again = await walk(plan, id, recorder, async () => {})
    if (again?.differing === 0) return { rows, wasOtherwise, sent }
  }
  throw notWritten(rows)
}
