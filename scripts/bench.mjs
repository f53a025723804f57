// `npm run bench [-- <name>]`: compiles bench/ with the sources it measures and runs it. See docs/performance.md.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const built = join(root, 'node_modules', '.cache', 'octopus2mqtt-bench')
const compiler = join(root, 'node_modules/typescript/bin/tsc')

// Only what the command prints belongs on standard output: it may be JSON.
const { status } = spawnSync(process.execPath, [compiler, '-p', join(root, 'bench/tsconfig.json')], {
  stdio: ['ignore', 2, 2],
})
if (status === 0) {
  mkdirSync(built, { recursive: true })
  copyFileSync(join(root, 'package.json'), join(built, 'package.json'))
  const { main } = await import(pathToFileURL(join(built, 'bench/main.js')).href)
  process.exitCode = await main(process.argv.slice(2))
} else process.exitCode = 3
