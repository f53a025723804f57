/** The doctor's way to Home Assistant, for its statistics: connects as the daemon does, and shows the token once. */
import type { Clock } from '../clock.ts'
import type { Config } from '../config/config.ts'
import { placeOf } from '../home-assistant/statistics/place.ts'
import { Session } from '../home-assistant/statistics/session.ts'
import { type Doctor, good } from './doctor.ts'

export interface HomeAssistantCheck {
  readonly doctor: Doctor
  readonly config: Config
  readonly clock: Clock
}

/** Says nothing where the configuration names no Home Assistant. */
export async function checkHomeAssistant({ doctor, config, clock }: HomeAssistantCheck): Promise<void> {
  const { url, token, caFile } = config.homeassistant
  if (url === undefined || token === undefined) return
  const start = { name: 'configuration', ok: true, value: { url, token, caFile } } as const
  await doctor.look('Home Assistant', start, async settings => {
    const session = await Session.open(settings, clock)
    try {
      await session.mayWrite()
      return good(`${placeOf(url)}, version ${session.version}; we may write statistics`, null)
    } finally {
      session.close()
    }
  })
}
