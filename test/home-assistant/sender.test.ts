import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { BridgeError } from '../../src/errors.ts'
import { StatisticsSender } from '../../src/home-assistant/statistics/sender.ts'
import { HomeAssistant, TOKEN } from './support/home-assistant.ts'
import { DAY, HOUR, HurriedClock, IMPORT, Lines, MemoryValues, NOON, Table } from './support/statistics.ts'

const MIDNIGHT = NOON - 12 * HOUR
const WRITTEN = "in Home Assistant's statistics"

let home: HomeAssistant
let url: string
let clock: HurriedClock
let log: Lines
let values: MemoryValues
let troubles: (string | null)[]
let sender: StatisticsSender

const begin = (settings: { token?: string } = {}) => {
  troubles = []
  const onTrouble = (trouble: BridgeError | null) => troubles.push(trouble?.code ?? null)
  return new StatisticsSender({
    settings: { url, token: TOKEN, ...settings },
    clock,
    log,
    values,
    onTrouble,
    random: () => 0,
  })
}

beforeEach(async () => {
  home = new HomeAssistant()
  url = await home.start()
  clock = new HurriedClock()
  log = new Lines()
  values = new MemoryValues()
  sender = begin()
})

afterEach(async () => {
  await sender.stop()
  await home.stop()
})

const sums = () => home.rows(IMPORT).map(([, , sum]) => sum)
const words = () => log.all.map(({ level, message }) => `${level} ${message}`)

describe('the sender', () => {
  it('sends what was pushed before and after it starts', async () => {
    const table = new Table().put(MIDNIGHT, 1, 1)
    sender.push([table.series()])
    expect(home.connections).toBe(0)
    sender.start()
    await log.until(WRITTEN)
    sender.push([table.put(MIDNIGHT + HOUR, 2, 2).series()], MIDNIGHT + HOUR)
    await log.until(WRITTEN, 1)
    expect(sums()).toEqual([2, 6])
    expect(words()).toEqual(Array(2).fill(`info hours of "Octopus import" are ${WRITTEN}`))
    await home.empty()
  })

  it('sends pushes that come together in one connection', async () => {
    const table = new Table().put(MIDNIGHT, 1, 1)
    sender.start()
    for (const kind of ['import', 'export', 'gas_energy'] as const) sender.push([table.series(kind, kind)])
    await log.until('"gas_energy"')
    expect(home.connections).toBe(1)
    expect(home.statistics.size).toBe(3)
  })

  it('loses no push that comes while it sends', async () => {
    const table = new Table().put(MIDNIGHT, 1, 1)
    const series = table.series()
    let pushed = false
    const pushing = {
      ...series,
      halfHours: (from: number) => {
        const known = series.halfHours(from)
        if (!pushed) sender.push([table.put(MIDNIGHT + HOUR, 2, 2).series()], MIDNIGHT + HOUR)
        pushed = true
        return known
      },
    }
    sender.start()
    sender.push([pushing])
    await log.until(WRITTEN)
    await log.until(WRITTEN, 1)
    expect(sums()).toEqual([2, 6])
  })

  it('tells a trouble once, goes on trying, and tells its end', async () => {
    home.hasRecorder = false
    sender.start()
    sender.push([new Table().put(MIDNIGHT, 1, 1).series()])
    await log.until('refused recorder/statistics_during_period')
    expect(sender.trouble?.code).toBe('HOMEASSISTANT_REFUSED')
    const tries = home.connections
    await new Promise<void>(resolve => {
      home.onConnection = () => {
        if (home.connections < tries + 3) return
        home.hasRecorder = true
        resolve()
      }
    })
    await log.until('written again')
    expect(sender.trouble).toBeNull()
    expect(troubles).toEqual(['HOMEASSISTANT_REFUSED', null])
    expect(words().filter(line => line.startsWith('warn'))).toHaveLength(1)
    expect(sums()).toEqual([2])
  })

  it('asks with a rejected token so rarely that nobody is shut out, and shows it nowhere', async () => {
    await sender.stop()
    const waits: number[] = []
    const after = clock.after.bind(clock)
    clock.after = (delay, task) => {
      waits.push(delay)
      return after(delay, task)
    }
    sender = begin({ token: 'another-token-of-mine' })
    sender.start()
    sender.push([new Table().put(MIDNIGHT, 1, 1).series()])
    await log.until('does not accept homeassistant.token')
    sender.push([new Table().put(MIDNIGHT, 1, 1).series()])
    expect(home.rejections).toBe(1)
    expect(waits.at(-1)).toBe(6 * HOUR)
    expect(troubles).toEqual(['HOMEASSISTANT_TOKEN_REJECTED'])
    expect(JSON.stringify(log.all)).not.toContain('another-token')
  })

  it('looks once a day whether what it left is still there', async () => {
    const table = new Table().put(MIDNIGHT - 40 * DAY, 1, 1).put(MIDNIGHT, 1, 1)
    sender.start()
    sender.push([table.series()])
    await log.until(WRITTEN)
    await home.empty()
    home.statistics.clear()
    clock.wall += DAY
    await log.until('did not have the statistics')
    await log.until(WRITTEN, 1)
    expect(sums()).toEqual([2, 4])
  })

  it('compares everything at a start, and sends nothing where all is there', async () => {
    const table = new Table().put(MIDNIGHT - 40 * DAY, 1, 1).put(MIDNIGHT, 1, 1)
    sender.start()
    sender.push([table.series()])
    await log.until(WRITTEN)
    await sender.stop()
    const imports = () => home.heard.filter(({ type }) => type === 'recorder/import_statistics').length
    const before = imports()
    home.statistics.get(IMPORT)?.rows.delete(MIDNIGHT - 40 * DAY)
    sender = begin()
    sender.start()
    sender.push([table.series()], MIDNIGHT)
    await log.until(WRITTEN, 1)
    expect(sums()).toEqual([2, 4])
    expect(imports()).toBe(before + 1)
  })

  it('stops in the middle, and the next one finds what is left', async () => {
    home.slowness = 1_000
    const table = new Table().put(MIDNIGHT, 1, 1)
    sender.start()
    sender.push([table.series()])
    await new Promise<void>(resolve => {
      home.onConnection = () => resolve()
    })
    await sender.stop()
    sender.push([table.series()])
    await sender.stop()
    home.slowness = 0
    expect(values.kept.size).toBe(0)
    sender = begin()
    sender.start()
    sender.push([table.series()])
    await log.until(WRITTEN)
    expect(sums()).toEqual([2])
  })

  it('does nothing where nothing was pushed, and nothing before it starts', async () => {
    sender.push([new Table().series()])
    await sender.stop()
    sender.start()
    expect(home.connections).toBe(0)
    expect(sender.trouble).toBeNull()
  })
})
