// Loaded into the daemon by `node --expose-gc --import`: each second a line of its memory and of how late its timers were.
import { appendFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'

const file = process.env.TORTURE_PROBE
const delay = monitorEventLoopDelay({ resolution: 10 })
delay.enable()
// What garbage there is says how lazy the collector was, not what is held: it goes first, every tenth time.
let ticks = 0
setInterval(() => {
  const late = delay.max / 1e6
  const mean = delay.mean / 1e6
  delay.reset()
  const collected = ticks++ % 10 === 0
  if (collected) globalThis.gc?.()
  const { rss, heapUsed } = process.memoryUsage()
  const cpu = process.cpuUsage()
  appendFileSync(
    file,
    `${JSON.stringify({ at: Date.now(), rss, heapUsed, collected, late, mean, cpu: (cpu.user + cpu.system) / 1e6 })}\n`,
  )
}, 1_000).unref()
