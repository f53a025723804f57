// `npm run bench [-- <name>]`: compiles bench/ with the sources it measures and runs it. See docs/performance.md.
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const built = join(root, 'node_modules', '.cache', 'octopus2mqtt-bench')
const compiler = join(root, 'node_modules/typescript/bin/tsc')

/** Milliseconds since the epoch at which the newest file inside was written. */
const newestIn = folder =>
  Math.max(
    ...readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => statSync(join(entry.parentPath, entry.name)).mtimeMs),
  )

const stamp = join(built, '.built')
const isCurrent =
  existsSync(stamp) && statSync(stamp).mtimeMs > Math.max(...['src', 'bench', 'test/support'].map(newestIn))

// Only what the command prints belongs on standard output: it may be JSON.
const compile = () =>
  spawnSync(process.execPath, [compiler, '-p', join(root, 'bench/tsconfig.json')], { stdio: ['ignore', 2, 2] }).status
if (isCurrent || compile() === 0) {
  if (!isCurrent) {
    mkdirSync(built, { recursive: true })
    copyFileSync(join(root, 'package.json'), join(built, 'package.json'))
    writeFileSync(stamp, '')
  }
  const { main } = await import(pathToFileURL(join(built, 'bench/main.js')).href)
  process.exitCode = await main(process.argv.slice(2))
} else process.exitCode = 3
