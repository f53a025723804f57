// `npm test`: every test, in three runs of Jest. First all that needs no clock on the wall, on every core; then the
// integration tests one file after another, since some of them hold the daemon to milliseconds of real time; then the slice of
// simulated years, which takes every core for itself. A file that fails is run once more by itself, and said to have been: what a busy
// machine held up passes then, and what is wrong fails again. With arguments it is one run of Jest with these, and no second.
// Ends with a line "N passed, N failed".
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'

const given = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'octopus2mqtt-test-'))
const totals = { passed: 0, failed: 0, skipped: 0 }
const again = []

/** What one run came to; null where Jest itself failed. */
function jest(...args) {
  const file = join(folder, 'result.json')
  const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js']
  spawnSync(process.execPath, [...node, ...args, '--json', '--outputFile', file], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  } finally {
    rmSync(file, { force: true })
  }
}

/** Adds what the files of a result came to, apart from those that are run again. */
function count(result, without = []) {
  if (result === null) {
    totals.failed += 1
    return
  }
  for (const { name, status, assertionResults } of result.testResults) {
    if (without.includes(name)) continue
    const of = state => assertionResults.filter(test => test.status === state).length
    totals.passed += of('passed')
    totals.failed += of('failed') + (status === 'failed' && of('failed') === 0 ? 1 : 0)
    totals.skipped += of('pending') + of('todo')
  }
}

function run(args) {
  const result = jest(...args)
  const failed = result?.testResults.filter(({ status }) => status === 'failed').map(({ name }) => name) ?? []
  if (given.length > 0 || failed.length === 0) return count(result)
  count(result, failed)
  for (const file of failed) {
    again.push(relative(process.cwd(), file))
    console.error(`> ${relative(process.cwd(), file)} failed, and is run once more by itself`)
    count(jest('--runInBand', '--runTestsByPath', file))
  }
}

const runs =
  given.length > 0
    ? [given]
    : [
        ['--maxWorkers=100%', '--testPathIgnorePatterns', '/test/integration/', '/test/simulation/slice'],
        ['--runInBand', 'test/integration'],
        ['--runInBand', 'test/simulation/slice'],
      ]
for (const args of runs) run(args)
rmSync(folder, { recursive: true, force: true })

if (again.length > 0) console.log(`run a second time: ${again.join(', ')}`)
const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : ''
const line = `${totals.passed} passed, ${totals.failed} failed${skipped}`
if (process.env.TEST_RESULT) writeFileSync(process.env.TEST_RESULT, `${line}\n`)
console.log(line)
process.exitCode = totals.failed === 0 ? 0 : 1
