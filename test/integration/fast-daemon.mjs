/**
 * The built daemon on a fast clock that it shares with the process that started it: `node fast-daemon.mjs <config> <speed>
 * <virtual> <monotonic>`, where the house's clock showed `virtual` when the machine's monotonic clock showed `monotonic`.
 */
import { readFileSync } from 'node:fs'
import { startBridge } from '../../dist/bridge.js'
import { askedToStop } from '../../dist/cli/exit.js'
import { redactorFor } from '../../dist/cli/load.js'
import { fastClock } from '../../dist/clock.js'
import { readConfig } from '../../dist/config/load.js'
import { createLog } from '../../dist/log.js'
import { PRESETS } from '../../dist/vehicle/presets.js'

const [file, speed, virtual, monotonic] = process.argv.slice(2)
const asked = askedToStop()
const gone = Number(process.hrtime.bigint() / 1_000n) / 1_000 - Number(monotonic)
const clock = fastClock(Number(speed), Number(virtual) + gone * Number(speed))
const config = readConfig(readFileSync(file, 'utf8'), file, { env: {}, cwd: process.cwd(), presets: PRESETS })
const redactor = redactorFor(config)
const bridge = await startBridge({ config, clock, log: await createLog(config.log, redactor), redactor })
await asked
await bridge.stop()
process.exit(0)
