// Does a fresh clone's set-up before a command: installs the locked dependencies when they are missing or older than
// the lock file, builds when a source is newer than the last build, then runs what stands behind `--`.
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, lstatSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const args = process.argv.slice(2)
const separator = args.indexOf('--')
const flags = separator === -1 ? args : args.slice(0, separator)
const command = separator === -1 ? [] : args.slice(separator + 1)

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`octopus2mqtt needs Node.js 20.19 or newer; this is ${process.versions.node}`)
  process.exit(3)
}

const modifiedAt = path => (existsSync(path) ? statSync(path).mtimeMs : 0)

function newestIn(folder) {
  let newest = 0
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    newest = Math.max(newest, entry.isDirectory() ? newestIn(path) : modifiedAt(path))
  }
  return newest
}

function step(what, program, programArgs) {
  console.error(`> ${what}`)
  const result = spawnSync(program, programArgs, { cwd: root, stdio: ['ignore', 2, 2] })
  if (result.status !== 0) {
    console.error(`> ${what}: failed`)
    process.exit(3)
  }
}

const installed = join(root, 'node_modules', '.package-lock.json')
if (modifiedAt(installed) < modifiedAt(join(root, 'package-lock.json'))) {
  // npm would empty the folder that it leads to, which somebody else works with.
  if (lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) {
    console.error(
      'node_modules is a link to dependencies that are older than package-lock.json: remove the link, or run npm ci where it leads',
    )
    process.exit(3)
  }
  step('installing dependencies (once)', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  writeFileSync(join(root, 'node_modules', '.setup'), '')
}

const built = join(root, 'dist', '.built')
if (flags.includes('--build')) {
  const inputs = [join(root, 'package.json'), join(root, 'tsconfig.json'), join(root, 'tsconfig.build.json')]
  const newest = Math.max(newestIn(join(root, 'src')), ...inputs.map(modifiedAt))
  if (modifiedAt(built) < newest) {
    step('building', process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'])
    mkdirSync(dirname(built), { recursive: true })
    cpSync(join(root, 'src/status/assets'), join(root, 'dist/status/assets'), { recursive: true })
    writeFileSync(built, '')
  }
}

if (command.length > 0) {
  const [program, ...programArgs] = command
  const child = spawn(program === 'node' ? process.execPath : program, programArgs, { stdio: 'inherit' })
  // npm sends these to its shell, which would keep them to itself: the scripts of package.json begin with `exec`.
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  // A terminal gives Ctrl-C to the whole group, so the child has it already; twice would mean "at once".
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
  child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : (code ?? 1)))
}
