import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { systemClock } from '../../src/clock.ts'
import { aText } from '../../src/shape.ts'
import { openStore } from '../../src/store/open.ts'
import { collectGarbage } from './support/collect.ts'
import { temporaryFile } from './support/files.ts'

const here = (file: string): string => fileURLToPath(new URL(`./support/${file}`, import.meta.url))

const start = (path: string, limit: number, endless = ''): ChildProcess =>
  spawn(
    process.execPath,
    ['--import', here('typescript.mjs'), here('admitting-child.ts'), path, String(limit), endless],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )

const lines = (child: ChildProcess) => {
  if (child.stdout === null) throw new Error('The child has no output')
  return createInterface({ input: child.stdout })
}

describe('processes that share one file', () => {
  it('keeps every row that was written when a process is killed in the middle', async () => {
    const path = temporaryFile()
    const written: number[] = []
    for (let round = 1; round <= 3; round += 1) {
      const child = start(path, 1_000_000, 'endless')
      for await (const line of lines(child)) {
        if (line === 'ready') continue
        written.push(Number(line))
        if (written.length === round * 40) child.kill('SIGKILL')
      }
    }
    expect(written.length).toBeGreaterThanOrEqual(120)
    const store = openStore({ path, clock: systemClock })
    expect(store.degraded).toBeNull()
    expect(store.ledger.effectiveStarts('dispatch', systemClock.now()).length).toBeGreaterThanOrEqual(written.length)
    store.close()
  })

  it('admits no more than the limit to two processes together', async () => {
    const path = temporaryFile()
    // Made beforehand: a file that another process is just creating looks emptied, and then a call is taken to have begun.
    openStore({ path, clock: systemClock }).close()
    const children = [start(path, 20), start(path, 20)]
    const ids = await Promise.all(
      children.map(async child => {
        const admitted: number[] = []
        const ended = once(child, 'exit')
        for await (const line of lines(child)) if (line !== 'ready') admitted.push(Number(line))
        expect(await ended).toEqual([0, null])
        return admitted
      }),
    )
    expect(ids.flat().length).toBe(20)
    expect(new Set(ids.flat()).size).toBe(20)
  })

  // Where there is no /proc the child cannot know when to begin.
  const onLinux = process.platform === 'linux' ? it : it.skip
  onLinux('opens the file that is there now where it was replaced while it waited for its lock', async () => {
    const [path, other] = [temporaryFile(), temporaryFile('other.db')]
    for (const [file, word] of [
      [path, 'goes'],
      [other, 'comes'],
    ] as const) {
      const store = openStore({ path: file, clock: systemClock })
      store.values.set('word', word)
      store.close()
    }
    await collectGarbage()
    const child = spawn(
      process.execPath,
      ['--import', here('typescript.mjs'), here('replacing-child.ts'), path, other],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    await once(lines(child), 'line')
    const store = openStore({ path, clock: systemClock })
    expect(store.values.get('word', aText)).toBe('comes')
    store.close()
  })
})
