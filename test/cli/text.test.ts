/** The small parts of which every screen is made: widths, wrapping, tables, bars, times, colours. */
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { bar, progress, timeLeft } from '../../src/cli/bar.ts'
import { didYouMean } from '../../src/cli/did-you-mean.ts'
import { LiveLine } from '../../src/cli/live.ts'
import { localTime, withLocalTimes } from '../../src/cli/local-time.ts'
import { COLOURED, paintFor } from '../../src/cli/paint.ts'
import { span } from '../../src/cli/span.ts'
import { table } from '../../src/cli/table.ts'
import { cut, displayWidth, padTo, tame, wrap } from '../../src/cli/width.ts'
import { wantsColour } from '../../src/colour.ts'

describe('width', () => {
  it.each([
    ['Family car', 10],
    ['Škoda Enyaq', 11],
    ['e\u0301', 1],
    ['家の車', 6],
    ['🚗', 2],
    ['👩‍🔧', 2],
    ['⚡️', 2],
    ['✓ — £', 5],
    ['\u001b[32mok\u001b[39m', 2],
    ['a\u200bb', 2],
    ['', 0],
  ])('of %p is %i', (text, width) => {
    expect(displayWidth(text)).toBe(width)
  })

  it('pads and cuts by it, and splits no character', () => {
    expect(padTo('家', 4)).toBe('家  ')
    expect(cut('家の車です', 6)).toBe('家の…')
    expect(cut('👩‍🔧👩‍🔧', 3)).toBe('👩‍🔧…')
    expect(cut('short', 5)).toBe('short')
  })

  it('takes out of the words of others what a terminal would obey', () => {
    expect(tame('Tesla\u001b[2J\u001b]0;owned\u0007\r\n model\u202e 3\u0000')).toBe('Tesla model 3')
  })

  it('wraps at spaces, keeps every word, and breaks none', () => {
    expect(wrap('compare octopus.api_key with your dashboard', 20)).toEqual([
      ...['compare', 'octopus.api_key with', 'your dashboard'],
    ])
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z家é]{1,12}$/)), fc.integer({ min: 1, max: 40 }), (words, width) => {
        const lines = wrap(words.join(' '), width)
        expect(lines.join(' ')).toBe(words.join(' '))
        for (const line of lines) expect(displayWidth(line) <= width || !line.includes(' ')).toBe(true)
      }),
    )
  })
})

describe('table', () => {
  const header = ['car', 'provider', 'battery']
  const rows = [
    ['家の車', 'TESLA', '75 kWh'],
    ['Zoe', '-', '-'],
  ]

  it('aligns by what the eye sees', () => {
    expect(table(header, rows)).toEqual([
      ...['car     provider  battery', '家の車  TESLA     75 kWh', 'Zoe     -         -'],
    ])
  })

  it('becomes names and values where the terminal is too narrow, and cuts nothing', () => {
    expect(table(header, rows, { columns: 24 })).toEqual([
      ...['car       家の車', 'provider  TESLA', 'battery   75 kWh', ''],
      ...['car       Zoe', 'provider  -', 'battery   -'],
    ])
    expect(table(header, rows, { columns: 25 })).toHaveLength(3)
  })

  it('colours its header alone', () => {
    expect(table(header, rows, { paint: COLOURED })).toEqual([
      '\u001b[1mcar     provider  battery\u001b[22m',
      ...table(header, rows).slice(1),
    ])
  })
})

describe('bar', () => {
  it('fills by eighths of a column', () => {
    expect([0, 0.5, 0.55, 1, 7, -1].map(done => bar(done, 4))).toEqual([
      ...['░░░░', '██░░', '██▎░', '████', '████', '░░░░'],
    ])
    expect(progress(0.5, 12_000, 4)).toBe('██░░  50 %  about 12 s left')
    expect(progress(0.999, null, 4)).toBe('████  99 %')
  })

  it('knows what is left by the pace so far', () => {
    expect([timeLeft(0.25, 10), timeLeft(1, 10), timeLeft(0, 10), timeLeft(0.5, 0)]).toEqual([30, 0, null, null])
  })
})

describe('the line at the bottom', () => {
  it('is written over, never wider than the terminal, and leaves nothing behind', () => {
    const written: string[] = []
    const live = new LiveLine({ columns: 10, write: text => written.push(text) })
    live.clear()
    live.show('looking at: DNS')
    live.show('looking at: DNS')
    live.clear()
    live.clear()
    expect(written).toEqual(['\r\u001b[Klooking…', '\r\u001b[K'])
  })
})

describe('time', () => {
  const now = Date.parse('2026-11-24T17:50:00Z')

  it('is said as it is in London, with the zone, and with the day where it is another', () => {
    const said = ['2026-11-24T18:05:00Z', '2026-11-25T01:30:00Z', '2026-06-01T22:59:07Z', '2027-01-01T00:00:00Z'].map(
      at => localTime(Date.parse(at), now),
    )
    expect(said).toEqual([
      ...['18:05 GMT', 'Wed 25 Nov 01:30 GMT', 'Mon 1 Jun 23:59:07 BST', 'Fri 1 Jan 2027 00:00 GMT'],
    ])
  })

  it('is found in a sentence', () => {
    expect(withLocalTimes('no request before 2026-07-01T17:50:33.250Z: run check again', now)).toBe(
      'no request before Wed 1 Jul 18:50:33 BST: run check again',
    )
    expect(withLocalTimes('(from 2026-11-23), 2026-99-99T00:00Z', now)).toBe('(from 2026-11-23), 2026-99-99T00:00Z')
  })

  it('of an hour that there is twice says which', () => {
    const [first, second] = ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'].map(at =>
      localTime(Date.parse(at), Date.parse(at)),
    )
    expect([first, second]).toEqual(['01:30 BST', '01:30 GMT'])
  })

  it('that something took is as exact as anybody needs', () => {
    const spans = [0, 35.4, 994, 996, 1_449, 9_940, 9_960, 59_400, 59_600, 3_569_000, 3_571_000, 7_500_000]
    expect(spans.map(span)).toEqual([
      ...['0 ms', '35 ms', '994 ms', '1.0 s', '1.4 s', '9.9 s', '10 s', '59 s', '1 min', '59 min', '1 h', '2 h 5 min'],
    ])
  })
})

describe('colour', () => {
  it.each([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [true, { TERM: 'dumb' }, false],
    [false, { FORCE_COLOR: '1' }, true],
    [false, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
    [true, { FORCE_COLOR: '0' }, false],
  ])('in a terminal: %p, with %p: %p', (isTerminal, env, wanted) => {
    expect(wantsColour(isTerminal, env)).toBe(wanted)
  })

  it('is what styleText makes, or nothing', () => {
    expect(paintFor(true)('bad', 'no')).toBe('\u001b[31mno\u001b[39m')
    expect(paintFor(true)('strong', 'ON')).toMatch(/ON/)
    expect(paintFor(true)('bad', '')).toBe('')
    expect(paintFor(false)('bad', 'no')).toBe('no')
  })
})

describe('the word that was meant', () => {
  it('is named where it is near', () => {
    const known = ['run', 'demo', 'check', 'discover']
    expect(['cehck', 'dmeo', 'DISCOVERY', 'xyz', ''].map(word => didYouMean(word, known))).toEqual([
      ...[', did you mean "check"?', ', did you mean "demo"?', ', did you mean "discover"?', '', ''],
    ])
  })
})
