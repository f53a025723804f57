/** Makes elements. Text is always text: nothing that came over the wire is ever read as HTML. */

const SVG = 'http://www.w3.org/2000/svg'

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value)
    else element.setAttribute(name, value === true ? '' : value)
  }
  element.append(...children.flat(4).filter(child => child !== null && child !== undefined))
  return element
}

export const h = (name, attributes, ...children) => filled(document.createElement(name), attributes, children)

export const s = (name, attributes, ...children) => filled(document.createElementNS(SVG, name), attributes, children)

export const byId = id => document.getElementById(id)

/** Writes only what is another thing: a screen reader says what changes, and a focus stays where it is. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text
}

const drawn = new Map()

/** Draws a part of the page anew where what it is made of has changed. */
export function part(id, from, draw) {
  const key = JSON.stringify(from) ?? ''
  if (drawn.get(id) === key) return
  drawn.set(id, key)
  byId(id).replaceChildren(...draw().flat())
}

export const pairs = list => list.map(([term, ...values]) => h('div', {}, h('dt', {}, term), h('dd', {}, ...values)))

/** `head` are the columns; a column that begins with `#` holds numbers. */
export function table(caption, head, rows) {
  const isNumber = head.map(name => name.startsWith('#'))
  const cell = (value, column) => h('td', { class: isNumber[column] ? 'number' : null }, value)
  return [
    h('caption', { class: 'hidden' }, caption),
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        head.map((name, column) =>
          h('th', { scope: 'col', class: isNumber[column] ? 'number' : null }, name.replace('#', '')),
        ),
      ),
    ),
    h(
      'tbody',
      {},
      rows.map(row => h('tr', {}, row.map(cell))),
    ),
  ]
}
