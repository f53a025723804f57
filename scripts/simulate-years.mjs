// `npm run simulate:years`: compiles test/simulation with the sources it runs, and lives through the years.
import { compileTo } from './compile.mjs'

const main = compileTo('test/simulation/tsconfig.json', 'octopus2mqtt-years', 'test/simulation/main.js')
if (main === null) process.exitCode = 3
else process.exitCode = await (await import(main)).main(process.argv.slice(2))
