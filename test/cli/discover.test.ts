import { afterEach, describe, expect, it } from '@jest/globals'
import { carBindings } from '../../src/account/configured-cars.ts'
import { discover } from '../../src/cli/discover.ts'
import { snippet } from '../../src/cli/snippet.ts'
import { readConfig } from '../../src/config/load.ts'
import { PRESETS } from '../../src/vehicle/presets.ts'
import { freePort } from '../support/broker.ts'
import { cleanUp, type Outcome, octopusOf, run, simulate } from './support.ts'

afterEach(cleanUp)

/** The snippet of an outcome, as a configuration. */
function configOf({ lines }: Outcome) {
  const text = lines.slice(lines.indexOf('Configuration for it:') + 1).join('\n')
  expect(text).toContain('octopus:')
  const env = { OCTOPUS_API_KEY: 'sk_live_another', MQTT_URL: 'mqtt://broker' }
  return readConfig(text, 'the snippet', { env, cwd: process.cwd(), presets: PRESETS })
}

/** Cells of the line that begins with this. */
const cells = ({ lines }: Outcome, begin: string) =>
  lines.filter(line => line.startsWith(begin)).map(line => line.split(/\s{2,}/))

describe('discover', () => {
  it('lists what the key can see, without a broker, and never the key', async () => {
    const simulator = await simulate()
    const outcome = await run(discover, { octopus: octopusOf(simulator) })
    const { number, mpan, serial, product, tariff } = simulator.account
    expect(outcome.code).toBe(0)
    expect(outcome.lines).toContain(`Account ${number}`)
    expect(cells(outcome, mpan)).toEqual([[mpan, 'import', serial, product, tariff]])
    expect(cells(outcome, 'Family car')).toEqual([
      ['Family car', '00000000-0002-4000-8020-0000000ca401', 'HYPERVOLT', 'LIVE', '64 kWh'],
      ['Family car', '00000000-0002-4000-8020-0000000ca400', 'JEDLIX_V2', 'RETIRED', '-'],
    ])
    expect(outcome.everything).not.toContain(simulator.apiKey)
    const config = configOf(outcome)
    expect(config.octopus.account).toBe(number)
    expect(config.ev.map(({ device }) => device)).toEqual([null])
    expect(simulator.audit.report().dispatchRequests).toBe(0)
  })

  it('lists export and gas with what the gas meter counts in', async () => {
    const simulator = await simulate({ scenario: 'tariff-agile' })
    const outcome = await run(discover, { octopus: octopusOf(simulator) })
    const row = (kind: 'export' | 'import' | 'gas', word: string, before: boolean) => {
      const supply = simulator.account.supply(kind)
      if (supply === undefined) throw new Error(`no ${kind}`)
      const { point, serial, agreements } = supply
      const [{ product, tariff }] = agreements
      return [point, ...(before ? [word, serial] : [serial, word]), product, tariff]
    }
    const [exported, imported, gas] = [
      row('export', 'export', true),
      row('import', 'import', true),
      row('gas', 'm³', false),
    ]
    expect(cells(outcome, String(exported[0]))).toEqual([exported])
    expect(cells(outcome, String(imported[0]))).toEqual([imported])
    expect(cells(outcome, 'MPRN')).toEqual([['MPRN', 'serials', 'unit', 'product', 'tariff']])
    expect(cells(outcome, String(gas[0]))).toEqual([gas])
    const old = await run(discover, { octopus: octopusOf(await simulate({ scenario: 'tariff-prepay' })) })
    expect(cells(old, String(gas[0])).map(([, , unit]) => unit)).toEqual(['kWh'])
    expect((await run(discover, { octopus: octopusOf(await simulate()) })).lines).toContain('No gas.')
  })

  it('is read in a narrow terminal too: a name and a value on each line, nothing cut', async () => {
    const simulator = await simulate()
    const looks: string[] = []
    const live = { show: (text: string) => void looks.push(text.trim()), clear: () => {} }
    const { lines } = await run(discover, { octopus: octopusOf(simulator) }, { columns: 60, live })
    const { mpan, serial, product, tariff } = simulator.account
    const at = lines.indexOf(`MPAN       ${mpan}`)
    expect(lines.slice(at, at + 5)).toEqual([
      ...[
        `MPAN       ${mpan}`,
        'direction  import',
        `serials    ${serial}`,
        `product    ${product}`,
        `tariff     ${tariff}`,
      ],
    ])
    expect(lines.at(-1)).toMatch(/octopus2mqtt check tries it out/)
    expect(looks).toEqual([
      'asking Octopus: what the key may see',
      expect.stringMatching(/^asking Octopus: ░{20} {3}0 % {2}account 1 of 1$/),
    ])
  })

  it('makes a list of two cars, which is a configuration that picks them', async () => {
    const simulator = await simulate({ scenario: 'day-j' })
    const outcome = await run(discover, { octopus: octopusOf(simulator) })
    const bindings = carBindings(configOf(outcome).ev)
    expect(
      bindings.map(({ device, spec }) => [device, spec.plugged !== 'none' && spec.plugged.sources[0]?.topic]),
    ).toEqual([
      ['00000000-0002-4000-8020-0000000ca401', 'ev/family_car/plugged'],
      ['00000000-0002-4000-8020-0000000ca402', 'ev/driveway_charger/plugged'],
    ])
  })

  it('asks nothing where what it asks cannot be written down, since nobody would count it', async () => {
    const simulator = await simulate()
    const outcome = await run(discover, {
      octopus: octopusOf(simulator),
      storage: { path: '/proc/nowhere/octopus2mqtt.db' },
    })
    expect(outcome.code).toBe(1)
    expect(outcome.everything).toContain('STORE_UNAVAILABLE')
    expect(simulator.audit.report().calls).toBe(0)
  })

  it('ends with 1 and a reason where the key is wrong, or nobody answers', async () => {
    const simulator = await simulate()
    const key = 'sk_live_notTheRightOne0000000001'
    const wrong = await run(discover, { octopus: { ...octopusOf(simulator), api_key: key } })
    expect(wrong.code).toBe(1)
    expect(wrong.errors).toMatch(/octopus\.api_key.*\[OCTOPUS_KEY_REJECTED\]/)
    expect(wrong.everything).not.toContain(key)
    const graphql_url = `http://127.0.0.1:${await freePort()}/v1/graphql/`
    const nobody = await run(discover, { octopus: { ...octopusOf(simulator), graphql_url } })
    expect(nobody.code).toBe(1)
    expect(nobody.errors).toContain('[OCTOPUS_UNREACHABLE]')
    expect([...wrong.lines, ...nobody.lines]).toEqual([])
  })
})

describe('snippet', () => {
  const car = (deviceId: string, name: string) => ({
    deviceId,
    name,
    typename: 'SmartFlexVehicle',
    make: null,
    model: null,
    provider: 'TESLA\nmqtt: {url: evil}',
    lifeCycle: 'LIVE',
    batteryKwh: null,
    chargerKw: null,
  })

  it('gives two cars of one name two topics, and nothing that Octopus wrote becomes configuration', () => {
    const text = snippet('A-12AB34CD', [car('0123', 'Tesla'), car('true', 'Tesla\nlog: {level: trace}')]).join('\n')
    const env = { OCTOPUS_API_KEY: 'sk_live_another', MQTT_URL: 'mqtt://broker' }
    const config = readConfig(text, 'the snippet', { env, cwd: process.cwd(), presets: PRESETS })
    expect(config.ev.map(({ device }) => device)).toEqual(['0123', 'true'])
    expect(config.log.level).toBe('info')
    expect(config.mqtt.url).toBe('mqtt://broker')
    expect(
      snippet('A-12AB34CD', [car('1', 'Tesla'), car('2', 'Tesla')]).filter(line => line.includes('/plugged')),
    ).toEqual(['    plugged: ev/tesla/plugged', '    plugged: ev/tesla_2/plugged'])
  })

  it('says no more than the account where there is no car', () => {
    expect(snippet('A-12AB34CD', [])).toEqual(['octopus:', '  account: A-12AB34CD'])
  })
})
