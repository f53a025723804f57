// `npm run torture`: compiles test/torture/ with what it uses and runs it. See docs/torture.md.
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const built = join(root, 'node_modules', '.cache', 'octopus2mqtt-torture')
const compiler = join(root, 'node_modules/typescript/bin/tsc')

process.chdir(root)
// Only what the command prints belongs on standard output: it may be JSON.
const { status } = spawnSync(process.execPath, [compiler, '-p', join(root, 'test/torture/tsconfig.json')], {
  stdio: ['ignore', 2, 2],
})
if (status === 0) {
  mkdirSync(built, { recursive: true })
  writeFileSync(join(built, 'package.json'), '{"type":"module"}\n')
  const { main } = await import(pathToFileURL(join(built, 'test/torture/main.js')).href)
  process.exitCode = await main(process.argv.slice(2))
} else process.exitCode = 3
