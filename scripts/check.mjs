// Everything that can be said about the source without running it as a daemon: types, lint, format, folder walls.
import { spawnSync } from 'node:child_process'

const node = (...args) => [process.execPath, args]
const steps = [
  ['types', ...node('node_modules/typescript/bin/tsc', '-p', 'tsconfig.json')],
  ['lint and format', ...node('node_modules/@biomejs/biome/bin/biome', 'ci', '--error-on-warnings', '.')],
  [
    'folder walls',
    ...node(
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      'node_modules/jest/bin/jest.js',
      'test/architecture',
    ),
  ],
]

let failed = 0
for (const [name, program, args] of steps) {
  console.log(`> ${name}`)
  const { status } = spawnSync(program, args, { stdio: 'inherit' })
  if (status !== 0) failed += 1
}
console.log(failed === 0 ? '> all well' : `> ${failed} of ${steps.length} failed`)
process.exitCode = failed === 0 ? 0 : 1
