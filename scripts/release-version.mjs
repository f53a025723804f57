// `node scripts/release-version.mjs v1.2.3`: prints 1.2.3 where the package, its lock file, the Home Assistant app, the app's image and
// CHANGELOG.md are all of that version; else it says which is not, and ends with 1. The release workflow asks it first.
import { readFileSync } from 'node:fs'

const read = file => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')
const json = file => JSON.parse(read(file)).version
const all = (file, pattern) => [...read(file).matchAll(pattern)].map(([, version]) => version)

const APP = 'packaging/home-assistant-app'
const [, tag] = /^v(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)$/.exec(process.argv[2] ?? '') ?? []
const places = [
  ['package.json', [json('package.json')]],
  ['package-lock.json', [json('package-lock.json')]],
  [`${APP}/config.yaml`, all(`${APP}/config.yaml`, /^version: "(.+)"$/gm)],
  [`${APP}/Dockerfile`, all(`${APP}/Dockerfile`, /^ARG VERSION=(.+)$/gm)],
  [`${APP}/CHANGELOG.md`, all(`${APP}/CHANGELOG.md`, /^## (\S+)/gm).slice(0, 1)],
  ['CHANGELOG.md', all('CHANGELOG.md', /^## (\S+)/gm).slice(0, 1)],
]

if (tag === undefined) {
  console.error('expected a tag such as v1.2.3')
  process.exit(1)
}
const wrong = places.filter(([, versions]) => versions.length === 0 || versions.some(version => version !== tag))
for (const [file, versions] of wrong)
  console.error(`${file} is of ${versions.join(' and ') || 'no version'}, not of ${tag}`)
if (wrong.length > 0) process.exit(1)
console.log(tag)
