/** What a run of kills counts as it goes. */
import type { Moment } from './moments.ts'

export class Tally {
  readonly moments: Moment[] = []
  readonly violations: string[] = []
  /** From the start of a process to its `online`, real milliseconds. */
  readonly online: number[] = []
  houses = 0
  messages = 0
  requests = 0
  worstHour = 0
  mints = 0
  mostMints = 0
}
