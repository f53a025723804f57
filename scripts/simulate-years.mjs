// `npm run simulate:years`: compiles test/simulation with the sources it runs, and lives through years. See docs/reliability.md.
import { compiled } from './compiled.mjs'

const { main } = await compiled('test/simulation', 'octopus2mqtt-years', ['src'])
process.exitCode = await main(process.argv.slice(2))
