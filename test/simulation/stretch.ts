/** One stretch in a process of its own: what `stretches.ts` starts. */
import { main } from './main.ts'

process.exitCode = await main(process.argv.slice(2))
// What a world left behind (handles of libraries) must not keep the process.
process.stdout.write('', () => process.exit())
