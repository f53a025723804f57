/** Checks a configuration while it is typed. */
import { byId, h, say } from './dom.js'

const PAUSE = 250
const field = byId('text')
let waiting = 0
let asked = 0

function jumpTo(line) {
  const lines = field.value.split('\n')
  const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0)
  field.focus()
  field.setSelectionRange(start, start + (lines[line - 1] ?? '').length)
}

function show(problems) {
  const count = problems.length
  say(byId('verdict'), count === 0 ? 'Nothing is wrong with it.' : `${count} ${count === 1 ? 'problem' : 'problems'}`)
  byId('problems').replaceChildren(
    ...problems.map(({ line, path, message }) =>
      h(
        'li',
        {},
        line === null
          ? ''
          : h(
              'button',
              { type: 'button', onclick: () => jumpTo(line), 'aria-label': `Go to line ${line}` },
              `line ${line}`,
            ),
        ' ',
        path === '' ? '' : h('code', {}, path),
        path === '' ? message : `: ${message}`,
      ),
    ),
  )
}

async function check() {
  asked += 1
  const mine = asked
  try {
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ text: field.value })
    const answer = await fetch('api/check-config', { method: 'POST', headers, body })
    if (answer.status === 413) throw new Error('this is too long for a configuration')
    if (!answer.ok) throw new Error(`octopus2mqtt answered ${answer.status}`)
    const { problems } = await answer.json()
    if (mine === asked) show(problems)
  } catch (error) {
    if (mine === asked) say(byId('verdict'), `Not checked: ${error.message}`)
  }
}

field.addEventListener('input', () => {
  clearTimeout(waiting)
  waiting = setTimeout(check, PAUSE)
})
byId('copy').addEventListener('click', () => {
  field.select()
  say(byId('verdict'), document.execCommand('copy') ? 'Copied.' : 'Not copied: select the text and copy it by hand.')
})

const example = await fetch('api/example')
field.value = (await example.json()).text
await check()
