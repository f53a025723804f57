/** libsql gives a closed file back only when its statements are collected; another process need not wait for that. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** To be awaited once everything that was opened is closed and nothing holds it. */
export async function collectGarbage(): Promise<void> {
  for (let round = 0; round < 2; round += 1) {
    await new Promise(resolve => setImmediate(resolve))
    collect()
  }
}
