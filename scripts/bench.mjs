// `npm run bench [-- <name>]`: compiles bench/ with the sources it measures and runs it. See docs/performance.md.
import { compiled } from './compiled.mjs'

const { main } = await compiled('bench', 'octopus2mqtt-bench', ['src', 'test/support'])
process.exitCode = await main(process.argv.slice(2))
