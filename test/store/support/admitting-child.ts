/** Admits calls as fast as it is allowed, and prints each id once its row is written. Arguments: file, limit, endless. */
import { HOUR, systemClock } from '../../../src/clock.ts'
import { openStore } from '../../../src/store/open.ts'

const [, , path = '', limit = '0', endless = ''] = process.argv
const store = openStore({ path, clock: systemClock })
process.stdout.write('ready\n')
for (let tries = 0; endless !== '' || tries < 60; tries += 1) {
  const answer = store.ledger.admit({
    kind: 'dispatch',
    callClass: 'event',
    operation: 'Poll',
    firstAllowed: (history, now) => (history.length < Number(limit) ? now : now + HOUR),
  })
  if (answer.admitted) process.stdout.write(`${answer.id}\n`)
  // Give the other process a chance, as a real caller would.
  await new Promise(resolve => setImmediate(resolve))
}
store.close()
