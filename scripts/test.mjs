// `npm test`: every test, in three runs of Jest. First all that needs no clock on the wall, on every core; then the
// integration tests one file after another, since some of them hold the daemon to milliseconds of real time; then the slice of
// simulated years, which takes every core for itself. With arguments it is one run of Jest with these. Ends with a line "N passed, N failed".
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const given = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'octopus2mqtt-test-'))
const totals = { passed: 0, failed: 0, skipped: 0 }

function jest(...args) {
  const file = join(folder, 'result.json')
  const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js']
  const { status } = spawnSync(process.execPath, [...node, ...args, '--json', '--outputFile', file], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  try {
    const result = JSON.parse(readFileSync(file, 'utf8'))
    totals.passed += result.numPassedTests
    totals.failed += result.numFailedTests + result.numRuntimeErrorTestSuites
    totals.skipped += result.numPendingTests
  } catch {
    totals.failed += 1
  }
  rmSync(file, { force: true })
  return status === 0
}

const runs =
  given.length > 0
    ? [given]
    : [
        ['--maxWorkers=100%', '--testPathIgnorePatterns', '/test/integration/', '/test/simulation/slice'],
        ['--runInBand', 'test/integration'],
        ['--runInBand', 'test/simulation/slice'],
      ]
const good = runs.map(args => jest(...args)).every(Boolean)
rmSync(folder, { recursive: true, force: true })

const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : ''
const line = `${totals.passed} passed, ${totals.failed} failed${skipped}`
if (process.env.TEST_RESULT) writeFileSync(process.env.TEST_RESULT, `${line}\n`)
console.log(line)
process.exitCode = good && totals.failed === 0 ? 0 : 1
