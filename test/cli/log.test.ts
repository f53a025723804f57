/** The log: JSON for machines, lines for people in a terminal, and no secret in either. */
import { afterEach, describe, expect, it } from '@jest/globals'
import { createLog, type LogSettings } from '../../src/log.ts'
import { Redactor } from '../../src/redactor.ts'

const SECRET = 'sk_live_0123456789abcdef'
const before = { NO_COLOR: process.env.NO_COLOR, FORCE_COLOR: process.env.FORCE_COLOR }

afterEach(() => {
  for (const [name, value] of Object.entries(before)) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
})

async function written(format: LogSettings['format'], isTerminal: boolean): Promise<string> {
  delete process.env.FORCE_COLOR
  const redactor = new Redactor()
  redactor.add(SECRET)
  let text = ''
  const write = (line: string) => {
    text += line
  }
  const log = await createLog({ level: 'info', format }, redactor, { isTerminal, write })
  log.info({ meter: 'gas', percent: 40, key: SECRET }, 'history of meter readings')
  log.debug({}, 'not said')
  return text
}

describe('the log', () => {
  it('is JSON in a pipe, and where it is asked to be', async () => {
    for (const text of [await written(undefined, false), await written('json', true)]) {
      expect(JSON.parse(text)).toMatchObject({ level: 30, meter: 'gas', percent: 40, msg: 'history of meter readings' })
      expect(text).not.toContain(SECRET)
    }
  })

  it('is a line for people in a terminal, with a short time and colours', async () => {
    const text = await written(undefined, true)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours themselves
    expect(text).toMatch(/^\[\d\d:\d\d:\d\d\] \u001b\[32mINFO\u001b\[39m: \u001b\[36mhistory of meter readings/)
    expect(text).toContain('"percent":40')
    expect(text.trimEnd()).not.toContain('\n')
    expect(text).not.toContain(SECRET)
  })

  it('has no colours outside a terminal, nor for whom wants none', async () => {
    const piped = await written('pretty', false)
    expect(piped).toMatch(/^\[\d\d:\d\d:\d\d\] INFO: history of meter readings \{/)
    process.env.NO_COLOR = '1'
    expect((await written(undefined, true)).replace(/^\S+/, '')).toBe(piped.replace(/^\S+/, ''))
  })
})
