import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { notOurs } from '../../src/store/owner.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'octopus2mqtt-owner-'))
  file = join(folder, 'store.db')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('whose the store is', () => {
  it('is said where another user made it, with the command that gives it away', () => {
    writeFileSync(file, '')
    const { uid } = statSync(file)
    const me = uid + 1
    expect(notOurs(file, me)).toBe(
      `; ${file} belongs to user ${uid}, and this is user ${me}: sudo chown ${me} "${file}"*`,
    )
  })

  it('is told of the folder where there is no file yet', () => {
    const { uid } = statSync(folder)
    expect(notOurs(file, uid + 1)).toContain(
      `; the folder ${folder} belongs to user ${uid}, and this is user ${uid + 1}`,
    )
  })

  it('is not blamed where it is ours, for root, and where nothing can be told', () => {
    writeFileSync(file, '')
    expect(notOurs(file, statSync(file).uid)).toBe('')
    expect(notOurs(file, 0)).toBe('')
    expect(notOurs(join(file, 'below', 'store.db'), 12_345)).toBe('')
  })
})
