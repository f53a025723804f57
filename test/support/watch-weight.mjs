// `node --import`ed before a program: says at its end which heavy parts of Node.js it took: its `fetch`, WebAssembly of anybody's, and
// the tables of languages and time zones. Each is megabytes for as long as a process runs.
import { writeSync } from 'node:fs'

const taken = new Set()

for (const name of Object.getOwnPropertyNames(Intl)) {
  if (typeof Intl[name] !== 'function' || !/^[A-Z]/.test(name)) continue
  const noted =
    of =>
    (made, ...rest) => {
      taken.add(`Intl.${name}`)
      return of(made, ...rest)
    }
  Intl[name] = new Proxy(Intl[name], { construct: noted(Reflect.construct), apply: noted(Reflect.apply) })
}
for (const name of ['compile', 'instantiate']) {
  const real = WebAssembly[name]
  WebAssembly[name] = (...args) => {
    taken.add('WebAssembly')
    return real(...args)
  }
}
process.on('exit', () => {
  if (process.moduleLoadList.some(name => name.endsWith('/undici'))) taken.add('fetch')
  writeSync(2, `heavy parts taken: ${[...taken].sort().join(' ') || 'none'}\n`)
})
