/** Each bench from the command line, as small as it can be: what `--json` prints, and nothing beside it. */
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { lagsOf, percentile } from '../../bench/edge.ts'
import { imageSize } from '../../bench/image.ts'
import { haveMosquitto } from '../support/broker.ts'
import { build } from '../support/daemon.ts'
import { type Ended, runScript } from '../support/script.ts'

const bench = (...args: string[]): Promise<Ended> => runScript('scripts/bench.mjs', args)

const number = expect.any(Number)
const share = { share: number, publishesPerSecond: number, barePublishesPerSecond: number }

beforeAll(build)

describe('npm run bench', () => {
  it('names what there is where it is asked for something else, or for something wrong', async () => {
    const unknown = await bench('nothing')
    expect(unknown).toMatchObject({ code: 2, out: '' })
    for (const name of ['policy', 'schedule', 'edge', 'footprint', 'pipeline'])
      expect(unknown.err).toContain(`bench -- ${name}`)
    expect(await bench('edge', '--edges', 'many')).toMatchObject({ code: 2, out: '' })
    expect(await bench('pipeline', '--nonsense')).toMatchObject({ code: 2, out: '' })
  })

  it('policy', async () => {
    const { code, out } = await bench('policy', '--json', '--days', '1')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ days: 1, policies: { ours: { dispatchRequestsPerDay: number } } })
  })
  ;(haveMosquitto ? describe : describe.skip)('with a Mosquitto', () => {
    it('pipeline', async () => {
      const { code, out, err } = await bench('pipeline', '--json', '--messages', '300', '--rounds', '1', '--days', '1')
      expect({ code, err }).toEqual({ code: 0, err: '' })
      expect(JSON.parse(out)).toMatchObject({
        broker: 'mosquitto',
        ...share,
        goal: { share: 0.6, reached: expect.any(Boolean) },
        household: share,
        cycle: { cyclesPerDay: number, messagesPerDay: number, bytesPerDay: number, microsecondsPerCycle: number },
      })
    })

    it('edge', async () => {
      const { code, out } = await bench('edge', '--json', '--edges', '20')
      expect(code).toBe(0)
      const report = JSON.parse(out)
      expect(report).toMatchObject({ edges: 20, p50Ms: number, p99Ms: number, maxMs: number, unloaded: null })
      expect(report.p50Ms).toBeGreaterThanOrEqual(0)
      // Two for each edge: the state, and what counts the plan.
      expect(report.messages).toBeGreaterThan(40)
    })

    it('footprint', async () => {
      const { code, out } = await bench('footprint', '--json', '--minutes', '0.02', '--starts', '1', '--hours', '1')
      expect(code).toBe(0)
      const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { start: string } }
      const { flags, ...report } = JSON.parse(out) as { flags: string[] }
      expect(scripts.start).toContain(` node ${flags.join(' ')} dist/main.js`)
      expect(report).toMatchObject({
        start: { medianSeconds: number, maxSeconds: number },
        librariesMb: number,
        daemons: [
          { name: 'away', residentMb: number, ratio: number, cpuSecondsPerHour: number },
          { name: 'plugged', residentMb: number, ratio: number, cpuSecondsPerHour: number },
        ],
        day: { cpuSecondsPerDay: number, messagesPerDay: number },
        image: { librariesMb: number, programMb: number, totalMb: number },
        goals: { start: { most: 1.5 }, resident: { most: 1.3 }, idleCpu: { most: 2 } },
      })
    })
  })
})

describe('its arithmetic', () => {
  it('of lags: to the first message that says it, and to a later one where the next edge was quicker', () => {
    const edges = [
      { at: 100, payload: 'ON' },
      { at: 120, payload: 'OFF' },
      { at: 140, payload: 'ON' },
      { at: 160, payload: 'OFF' },
    ] as const
    const heard = [
      [50, 'OFF'],
      [103, 'ON'],
      [121, 'OFF'],
      [171, 'OFF'],
    ] as const
    expect(lagsOf(edges, heard, 200)).toEqual([3, 1, 60, 11])
    expect([percentile([3, 1, 2], 0.5), percentile([3, 1, 2], 0.99), percentile([], 0.5)]).toEqual([2, 3, Number.NaN])
  })

  it('of the image: libraries without those of development, and a program without maps', () => {
    const { librariesMb, programMb, totalMb, files } = imageSize(process.cwd())
    expect(librariesMb).toBeGreaterThan(10)
    expect(librariesMb).toBeLessThan(100)
    expect(totalMb).toBeCloseTo(librariesMb + programMb, 0)
    expect(files).toBeGreaterThan(500)
  })
})
