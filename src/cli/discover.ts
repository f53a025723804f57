/**
 * `octopus2mqtt discover`: what the API key can see, as tables and as a piece of configuration. Account numbers, MPANs and
 * device ids are shown in full, unlike anywhere else: it is the person's own terminal, and they are what is to be copied.
 */
import { chooseAccount } from '../account/discovery.ts'
import type { Clock } from '../clock.ts'
import { BridgeError } from '../errors.ts'
import type { DeviceFacts } from '../intelligent/types.ts'
import type { MeterPoint } from '../octopus/meter-points.ts'
import type { Octopus } from '../octopus/octopus.ts'
import { type AccountFacts, activeAgreement } from '../octopus/parse-account.ts'
import { isCar, isLiveCar } from '../octopus/parse-devices.ts'
import { openStore } from '../store/open.ts'
import { candidates, octopusOf } from './ask-octopus.ts'
import { progress } from './bar.ts'
import { nameOf } from './check-cars.ts'
import { EXIT, fail } from './exit.ts'
import { type Here, hereAndNow } from './here.ts'
import type { Live } from './live.ts'
import { load } from './load.ts'
import { type Paint, paintFor } from './paint.ts'
import { snippet } from './snippet.ts'
import { type TableStyle, table } from './table.ts'
import { tame } from './width.ts'

/** What a gas meter counts in; where Octopus does not say, it is `energy.gas.unit` that has to. */
const UNITS = { kWh: 'kWh', m3: 'm³', unknown: 'not known' } as const

const NEXT = 'Write it into config.yaml, beside octopus.api_key and mqtt.url; octopus2mqtt check tries it out.'

interface Seen {
  readonly account: AccountFacts
  /** Cars and charge points, live or not. */
  readonly cars: readonly DeviceFacts[]
}

/** 1 where Octopus says no or does not answer; the line on stderr says why. Throws what is wrong with the configuration. */
export async function discover(options: { config?: string }, here: Here = hereAndNow()): Promise<number> {
  const { config } = await load(options.config, { broker: false })
  try {
    const store = openStore({ path: config.storage.path, clock: here.clock, setsAside: false })
    // What is not written down does not count, and the daemon would not know of it.
    if (store.degraded !== null) throw new BridgeError('STORE_UNAVAILABLE', store.degraded.action)
    const octopus = octopusOf(config, here.clock, store)
    try {
      here.live.show('  asking Octopus: what the key may see')
      const numbers = await octopus.accounts()
      const all = await seeAll(octopus, numbers, here.live)
      const accountOf = new Map(all.map(({ account }) => [account.number, account]))
      const chosen = await chooseAccount(
        { account: async number => accountOf.get(number) ?? octopus.account(number) },
        candidates(numbers, config.octopus.account),
      )
      const style = { paint: paintFor(here.colour), columns: here.columns }
      for (const seen of all) for (const line of describe(seen, here.clock, style)) here.print(line)
      const live = all.find(({ account }) => account === chosen)?.cars.filter(isLiveCar) ?? []
      here.print(style.paint('title', 'Configuration for it:'))
      here.print('')
      for (const line of snippet(chosen.number, live)) here.print(line)
      if (here.columns !== null) {
        here.print('')
        here.print(style.paint('faint', NEXT))
      }
      return EXIT.done
    } finally {
      octopus.stop()
      store.close()
    }
  } catch (error) {
    here.live.clear()
    fail(error)
    return EXIT.checkFailed
  }
}

async function seeAll(octopus: Octopus, numbers: readonly string[], live: Live): Promise<Seen[]> {
  const all: Seen[] = []
  for (const [index, number] of numbers.entries()) {
    live.show(
      `  asking Octopus: ${progress(index / numbers.length, null, 20)}  account ${index + 1} of ${numbers.length}`,
    )
    all.push({ account: await octopus.account(number), cars: (await octopus.devices(number)).filter(isCar) })
  }
  return all
}

function describe({ account, cars }: Seen, clock: Clock, style: TableStyle & { paint: Paint }): string[] {
  const now = clock.now()
  const tariffOf = (point: Pick<MeterPoint, 'agreements'>): string[] => {
    const agreement = activeAgreement(point, now)
    return [agreement?.productCode ?? '-', agreement?.tariffCode ?? '-']
  }
  const meters = account.meterPoints.map(point => [
    point.mpan,
    point.direction,
    point.serials.join(' ') || '-',
    ...tariffOf(point),
  ])
  const gasMeters = account.gasMeterPoints?.map(point => [
    point.mprn,
    point.meters.map(({ serial }) => serial).join(' ') || '-',
    [...new Set(point.meters.map(({ unit }) => UNITS[unit ?? 'unknown']))].join(' ') || '-',
    ...tariffOf(point),
  ])
  const devices = cars.map(facts => [
    nameOf(facts),
    facts.deviceId,
    facts.provider ?? '-',
    facts.lifeCycle ?? '-',
    facts.batteryKwh === null ? '-' : `${facts.batteryKwh} kWh`,
  ])
  const section = (header: readonly string[], rows: readonly string[][], none: string) =>
    rows.length === 0
      ? [none, '']
      : [
          ...table(
            header,
            rows.map(row => row.map(tame)),
            style,
          ),
          '',
        ]
  return [
    style.paint('title', `Account ${account.number}`),
    '',
    ...section(['MPAN', 'direction', 'serials', 'product', 'tariff'], meters, 'No electricity meter points in force.'),
    ...section(
      ['MPRN', 'serials', 'unit', 'product', 'tariff'],
      gasMeters ?? [],
      gasMeters === undefined ? 'Octopus does not say whether there is gas.' : 'No gas.',
    ),
    ...section(['car', 'device', 'provider', 'life cycle', 'battery'], devices, 'No cars or charge points.'),
  ]
}
