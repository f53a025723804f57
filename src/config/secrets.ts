/** Secrets and their `_file` twins. */

import { readBrokerUrl, splitCredentials } from './checks.ts'
import { type ConfigFiles, WHY_UNREAD } from './files.ts'
import type { Problems } from './problems.ts'
import { isMapping, type Mapping, type Tree } from './tree.ts'

const TWINS = [
  { section: 'octopus', key: 'api_key', twin: 'api_key_file' },
  { section: 'mqtt', key: 'password', twin: 'password_file' },
  { section: 'homeassistant', key: 'token', twin: 'token_file' },
] as const

/**
 * Replaces each `_file` key in `tree` by what the file holds, trimmed, and collects every secret that is known, so that no
 * message can repeat one.
 */
export function resolveSecrets(tree: Mapping, files: ConfigFiles, problems: Problems, secrets: Set<string>): void {
  const brokerPassword = isMapping(tree.mqtt) ? passwordIn(tree.mqtt.url) : undefined
  if (brokerPassword !== undefined) secrets.add(brokerPassword)
  for (const { section, key, twin } of TWINS) {
    const mapping = tree[section]
    if (!isMapping(mapping)) continue
    const file = mapping[twin]
    if (typeof mapping[key] === 'string') secrets.add(mapping[key].trim())
    if (file === undefined) continue
    if (mapping[key] !== undefined) {
      problems.add([section, twin], `give either ${key} or ${twin}, not both`)
      continue
    }
    if (typeof file !== 'string') continue
    const read = files.read(file)
    const value = 'text' in read ? read.text.trim() : ''
    if ('failed' in read) problems.add([section, twin], WHY_UNREAD[read.failed])
    else if (value === '') problems.add([section, twin], 'the file is empty')
    else {
      secrets.add(value)
      mapping[key] = value
    }
  }
}

function passwordIn(url: Tree | undefined): string | undefined {
  return typeof url === 'string' && 'value' in readBrokerUrl(url) ? splitCredentials(url).password : undefined
}
