/** Constants of this installation, drawn once and kept: they spread all installations over the minute and the hour. */
import { HOUR, SECOND } from '../clock.ts'
import type { Phases } from '../intelligent/candidate.ts'
import { aNumber, fields } from '../shape.ts'
import type { Values } from '../store/values.ts'

export interface Installation extends Phases {
  /** 0–60 min: when in the hour meter readings are asked for. */
  readonly readings: number
}

const KEY = 'installation'

const anInstallation = fields<Installation>({
  steady: aNumber(0, 60 * SECOND),
  mark: aNumber(0, 10 * SECOND),
  readings: aNumber(0, HOUR),
})

export function installation(values: Values, random: () => number): Installation {
  const known = values.get<Installation>(KEY, anInstallation)
  if (known !== null) return known
  const drawn: Installation = {
    steady: Math.floor(random() * 60 * SECOND),
    mark: Math.floor(random() * 10 * SECOND),
    readings: Math.floor(random() * HOUR),
  }
  values.set(KEY, drawn)
  return drawn
}
