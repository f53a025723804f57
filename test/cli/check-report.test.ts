/** How the steps of `check` look: in a pipe, in a terminal, in a narrow one, in colour, as JSON. */
import { describe, expect, it } from '@jest/globals'
import { reportObject, stepBlock, stepLine, summary } from '../../src/cli/check-report.ts'
import type { Step } from '../../src/cli/doctor.ts'
import { COLOURED, PLAIN } from '../../src/cli/paint.ts'
import { displayWidth } from '../../src/cli/width.ts'

const STEPS: readonly Step[] = [
  { name: 'configuration', mark: 'ok', text: 'config.yaml', took: 0.2 },
  {
    name: 'Octopus API',
    mark: 'ok',
    text: 'https://api.octopus.energy answers over TLS and knows what we ask for',
    took: 431,
  },
  {
    name: 'key',
    mark: 'fail',
    text: 'Octopus does not know this API key: compare octopus.api_key with the one in your dashboard [OCTOPUS_KEY_REJECTED]',
    took: 1_240,
  },
  { name: 'account', mark: 'skip', text: 'not looked at, since it needs: key', took: null },
  {
    name: 'plug topic',
    mark: 'warn',
    text: 'ev/plugged said nothing in 3 s: publish ON there when the car is plugged in, or correct ev.plugged',
    took: 3_001,
  },
]

const shown = (columns: number, paint = PLAIN) => STEPS.flatMap(step => stepBlock(step, columns, paint))
const DOCS = 'https://github.com/octopus2mqtt/octopus2mqtt/blob/main/docs/errors.md#octopus_key_rejected'

describe('the steps of check', () => {
  it('are a line each in a pipe, with words that scripts look for', () => {
    expect(STEPS.map(step => stepLine(step, PLAIN))).toEqual([
      'ok    configuration   config.yaml',
      'ok    Octopus API     https://api.octopus.energy answers over TLS and knows what we ask for',
      'fail  key             Octopus does not know this API key: compare octopus.api_key with the one in your dashboard [OCTOPUS_KEY_REJECTED]',
      'skip  account         not looked at, since it needs: key',
      'warn  plug topic      ev/plugged said nothing in 3 s: publish ON there when the car is plugged in, or correct ev.plugged',
    ])
  })

  it('are a list in a terminal, with what to do and how long it took', () => {
    expect(shown(80)).toEqual([
      '✓ configuration   config.yaml',
      '✓ Octopus API     https://api.octopus.energy answers over TLS and knows what we',
      '                  ask for  431 ms',
      '✗ key             Octopus does not know this API key  1.2 s',
      '                  → compare octopus.api_key with the one in your dashboard',
      `                  ${DOCS}`,
      '· account         not looked at, since it needs: key',
      '! plug topic      ev/plugged said nothing in 3 s  3.0 s',
      '                  → publish ON there when the car is plugged in, or correct',
      '                    ev.plugged',
    ])
  })

  it.each([40, 49, 50, 60, 79])('stay within %i columns, addresses apart', columns => {
    const lines = shown(columns)
    expect(lines.filter(line => displayWidth(line) > columns && !line.includes('https://'))).toEqual([])
    const words = (text: string) => text.split(/\s+/).join(' ')
    expect(words(lines.join(' '))).toContain('publish ON there when the car is plugged in, or correct ev.plugged')
  })

  it('have names of their own lines in a very narrow one', () => {
    expect(shown(40).slice(0, 2)).toEqual(['✓ configuration', '    config.yaml'])
  })

  it('are the same in colour', () => {
    const coloured = shown(80, COLOURED)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours themselves
    expect(coloured.map(line => line.replaceAll(/\u001b\[\d+m/g, ''))).toEqual(shown(80))
    expect(coloured[3]).toBe(
      '\u001b[31m✗\u001b[39m \u001b[1mkey           \u001b[22m  Octopus does not know this API key  \u001b[2m1.2 s\u001b[22m',
    )
  })

  it('never let a terminal obey what somebody else wrote', () => {
    const evil: Step = { name: 'cars', mark: 'ok', text: 'Tesla\u001b[2J \u001b]0;x\u0007listens', took: null }
    for (const text of [stepLine(evil, PLAIN), ...stepBlock(evil, 80, PLAIN)]) expect(text).toMatch(/Tesla listens$/)
  })
})

describe('the last line', () => {
  it('names what failed and what is worth a look', () => {
    expect(summary(STEPS, 4_700, PLAIN)).toBe(
      'Of 5: 1 failed (key), 1 worth a look (plug topic), 1 not looked at (4.7 s)',
    )
    const later: Step = { name: 'dispatches', mark: 'wait', text: 'later', took: 1 }
    expect(summary([...STEPS.slice(0, 2), later], 80, PLAIN)).toBe('Of 3: 1 to be tried later (dispatches) (80 ms)')
    expect(summary(STEPS.slice(0, 2), 500, PLAIN)).toBe('All 2 are well (500 ms)')
    expect(summary(STEPS.slice(0, 2), 500, COLOURED)).toContain('\u001b[32mAll 2 are well')
  })
})

describe('the report for scripts', () => {
  it('has a code and a page for each trouble', () => {
    expect(reportObject(STEPS.slice(2, 4), 1_240.4)).toEqual({
      ok: false,
      took: 1240,
      steps: [
        {
          name: 'key',
          mark: 'fail',
          text: 'Octopus does not know this API key: compare octopus.api_key with the one in your dashboard',
          code: 'OCTOPUS_KEY_REJECTED',
          docs: DOCS,
          took: 1240,
        },
        {
          name: 'account',
          mark: 'skip',
          text: 'not looked at, since it needs: key',
          code: null,
          docs: null,
          took: null,
        },
      ],
    })
    expect(reportObject(STEPS.slice(0, 1), 1)).toMatchObject({ ok: true })
  })
})
