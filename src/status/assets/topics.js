/** The topics with what they hold. Rows stay the same elements, so that a focus on a button stays where it is. */
import { byId, h, say } from './dom.js'

const rows = new Map()
let said = () => {}

/** Where the page is served over plain HTTP there is no clipboard to write to but this old way. */
async function copy(text) {
  if (navigator.clipboard !== undefined && window.isSecureContext) {
    try {
      return await navigator.clipboard.writeText(text)
    } catch {
      // Not allowed: the old way may be.
    }
  }
  const field = h('textarea', { 'aria-hidden': 'true', tabindex: '-1', class: 'hidden' })
  field.value = text
  const before = document.activeElement
  document.body.append(field)
  field.select()
  const done = document.execCommand('copy')
  field.remove()
  before?.focus()
  if (!done) throw new Error('this browser does not let a page copy')
}

async function whole(line) {
  if (!line.isCut) return line.payload
  const answer = await fetch(`api/topic?name=${encodeURIComponent(line.topic)}`)
  if (!answer.ok) throw new Error(`the payload could not be fetched (${answer.status})`)
  return answer.text()
}

const copying = (what, make) => () =>
  make()
    .then(copy)
    .then(() => said(`Copied: ${what}`))
    .catch(error => said(`Not copied: ${error.message}`))

function rowOf(topic) {
  const row = { line: null }
  const name = h('p', { class: 'name' })
  const payload = h('p', {}, h('code', {}))
  const button = (label, text, make) =>
    h('button', { type: 'button', 'aria-label': `${label} ${topic}`, onclick: copying(text, make) }, label)
  row.element = h(
    'div',
    { class: 'topic' },
    h('div', {}, h('p', {}, h('code', {}, topic)), name),
    payload,
    h(
      'div',
      { class: 'buttons' },
      button('Copy topic', topic, async () => topic),
      button('Copy payload', `payload of ${topic}`, () => whole(row.line)),
    ),
  )
  row.show = line => {
    row.line = line
    say(name, line.name === null ? '' : line.unit === null ? line.name : `${line.name}, ${line.unit}`)
    say(payload.firstChild, line.payload === '' ? '(empty)' : line.isCut ? `${line.payload}…` : line.payload)
  }
  return row
}

const groups = new Map()

function groupOf(device) {
  const known = groups.get(device)
  if (known !== undefined) return known
  const title = h('summary', {}, h('h3', {}, device.replaceAll('_', ' ')))
  const group = h('details', { class: 'group' }, title)
  groups.set(device, group)
  byId('topics').append(group)
  return group
}

export function showTopics(lines, tell) {
  said = tell
  const left = new Set(rows.keys())
  for (const line of lines) {
    left.delete(line.topic)
    let row = rows.get(line.topic)
    if (row === undefined) {
      row = rowOf(line.topic)
      rows.set(line.topic, row)
      groupOf(line.device).append(row.element)
    }
    row.show(line)
  }
  for (const topic of left) {
    rows.get(topic).element.remove()
    rows.delete(topic)
  }
  filterTopics(byId('filter').value)
}

export function filterTopics(text) {
  const wanted = text.trim().toLowerCase()
  for (const [topic, { element, line }] of rows)
    element.hidden = !`${topic} ${line.name ?? ''}`.toLowerCase().includes(wanted)
  for (const group of groups.values()) {
    group.hidden = [...group.children].every((child, index) => index === 0 || child.hidden)
    if (wanted !== '' && !group.hidden) group.open = true
  }
}
