/** One round: what waits is compared with what was sent, and where something differs a connection is made for all of it. */
import type { Clock } from '../../clock.ts'
import { BridgeError, describeError, isBridgeError } from '../../errors.ts'
import type { Values } from '../../store/values.ts'
import { aSent, type Sent } from './blocks.ts'
import { bring } from './bring.ts'
import type { Task } from './pending.ts'
import { type HomeAssistantSettings, placeOf } from './place.ts'
import { type Plan, planFor } from './plan.ts'
import { Session } from './session.ts'
import { notWritten } from './troubles.ts'
import type { Waits } from './waits.ts'

export type StatisticsLog = Readonly<Record<'info' | 'warn' | 'error', (details: object, message: string) => void>>

export interface RoundTools {
  readonly settings: HomeAssistantSettings
  readonly clock: Clock
  readonly log: StatisticsLog
  readonly values: Pick<Values, 'get' | 'set'>
  readonly waits: Waits
}

export interface Outcome {
  readonly undone: readonly Task[]
  /** The first that came up; null where all went well. */
  readonly trouble: BridgeError | null
}

const keyOf = (id: string): string => `statistics ${id}`

/** Never rejects. Once `waits` have ended it does nothing more, and all that is left is undone. */
export async function round(tasks: readonly Task[], tools: RoundTools): Promise<Outcome> {
  const undone = new Set(tasks)
  const troubles: BridgeError[] = []
  const trouble = (error: unknown) => troubles.push(asTrouble(error, tools.log))
  let session: Session | null = null
  try {
    for (const task of tasks) {
      // A history of years takes some milliseconds to read; an edge may be due between two of them.
      await tools.waits.pause(0)
      if (tools.waits.ended) break
      try {
        const plan = plannedFor(task, tools)
        if (plan !== null) {
          session ??= await open(tools)
          await send(task, plan, session, tools)
        }
        undone.delete(task)
      } catch (error) {
        trouble(error)
        if (!concernsOneSeries(error)) break
      }
    }
  } finally {
    session?.close()
  }
  return { undone: [...undone], trouble: troubles[0] ?? null }
}

const sentOf = ({ id }: Task, { values }: RoundTools): Sent | null => values.get<Sent>(keyOf(id), aSent)

function plannedFor(task: Task, tools: RoundTools): Plan | null {
  const now = tools.clock.now()
  const { series, from, look } = task
  return planFor(series, sentOf(task, tools), { from: from ?? now, now, look })
}

async function open({ settings, clock, waits }: RoundTools): Promise<Session> {
  let forget = () => {}
  try {
    return await Session.open(settings, clock, giveUp => {
      forget = waits.onEnd(giveUp)
    })
  } finally {
    forget()
  }
}

async function send({ id, series }: Task, plan: Plan, session: Session, tools: RoundTools): Promise<void> {
  const { settings, clock, log, values, waits } = tools
  const forget = waits.onEnd(() => session.close())
  try {
    const { rows, wasOtherwise, sent } = await bring(series, plan, {
      recorder: session,
      now: clock.now(),
      wait: milliseconds => waits.pause(milliseconds),
      notWritten: count => notWritten(placeOf(settings.url), count, series.name),
    })
    values.set(keyOf(id), sent)
    if (wasOtherwise) log.warn({ statistic: id }, 'Home Assistant did not have the statistics that were left there')
    if (rows > 0)
      log.info({ statistic: id, hours: rows }, `hours of "${series.name}" are in Home Assistant's statistics`)
  } finally {
    forget()
  }
}

const concernsOneSeries = (error: unknown): boolean =>
  !isBridgeError(error) || ['HOMEASSISTANT_REFUSED', 'HOMEASSISTANT_NOT_WRITTEN'].includes(error.code)

/** What is not of our making comes from where the half hours are kept, or is a mistake of ours. */
function asTrouble(error: unknown, log: StatisticsLog): BridgeError {
  if (isBridgeError(error)) return error
  log.error({ err: error }, 'statistics for Home Assistant could not be put together')
  const message = `statistics for Home Assistant could not be put together: ${describeError(error)}`
  return new BridgeError('HOMEASSISTANT_NOT_WRITTEN', message)
}
