// `npm run torture`: compiles test/torture/ with what it uses and runs it. See docs/torture.md.
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compiled } from './compiled.mjs'

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))))
const { main } = await compiled('test/torture', 'octopus2mqtt-torture', ['src', 'test/support', 'test/integration'])
process.exitCode = await main(process.argv.slice(2))
