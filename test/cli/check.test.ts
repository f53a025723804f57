import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { check } from '../../src/cli/check.ts'
import { describeMeters } from '../../src/cli/check-meters.ts'
import type { Here } from '../../src/cli/here.ts'
import { fastClock, systemClock } from '../../src/clock.ts'
import { openStore } from '../../src/store/open.ts'
import { strangeServer } from '../mqtt/daemon.ts'
import { closeEverything, freePort, haveOpenssl, startBroker, USERNAME, watch } from '../support/broker.ts'
import { cleanUp, folder, linesOf, marksOf, octopusOf, PASSWORD, run, simulate } from './support.ts'

afterEach(async () => {
  await closeEverything()
  await cleanUp()
})

/** A broker on which the plug says this, retained. */
async function brokerWithPlug(payload: string, topic = 'ev/plugged') {
  const broker = await startBroker()
  const person = await watch(broker.url, 'nothing')
  await person.publish(topic, payload, { retain: true })
  await person.close()
  return broker
}

const dispatchRequests = (simulator: Awaited<ReturnType<typeof simulate>>) =>
  simulator.requests.filter(({ names }) => names.includes('flexPlannedDispatches'))

const ALL = ['configuration', 'store', 'DNS', 'Octopus API', 'key', 'account', 'meters', 'cars', 'dispatches', 'broker']

describe('check', () => {
  it('says ok of everything, in order, and hides the account and the key', async () => {
    const simulator = await simulate()
    const broker = await brokerWithPlug('Connected')
    const outcome = await run(check, { octopus: octopusOf(simulator), mqtt: { url: broker.url } })
    expect(marksOf(outcome)).toEqual([...ALL, 'plug topic'].map(name => `ok ${name}`))
    expect(outcome.code).toBe(0)
    expect(outcome.everything).not.toContain(simulator.apiKey)
    expect(outcome.everything).not.toContain(simulator.account.number)
    expect(linesOf(outcome, 'account')).toEqual(['ok A-0C****5A, product INTELLI-VAR-24-10-29'])
    expect(linesOf(outcome, 'cars')).toEqual(['ok Family car (HYPERVOLT) listens to ev/plugged, ev/charging'])
    expect(linesOf(outcome, 'plug topic')).toEqual(['ok ev/plugged says plugged in'])
    expect(dispatchRequests(simulator)).toHaveLength(1)
    expect(simulator.audit.report().violations).toEqual([])
  })

  it('has no fault to find with a tariff that is not Intelligent: its own prices say when it is cheap', async () => {
    const simulator = await simulate({ scenario: 'tariff-go' })
    const broker = await brokerWithPlug('ON')
    const outcome = await run(check, { octopus: octopusOf(simulator), mqtt: { url: broker.url } })
    expect(linesOf(outcome, 'account')).toEqual([expect.stringMatching(/^ok .*GO-VAR-22-10-14.* its own prices/)])
    expect(outcome.code).toBe(0)
  })

  it('says every meter that will be published, each in a line, and no number in full', async () => {
    const simulator = await simulate({ scenario: 'tariff-agile' })
    const broker = await brokerWithPlug('ON')
    const outcome = await run(check, { octopus: octopusOf(simulator), mqtt: { url: broker.url } })
    const ends = (kind: 'import' | 'export' | 'gas') => {
      const { point = '', serial = '' } = simulator.account.supply(kind) ?? {}
      expect(outcome.everything).not.toContain(point)
      return `ending ${point.slice(-4)}, serial ending ${serial.slice(-4)}`
    }
    expect(linesOf(outcome, 'meters')).toEqual([
      `ok electricity import: MPAN ${ends('import')}`,
      `ok electricity export: MPAN ${ends('export')}`,
      `ok gas: MPRN ${ends('gas')}, counts in m³`,
    ])
  })

  it('says what is left out, and what nobody said', () => {
    const meter = { serial: 'G400001234', unit: null, type: null, isSmart: null, manufacturer: null, model: null }
    const gas = { mprn: '1234567890', meters: [meter], agreements: [] }
    const facts = { number: 'A-12345678', productCode: null, meterPoints: [], gasMeterPoints: [gas] }
    expect(describeMeters(facts, 'kWh')).toEqual([
      { mark: 'ok', text: 'gas: MPRN ending 7890, serial ending 1234, counts in kWh' },
    ])
    expect(describeMeters(facts, null)).toEqual([
      { mark: 'warn', text: 'none in use: no readings will be published' },
      { mark: 'warn', text: expect.stringMatching(/^gas: serial ending 1234 is left out.*: set energy\.gas\.unit/) },
    ])
    expect(describeMeters({ ...facts, gasMeterPoints: null }, null)).toContainEqual({
      mark: 'warn',
      text: expect.stringMatching(/whether there is gas/),
    })
  })

  it('hides an account number that is configured too, and complains of one that is not of the key', async () => {
    const simulator = await simulate()
    const broker = await brokerWithPlug('ON')
    const mqtt = { url: broker.url }
    const right = await run(check, { octopus: { ...octopusOf(simulator), account: simulator.account.number }, mqtt })
    expect(right.code).toBe(0)
    expect(right.everything).not.toContain(simulator.account.number)
    const wrong = await run(check, { octopus: { ...octopusOf(simulator), account: 'A-99999999' }, mqtt })
    expect(wrong.code).toBe(1)
    expect(linesOf(wrong, 'account')).toEqual([
      expect.stringMatching(/^fail .*octopus\.account.*A-0C\*\*\*\*5A.*\[ACCOUNT_NOT_FOUND\]$/),
    ])
  })

  it('counts in the ledger of the daemon: what the limits do not admit is no failure, and says when', async () => {
    const simulator = await simulate()
    const broker = await brokerWithPlug('OFF')
    const config = { octopus: octopusOf(simulator), mqtt: { url: broker.url } }
    const storage = join(folder(), 'store.db')
    const first = await run(check, config, {}, storage)
    const second = await run(check, config, {}, storage)
    expect(linesOf(first, 'dispatches')).toEqual([
      expect.stringMatching(/^ok Family car: SMART_CONTROL_\w+, \d+ planned$/),
    ])
    expect(linesOf(second, 'dispatches')).toEqual([
      expect.stringMatching(/^wait .*before (\w{3} \d+ \w{3} )?\d\d:\d\d(:\d\d)? (GMT|BST): run check again then$/),
    ])
    expect([first.code, second.code]).toEqual([0, 0])
    expect(dispatchRequests(simulator)).toHaveLength(1)
  })

  it('fails on a wrong key, says what to do, skips what needs it, and still looks at the broker', async () => {
    const simulator = await simulate()
    const broker = await brokerWithPlug('true')
    const key = 'sk_live_notTheRightOne0000000001'
    const outcome = await run(check, { octopus: { ...octopusOf(simulator), api_key: key }, mqtt: { url: broker.url } })
    expect(outcome.code).toBe(1)
    expect(linesOf(outcome, 'key')).toEqual([
      expect.stringMatching(/^fail .*compare octopus\.api_key.*\[OCTOPUS_KEY_REJECTED\]$/),
    ])
    expect(marksOf(outcome).slice(4)).toEqual([
      ...['fail key', 'skip account', 'skip meters', 'skip cars', 'skip dispatches', 'ok broker', 'ok plug topic'],
    ])
    expect(linesOf(outcome, 'account')).toEqual(['skip not looked at, since it needs: key'])
    expect(outcome.everything).not.toContain(key)
  })

  it('waits where earlier tries used up the log-ins, and blames no key that was not tried', async () => {
    const simulator = await simulate()
    const octopus = octopusOf(simulator)
    const mqtt = { url: 'mqtt://127.0.0.1:1' }
    const storage = join(folder(), 'store.db')
    for (let tries = 0; tries < 4; tries += 1)
      await run(check, { octopus: { ...octopus, api_key: `sk_live_mistyped${tries}` }, mqtt }, {}, storage)
    const right = await run(check, { octopus, mqtt }, {}, storage)
    expect(linesOf(right, 'key')).toEqual([
      expect.stringMatching(
        /^wait Earlier tries used up .*4 of them with a key that Octopus refused; this key was not tried.*\d\d:\d\d.*: run check again then$/,
      ),
    ])
    expect(simulator.audit.report().violations).toEqual([])
  })

  it('says that the daemon used up the requests of the hour, and what is known all the same', async () => {
    const simulator = await simulate()
    const config = { octopus: octopusOf(simulator), mqtt: { url: 'mqtt://127.0.0.1:1' } }
    const storage = join(folder(), 'store.db')
    await run(check, config, {}, storage)
    const store = openStore({ path: storage, clock: systemClock })
    const request = { kind: 'background', callClass: 'ordinary', operation: 'History' } as const
    for (let made = 0; made < 36; made += 1) store.ledger.admit({ ...request, firstAllowed: (_, now) => now })
    store.close()
    const outcome = await run(check, config, {}, storage)
    expect(linesOf(outcome, 'Octopus API')).toEqual([
      expect.stringMatching(/^wait The daemon beside this.*last answered at.*has accepted this key before; .*then$/),
    ])
  })

  it('fails where nobody answers for Octopus', async () => {
    const simulator = await simulate()
    const broker = await brokerWithPlug('true')
    const graphql_url = `http://127.0.0.1:${await freePort()}/v1/graphql/`
    const outcome = await run(check, { octopus: { ...octopusOf(simulator), graphql_url }, mqtt: { url: broker.url } })
    expect(outcome.code).toBe(1)
    expect(linesOf(outcome, 'Octopus API')).toEqual([
      expect.stringMatching(
        /^fail .*check the network.*octopus\.graphql_url where you set it.*ECONNREFUSED.*\[OCTOPUS_UNREACHABLE\]$/,
      ),
    ])
    expect(linesOf(outcome, 'key')).toEqual(['skip not looked at, since it needs: Octopus API'])
    expect(simulator.requests).toEqual([])
  })

  it('fails on a name that cannot be found, and on a name server that says nothing', async () => {
    const simulator = await simulate()
    const broker = await brokerWithPlug('true')
    const config = { octopus: octopusOf(simulator), mqtt: { url: broker.url } }
    const none = await run(check, config, {
      lookup: host => Promise.reject(Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' })),
    })
    expect(none.code).toBe(1)
    expect(linesOf(none, 'DNS')).toEqual([
      expect.stringMatching(/^fail 127\.0\.0\.1 cannot be found: check the network and the name server/),
    ])
    expect(linesOf(none, 'Octopus API')).toEqual(['skip not looked at, since it needs: DNS'])
    const silent = await run(check, config, { clock: fastClock(50, Date.now()), lookup: () => new Promise(() => {}) })
    expect(silent.code).toBe(1)
    expect(linesOf(silent, 'DNS')).toEqual([expect.stringContaining('within 10 s')])
  })

  it('says what to do where Octopus is silent, or has trouble of its own', async () => {
    const simulator = await simulate()
    const config = { octopus: { ...octopusOf(simulator), timeout: '200ms' }, mqtt: { url: 'mqtt://127.0.0.1:1' } }
    const faults = [
      ['timeout', /^fail .*did not answer in time: .*\[OCTOPUS_TIMEOUT\]$/],
      ['http_503', /^fail .*run check again later.*\(HTTP 503\) \[OCTOPUS_SERVER_ERROR\]$/],
      ['cloudfront_403', /^fail .*the key is not at fault.*\[OCTOPUS_BLOCKED\]$/],
    ] as const
    for (const [kind, line] of faults) {
      const remove = simulator.faults.inject({ kind })
      const outcome = await run(check, config)
      remove()
      expect(linesOf(outcome, 'Octopus API')).toEqual([expect.stringMatching(line)])
      expect(outcome.code).toBe(1)
    }
  })

  it('says which field Octopus removed', async () => {
    const simulator = await simulate()
    const broker = await brokerWithPlug('true')
    simulator.faults.inject({ kind: 'removed_field', field: 'SmartFlexVehicle.vehicleBatterySize' })
    const outcome = await run(check, { octopus: octopusOf(simulator), mqtt: { url: broker.url } })
    expect(outcome.code).toBe(1)
    expect(linesOf(outcome, 'Octopus API')).toEqual([
      expect.stringMatching(
        /^fail .*newer octopus2mqtt.*SmartFlexVehicle\.vehicleBatterySize.*\[OCTOPUS_SCHEMA_CHANGED\]$/,
      ),
    ])
  })

  it('fails where the broker is dead, and skips the plug', async () => {
    const simulator = await simulate()
    const url = `mqtt://127.0.0.1:${await freePort()}`
    const outcome = await run(check, { octopus: octopusOf(simulator), mqtt: { url } })
    expect(outcome.code).toBe(1)
    expect(linesOf(outcome, 'broker')).toEqual([
      expect.stringMatching(/^fail .*refuses connections: check that it runs.*\[MQTT_UNREACHABLE\]$/),
    ])
    expect(linesOf(outcome, 'plug topic')).toEqual(['skip not looked at, since it needs: broker'])
    expect(linesOf(outcome, 'dispatches')).toEqual([expect.stringMatching(/^ok /)])
  })

  it('does not wait for ever for a broker that takes the call and says nothing', async () => {
    const simulator = await simulate()
    const silent = await strangeServer(() => {})
    const clock = fastClock(20, Date.now())
    const outcome = await run(check, { octopus: octopusOf(simulator), mqtt: { url: silent.url } }, { clock })
    await silent.close()
    expect(outcome.code).toBe(1)
    expect(linesOf(outcome, 'broker')).toEqual([expect.stringContaining('did not let us in within 10 s')])
  })

  it('fails on a wrong password, and shows none', async () => {
    const simulator = await simulate()
    const broker = await startBroker({ password: 'the right one' })
    const mqtt = { url: broker.url, username: USERNAME, password: PASSWORD }
    const outcome = await run(check, { octopus: octopusOf(simulator), mqtt })
    expect(outcome.code).toBe(1)
    expect(linesOf(outcome, 'broker')).toEqual([
      expect.stringMatching(/^fail .*mqtt\.username and mqtt\.password.*\[MQTT_REFUSED\]$/),
    ])
    for (const form of [PASSWORD, encodeURIComponent(PASSWORD)]) expect(outcome.everything).not.toContain(form)
  })

  const withTls = haveOpenssl ? it : it.skip
  withTls('fails on a certificate that nobody vouches for, and connects where one does', async () => {
    const simulator = await simulate()
    const broker = await startBroker({ tls: true })
    const octopus = octopusOf(simulator)
    const unknown = await run(check, { octopus, mqtt: { url: broker.url }, ev: { plugged: 'none' } })
    expect(linesOf(unknown, 'broker')).toEqual([expect.stringMatching(/^fail .*set mqtt\.ca_file/)])
    const mqtt = { url: broker.url, ca_file: broker.files?.ca }
    const trusted = await run(check, { octopus, mqtt, ev: { plugged: 'none', charging: 'charger/active' } })
    expect(linesOf(trusted, 'broker')).toEqual([expect.stringMatching(/^ok .*TLS, MQTT 3\.1\.1/)])
    expect(linesOf(trusted, 'plug topic')).toEqual([expect.stringMatching(/^ok none configured/)])
    expect(trusted.code).toBe(0)
  })

  it('says what a plug topic says: not understood fails, not known and silence are warnings', async () => {
    const simulator = await simulate()
    const clock = fastClock(6, Date.now())
    const broker = await brokerWithPlug('{"state": 7}', 'charger/status')
    const lookAt = (plugged: object) =>
      run(check, { octopus: octopusOf(simulator), mqtt: { url: broker.url }, ev: { plugged } }, { clock })
    const garbled = await lookAt({ topic: 'charger/status' })
    expect(garbled.code).toBe(1)
    expect(linesOf(garbled, 'plug topic')).toEqual([
      expect.stringMatching(/^fail charger\/status says .*not understood: set true_values/),
    ])
    const read = await lookAt({ topic: 'charger/status', json: 'state', true_values: [7, 8] })
    expect(linesOf(read, 'plug topic')).toEqual(['ok charger/status says plugged in'])
    const silent = await lookAt({ topic: 'charger/other', true_values: ['Cable'] })
    expect(silent.code).toBe(0)
    expect(linesOf(silent, 'plug topic')).toEqual([
      expect.stringMatching(/^warn charger\/other said nothing in 3 s: publish cable there/),
    ])
    const several = await lookAt(['charger/status', 'charger/other'])
    expect(linesOf(several, 'plug topic')).toHaveLength(2)
  })

  it('does not blame anyone for a default topic on which nothing is said', async () => {
    const simulator = await simulate()
    const broker = await startBroker()
    const clock = fastClock(6, Date.now())
    const outcome = await run(check, { octopus: octopusOf(simulator), mqtt: { url: broker.url } }, { clock })
    expect(outcome.code).toBe(0)
    expect(linesOf(outcome, 'plug topic')).toEqual([
      expect.stringMatching(/^ok ev\/plugged \(the default\) says nothing/),
    ])
  })

  it('wants a list where there are two cars', async () => {
    const simulator = await simulate({ scenario: 'day-j' })
    const broker = await brokerWithPlug('on')
    const octopus = octopusOf(simulator)
    const mqtt = { url: broker.url }
    const one = await run(check, { octopus, mqtt })
    expect(one.code).toBe(1)
    expect(linesOf(one, 'cars').filter(line => line.startsWith('fail'))).toEqual([
      expect.stringContaining('octopus2mqtt discover'),
    ])
    const ev = [
      { device: 'family car', plugged: 'ev/plugged' },
      { device: '00000000-0002-4000-8020-0000000ca402', plugged: 'none' },
    ]
    const both = await run(check, { octopus, mqtt, ev })
    expect(linesOf(both, 'cars').map(line => line.split(' ')[0])).toEqual(['ok', 'ok'])
    expect(linesOf(both, 'dispatches')).toEqual([expect.stringMatching(/Family car: .*; Driveway charger: /)])
    expect(both.code).toBe(0)
    const misspelt = await run(check, { octopus, mqtt, ev: [{ ...ev[0], device: 'Famly car' }, ev[1]] })
    expect(linesOf(misspelt, 'cars').filter(line => line.startsWith('fail'))).toEqual([
      expect.stringContaining('Famly car'),
    ])
    expect(misspelt.code).toBe(1)
  })

  it('fails on a store that cannot be written, and then asks for no dispatches', async () => {
    const simulator = await simulate()
    const broker = await brokerWithPlug('on')
    const inTheWay = join(folder(), 'a file')
    writeFileSync(inTheWay, '')
    const config = { octopus: octopusOf(simulator), mqtt: { url: broker.url } }
    const outcome = await run(check, config, {}, join(inTheWay, 'store.db'))
    expect(outcome.code).toBe(1)
    expect(linesOf(outcome, 'store')).toEqual([expect.stringMatching(/^fail .*storage\.path is writable/)])
    expect(linesOf(outcome, 'dispatches')).toEqual(['skip not looked at, since it needs: store'])
    expect(dispatchRequests(simulator)).toEqual([])
  })

  it('leaves what is wrong with the configuration to whoever called', async () => {
    await expect(run(check, { octopus: {}, mqtt: {} })).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  })

  it('makes one document of it for scripts, with what it counts in', async () => {
    const simulator = await simulate()
    const mqtt = { url: `mqtt://127.0.0.1:${await freePort()}` }
    const asJson = (options: { config?: string }, here: Here) => check({ ...options, json: true }, here)
    const outcome = await run(asJson, { octopus: octopusOf(simulator), mqtt }, { colour: true, columns: 60 })
    const { ok, steps } = JSON.parse(outcome.lines.join('\n'))
    expect([outcome.code, ok]).toEqual([1, false])
    const names = [...ALL, 'plug topic']
    expect(steps.map(({ name }: { name: string }) => name)).toEqual(names)
    const broker = steps.find(({ name }: { name: string }) => name === 'broker')
    expect(broker).toMatchObject({
      mark: 'fail',
      code: 'MQTT_UNREACHABLE',
      docs: expect.stringContaining('#mqtt_unreachable'),
    })
    expect(broker.took).toBeGreaterThanOrEqual(0)
    expect(outcome.everything).not.toContain(simulator.account.number)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: no colour in it
    expect(outcome.everything).not.toMatch(/\u001b/)
  })

  it('is a list in a terminal, says what it looks at meanwhile, and ends with a line about all of it', async () => {
    const simulator = await simulate()
    const mqtt = { url: `mqtt://127.0.0.1:${await freePort()}` }
    const looks: string[] = []
    const live = { show: (text: string) => void looks.push(text.trim()), clear: () => {} }
    const outcome = await run(check, { octopus: octopusOf(simulator), mqtt }, { columns: 60, live })
    expect(looks).toEqual([...ALL].map(name => `looking at: ${name}`))
    expect(outcome.lines.filter(line => /^[✓✗·] /.test(line)).map(line => line.slice(0, 16).trim())).toEqual([
      ...[...ALL.slice(0, -1).map(name => `✓ ${name}`), '✗ broker', '· plug topic'],
    ])
    expect(outcome.lines).toContainEqual(expect.stringMatching(/^ {18}→ check that it runs/))
    expect(outcome.lines.at(-1)).toMatch(/^Of 11: 1 failed \(broker\), 1 not looked at \([\d.]+ m?s\)$/)
  })

  it('uses colour only where it is asked to', async () => {
    const simulator = await simulate()
    const mqtt = { url: `mqtt://127.0.0.1:${await freePort()}` }
    const outcome = await run(check, { octopus: octopusOf(simulator), mqtt }, { colour: true })
    const start = String.fromCharCode(27)
    expect(outcome.lines.every(line => line.startsWith(`${start}[`) && /\[(39|22)m/.test(line))).toBe(true)
  })
})
