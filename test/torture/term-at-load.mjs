// Loaded into the daemon by `node --import`: asks it to stop while its parts are being loaded.
import { register } from 'node:module'
import { MessageChannel } from 'node:worker_threads'

const hooks = `
let port
export const initialize = data => { port = data.port }
export const load = (url, context, next) => {
  if (url.endsWith('/dist/bridge.js')) port.postMessage('now')
  return next(url, context)
}`
const { port1, port2 } = new MessageChannel()
port1.once('message', () => {
  port1.close()
  process.kill(process.pid, 'SIGTERM')
})
port1.unref()
register(`data:text/javascript,${encodeURIComponent(hooks)}`, { data: { port: port2 }, transferList: [port2] })
