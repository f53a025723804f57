/** What must be right between keys. Works on the tree, valid or not, so that every problem is told at once. */
import { readBrokerUrl, splitCredentials } from './checks.ts'
import { type ConfigFiles, WHY_UNREAD } from './files.ts'
import type { Problems } from './problems.ts'
import { isMapping, type Mapping, type Tree } from './tree.ts'
import { readDuration, readTimeOfDay } from './values.ts'
import { FIELDS } from './walk.ts'

export interface Needs {
  readonly octopus: boolean
  readonly broker: boolean
}

export function crossCheck(tree: Mapping, needs: Needs, files: ConfigFiles, problems: Problems): void {
  checkRequired(tree, needs, problems)
  checkBroker(tree, problems)
  checkHomeAssistant(tree, problems)
  checkFiles(tree, files, problems)
  checkNights(tree, problems)
  checkLimits(tree, problems)
}

function at(tree: Mapping, path: readonly string[]): Tree | undefined {
  let node: Tree | undefined = tree
  for (const step of path) node = isMapping(node) ? node[step] : undefined
  return node
}

function textAt(tree: Mapping, ...path: string[]): string | undefined {
  const node = at(tree, path)
  return typeof node === 'string' ? node.trim() : undefined
}

function checkRequired(tree: Mapping, needs: Needs, problems: Problems): void {
  const isMissing = (section: string, ...keys: string[]) =>
    (tree[section] === undefined || isMapping(tree[section])) &&
    keys.every(key => at(tree, [section, key]) === undefined)
  if (needs.octopus && isMissing('octopus', 'api_key', 'api_key_file')) {
    problems.add(['octopus', 'api_key'], 'required; give it here, in octopus.api_key_file or as OCTOPUS_API_KEY')
  }
  if (needs.broker && isMissing('mqtt', 'url')) {
    problems.add(['mqtt', 'url'], 'required, such as mqtt://localhost:1883; give it here or as MQTT_URL')
  }
}

function checkBroker(tree: Mapping, problems: Problems): void {
  for (const [one, other] of [
    ['cert_file', 'key_file'],
    ['key_file', 'cert_file'],
  ] as const) {
    if (textAt(tree, 'mqtt', one) !== undefined && textAt(tree, 'mqtt', other) === undefined) {
      problems.add(['mqtt', one], `needs ${other} beside it`)
    }
  }
  const url = textAt(tree, 'mqtt', 'url')
  const split = url !== undefined && 'value' in readBrokerUrl(url) ? splitCredentials(url) : undefined
  const username = textAt(tree, 'mqtt', 'username') ?? ''
  const password = textAt(tree, 'mqtt', 'password') ?? ''
  if (username !== '' && split?.username !== undefined) {
    problems.add(['mqtt', 'username'], 'the user name stands here and in mqtt.url; give it once')
  }
  if (password !== '' && split?.password !== undefined) {
    problems.add(['mqtt', 'password'], 'the password stands here and in mqtt.url; give it once')
  }
  if ((password !== '' || split?.password !== undefined) && username === '' && split?.username === undefined) {
    problems.add(['mqtt', 'username'], 'required where there is a password')
  }
}

function checkHomeAssistant(tree: Mapping, problems: Problems): void {
  const url = textAt(tree, 'homeassistant', 'url')
  const token = textAt(tree, 'homeassistant', 'token') ?? textAt(tree, 'homeassistant', 'token_file')
  if (url !== undefined && token === undefined) {
    problems.add(['homeassistant', 'token'], 'required where there is a url; give it here or in token_file')
  }
  for (const key of ['token', 'token_file', 'ca_file']) {
    const isGiven = textAt(tree, 'homeassistant', key) !== undefined
    // A token that came from its file stands in both places.
    const isCopy = key === 'token' && textAt(tree, 'homeassistant', 'token_file') !== undefined
    if (url === undefined && isGiven && !isCopy) problems.add(['homeassistant', key], 'needs url beside it')
  }
}

function checkFiles(tree: Mapping, files: ConfigFiles, problems: Problems): void {
  for (const { path, form } of FIELDS) {
    const file = form?.file === 'must' ? textAt(tree, ...path) : undefined
    if (file === undefined || file === '') continue
    const read = files.read(file)
    if ('failed' in read) problems.add(path, WHY_UNREAD[read.failed])
  }
}

/** Mappings of a start and an end, with what they are by default. */
const NIGHTS = [
  [
    ['intelligent', 'off_peak'],
    ['23:30', '05:30'],
  ],
  [
    ['energy', 'economy7'],
    ['00:30', '07:30'],
  ],
] as const

function checkNights(tree: Mapping, problems: Problems): void {
  for (const [path, defaults] of NIGHTS) {
    const start = readTimeOfDay(textAt(tree, ...path, 'start') ?? defaults[0])
    const end = readTimeOfDay(textAt(tree, ...path, 'end') ?? defaults[1])
    if ('value' in start && 'value' in end && start.value === end.value)
      problems.add(path, 'start and end are the same time')
  }
}

/** What is known to be acceptable to Octopus; a simulator does not mind. */
const MOST_PER_HOUR = 20
const LEAST_GAP = 60_000
// A name with the root's dot is the same host.
const PUBLIC_HOST = /(^|\.)(octopus\.energy|oegb-kraken\.energy)\.?$/i

function checkLimits(tree: Mapping, problems: Problems): void {
  const perHour = Number(textAt(tree, 'limits', 'dispatch_requests_per_hour') ?? MOST_PER_HOUR)
  if (Number(textAt(tree, 'limits', 'reserve_for_events') ?? 0) > perHour / 2) {
    problems.add(['limits', 'reserve_for_events'], 'must be at most half of dispatch_requests_per_hour')
  }
  const url = textAt(tree, 'octopus', 'graphql_url')
  const isPublic = url === undefined || (URL.canParse(url) && PUBLIC_HOST.test(new URL(url).hostname))
  if (!isPublic) return
  const gap = readDuration(textAt(tree, 'limits', 'dispatch_min_gap') ?? '60s')
  if (perHour > MOST_PER_HOUR) {
    problems.add(['limits', 'dispatch_requests_per_hour'], `towards Octopus itself at most ${MOST_PER_HOUR}`)
  }
  if ('value' in gap && gap.value < LEAST_GAP) {
    problems.add(['limits', 'dispatch_min_gap'], 'towards Octopus itself at least 60s')
  }
}
