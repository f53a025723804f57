// Makes the generated pages anew: docs/configuration.md, docs/commands.md, docs/entities.md, docs/dispatch-truth.md,
// docs/metrics.md, the pictures of docs/intelligent.md, the app's translations and the golden files.
// The tests of all but the first two write them when asked to, and fail when they are not current otherwise.
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { commandsPage } from '../dist/cli/commands-page.js'
import { referencePage } from '../dist/config/reference-page.js'

writeFileSync(new URL('../docs/configuration.md', import.meta.url), referencePage())
writeFileSync(new URL('../docs/commands.md', import.meta.url), commandsPage())

const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js']
const env = { ...process.env, UPDATE_DOCS: '1', UPDATE_GOLDEN: '1' }
const tests = [
  'test/config',
  'test/entities',
  'test/home-assistant',
  'test/intelligent/situations',
  'test/docs/intelligent',
  'test/status/metrics',
  'test/packaging',
]
const { status } = spawnSync(process.execPath, [...jest, ...tests], { stdio: 'inherit', env })
spawnSync(process.execPath, ['node_modules/@biomejs/biome/bin/biome', 'check', '--write', 'test/home-assistant'], {
  stdio: 'inherit',
})
process.exitCode = status ?? 1
