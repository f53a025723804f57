import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { type PictureData, percentiles, picture } from '../../bench/picture.ts'
import { dataIn, linear, logarithmic } from '../../bench/plot.ts'
import { pictureData, runSchedule } from '../../bench/schedule.ts'
import { scheduleText } from '../../bench/schedule-text.ts'
import { descend, frontier } from '../../bench/search.ts'
import { tableRows } from '../docs/pages.ts'

describe('the search', () => {
  const space = { a: ['1', '2', '3', '4'], b: ['1', '2', '3'] }
  const cost = ({ a, b }: Readonly<Record<string, string>>) => Math.abs(Number(a) - 3) + Math.abs(Number(b) - 1)

  it('goes from key to key to the cheapest choice', () => {
    expect(descend(space, { a: '1', b: '3' }, cost, 2)).toEqual({ a: '3', b: '1' })
    expect(descend(space, { a: '1', b: '3' }, cost, 0)).toEqual({ a: '1', b: '3' })
  })

  it('keeps the points than which none is better', () => {
    const at = (requestsPerDay: number, wrongMinutesPerDay: number) => ({ requestsPerDay, wrongMinutesPerDay })
    expect(frontier([at(3, 1), at(1, 5), at(2, 5), at(2, 2), at(4, 1)])).toEqual([at(1, 5), at(2, 2), at(3, 1)])
  })

  it('judges what it learned on other households, beside the defaults', () => {
    const options = { seed: 1, days: 1, rounds: 1, learnDays: 1 }
    const report = runSchedule(options, { steady_with_signal: ['6m', '12m'], boundary_after: ['[20s, 80s]'] })
    expect(report.defaults.refresh).toBe('{steady_with_signal: 6m, boundary_after: [20s, 80s]}')
    expect(report.tried.oursWithoutSchedule).toHaveLength(2)
    expect(report.tried.oursNoPlugTopic).toHaveLength(1)
    expect(report.found.every(({ ours }) => ours.worstHour <= 20)).toBe(true)
    const text = scheduleText(report)
    for (const { refresh } of report.frontiers.ours) expect(text).toContain(refresh)
    const data = pictureData(report)
    expect(data.policies.ours?.requestsPerDay).toBe(report.defaults.ours.requestsPerDay)
    expect(dataIn(picture(data))).toEqual(data)
  })
})

describe('the plot', () => {
  it('puts values where they belong', () => {
    expect([0, 5, 10].map(linear(0, 10, 100, 0))).toEqual([100, 50, 0])
    expect([100, 200, 400].map(logarithmic(100, 400, 0, 2)).map(place => Number(place.toFixed(6)))).toEqual([0, 1, 2])
  })

  it('takes percentiles by the nearest rank', () => {
    const seconds = percentiles({ lateLags: Array.from({ length: 100 }, (_, n) => (n + 1) * 1000) })
    expect([seconds[0], seconds[1], seconds[25], seconds[50]]).toEqual([1, 2, 50, 100])
  })
})

describe('the picture in the documentation', () => {
  const text = readFileSync('docs/images/refresh-policy.svg', 'utf8')
  const data = dataIn(text) as PictureData

  it('is what the bench draws from its data', () => {
    expect(picture(data)).toBe(text)
  })

  it('shows the figures of the table', () => {
    const page = readFileSync('docs/performance.md', 'utf8')
    const header = /^\|\s*\| (`ours` .*) \|$/m.exec(page)?.[1] ?? ''
    const names = header.split(' | ').map(name => name.replaceAll('`', ''))
    const rows = new Map(tableRows(page, '').map(([title = '', ...cells]) => [title, cells.map(Number)]))
    const shown = Object.entries(data.policies)
    expect(names).toEqual(shown.map(([name]) => name))
    expect(rows.get('all requests a day')).toEqual(shown.map(([, { requestsPerDay }]) => requestsPerDay))
    expect(rows.get('minutes a day wrong')).toEqual(shown.map(([, { wrongMinutesPerDay }]) => wrongMinutesPerDay))
  })
})
