/** A process that lives through one stretch after the other, as it is told to: what `stretches.ts` starts. */
import { liveThrough, type StretchOptions } from './year.ts'

process.on('message', async (options: StretchOptions) => {
  process.send?.(await liveThrough(options))
})
// Whoever asked is gone.
process.on('disconnect', () => process.exit())
