// A folder of tools with the sources that it uses, compiled when something in it is newer than the last time.
import { spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Milliseconds since the epoch at which the newest file inside was written. */
const newestIn = folder =>
  Math.max(
    ...readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => statSync(join(entry.parentPath, entry.name)).mtimeMs),
  )

/**
 * Compiles `<folder>/tsconfig.json` into `node_modules/.cache/<cache>` and gives the module `<folder>/main.js`. Ends the
 * process with 3 where it does not compile. `uses` are the other folders that it is compiled with.
 */
export async function compiled(folder, cache, uses) {
  const built = join(root, 'node_modules', '.cache', cache)
  const stamp = join(built, '.built')
  const newest = Math.max(...[folder, ...uses].map(newestIn))
  if (!existsSync(stamp) || statSync(stamp).mtimeMs < newest) {
    const compiler = join(root, 'node_modules/typescript/bin/tsc')
    // Only what the tool prints belongs on standard output: it may be JSON.
    const { status } = spawnSync(process.execPath, [compiler, '-p', join(root, folder, 'tsconfig.json')], {
      stdio: ['ignore', 2, 2],
    })
    if (status !== 0) process.exit(3)
    mkdirSync(built, { recursive: true })
    copyFileSync(join(root, 'package.json'), join(built, 'package.json'))
    // Files that the daemon reads and no compiler makes.
    if (uses.includes('src'))
      cpSync(join(root, 'src/status/assets'), join(built, 'src/status/assets'), { recursive: true })
    writeFileSync(stamp, '')
  }
  return import(pathToFileURL(join(built, folder, 'main.js')).href)
}
