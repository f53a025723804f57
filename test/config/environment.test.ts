import { describe, expect, it } from '@jest/globals'
import { variables } from '../../src/config/environment.ts'
import { FIELDS } from '../../src/config/walk.ts'
import { KEY, MINIMAL, read, refused, said } from './support.ts'

describe('the environment', () => {
  it('has one name for each key, and none for two', () => {
    const settable = FIELDS.filter(field => field.form !== undefined || field.flexible)
    expect(settable.length).toBeGreaterThan(90)
    expect(variables([]).size).toBe(settable.length)
    for (const name of [
      'OCTOPUS2MQTT_MQTT_BASE_TOPIC',
      'OCTOPUS2MQTT_EV',
      'OCTOPUS2MQTT_EV_PLUGGED_TOPIC',
      'OCTOPUS2MQTT_INTELLIGENT_OFF_PEAK_START',
      'OCTOPUS2MQTT_INTELLIGENT_REFRESH_STEADY',
      'OCTOPUS2MQTT_OCTOPUS_API_KEY_FILE',
    ]) {
      expect(variables([]).has(name)).toBe(true)
    }
  })

  it('beats the file, key by key', () => {
    const config = read(`${MINIMAL}  base_topic: a\nintelligent:\n  off_peak: {end: 06:00}\n  min_dispatch: 1m\n`, {
      OCTOPUS2MQTT_MQTT_BASE_TOPIC: 'b',
      OCTOPUS2MQTT_INTELLIGENT_OFF_PEAK_START: '00:30',
      OCTOPUS2MQTT_STATUS_ENABLED: 'false',
      OCTOPUS2MQTT_LIMITS_REQUESTS_PER_HOUR: '30',
      OCTOPUS2MQTT_INTELLIGENT_STANDING_STATES: '["BOOSTING","SMART_CONTROL_IN_PROGRESS"]',
      OCTOPUS2MQTT_INTELLIGENT_REFRESH_BOUNDARY_AFTER: '["10s","1m"]',
      OCTOPUS2MQTT_LOG_LEVEL: '',
    })
    expect(config.mqtt).toMatchObject({ baseTopic: 'b', url: 'mqtt://mosquitto:1883' })
    expect(config.intelligent.offPeak).toEqual({ start: '00:30', end: '06:00', configured: true })
    expect(config.intelligent.standingStates).toEqual(['BOOSTING', 'SMART_CONTROL_IN_PROGRESS'])
    expect(config.intelligent.refresh.boundaryAfter).toEqual([10_000, 60_000])
    expect(config.intelligent.minDispatch).toBe(60_000)
    expect(config.status.enabled).toBe(false)
    expect(config.limits.requestsPerHour).toBe(30)
    expect(config.log.level).toBe('info')
  })

  it('serves with two well-known names where nothing else is given', () => {
    const env = { OCTOPUS_API_KEY: 'from-the-environment', MQTT_URL: 'mqtt://elsewhere' }
    expect(read(MINIMAL, env).octopus.apiKey).toBe(KEY)
    expect(read(MINIMAL, env).mqtt.url).toBe('mqtt://mosquitto:1883')
    expect(read('', env).octopus.apiKey).toBe('from-the-environment')
    expect(read('mqtt: {base_topic: b}', env).mqtt).toMatchObject({ url: 'mqtt://elsewhere', baseTopic: 'b' })
    expect(read('', { ...env, OCTOPUS2MQTT_OCTOPUS_API_KEY: 'ours' }).octopus.apiKey).toBe('ours')
    const file = { OCTOPUS2MQTT_OCTOPUS_API_KEY_FILE: '/run/secrets/key' }
    expect(read('', { ...env, ...file }, { '/run/secrets/key': `${KEY}\n` }).octopus.apiKey).toBe(KEY)
  })

  it('can say all of ev, or one key of it', () => {
    const whole = read(MINIMAL, {
      OCTOPUS2MQTT_EV:
        '[{"device":"a","plugged":"a/plug"},{"device":"b","plugged":{"topic":"b","true_values":[true,1]}}]',
    })
    expect(whole.ev.map(car => car.device)).toEqual(['a', 'b'])
    expect(whole.ev[1]?.plugged).toMatchObject({ sources: [{ topic: 'b', trueValues: ['true', '1'] }] })
    expect(read(MINIMAL, { OCTOPUS2MQTT_EV_PLUGGED: 'none' }).ev[0]?.plugged).toBe('none')
    expect(read(MINIMAL, { OCTOPUS2MQTT_EV_PRESET: 'evcc', OCTOPUS2MQTT_EV_LOADPOINT: '2' }).ev[0]).toMatchObject({
      preset: 'evcc',
      params: { loadpoint: '2' },
    })
    const short = read(`${MINIMAL}ev: {plugged: garage}\n`, {
      OCTOPUS2MQTT_EV_PLUGGED_TRUE_VALUES: '["in"]',
      OCTOPUS2MQTT_EV_PLUGGED_DEBOUNCE_ON: '1s',
    })
    expect(short.ev[0]?.plugged).toMatchObject({
      sources: [{ topic: 'garage', trueValues: ['in'] }],
      debounceOn: 1_000,
    })
  })

  it('is checked like the file, and a mistake names the variable', () => {
    const { message, problems } = refused(`${MINIMAL}ev: [{plugged: a}]\nlog: {level: info}\n`, {
      OCTOPUS2MQTT_MQTT_USERNMAE: 'me',
      OCTOPUS2MQTT_LOG_LEVEL: 'loud',
      OCTOPUS2MQTT_EV_PLUGGED_TOPIC: 'b',
      OCTOPUS2MQTT_INTELLIGENT_STANDING_STATES: 'BOOSTING',
      OCTOPUS2MQTT_EV_POWER: '{"topic":',
    })
    expect(message).toContain('OCTOPUS2MQTT_LOG_LEVEL log.level: expected one of trace')
    expect(message).toContain('did you mean "OCTOPUS2MQTT_MQTT_USERNAME"?')
    expect(message).toContain('["on","1"]')
    expect(problems.map(({ line }) => line)).toEqual([null, null, null, null, null])
  })

  it('may hold what a container engine puts there for a service of our name', () => {
    const env = {
      OCTOPUS2MQTT_SERVICE_HOST: '10.0.0.1',
      OCTOPUS2MQTT_SERVICE_PORT: '8099',
      OCTOPUS2MQTT_PORT: 'tcp://10.0.0.1:8099',
      OCTOPUS2MQTT_PORT_8099_TCP_ADDR: '10.0.0.1',
      OCTOPUS2MQTT_CONFIG: '/config/config.yaml',
    }
    expect(read(MINIMAL, env).octopus.apiKey).toBe(KEY)
  })
})

describe('references in values', () => {
  const reference = (name: string) => `\${${name}}`

  it('are filled in after YAML was parsed', () => {
    const text = `octopus:\n  api_key: ${reference('A')}\nmqtt:\n  url: mqtt://${reference('H')}:${reference('P')}\n  base_topic: x$${reference('H')}\n`
    const config = read(text, { A: KEY, H: 'broker', P: '1884' })
    expect(config.mqtt).toMatchObject({ url: 'mqtt://broker:1884', baseTopic: `x${reference('H')}` })
    const hostile = read(`${MINIMAL}  username: ${reference('U')}\n`, { U: 'a"\nbase_topic: evil\n# ' })
    expect(hostile.mqtt).toMatchObject({ username: 'a"\nbase_topic: evil\n# ', baseTopic: 'octopus2mqtt' })
  })

  it('that are not set are named with their line, and nothing else is said of their key', () => {
    const text = `octopus:\n  api_key: ${reference('NO_KEY')}\nmqtt:\n  url: ${reference('NO_URL')}\n`
    const how = ': export it in this terminal; a new terminal, sudo or a service does not have it by itself'
    expect(refused(text).problems).toEqual([
      { path: 'octopus.api_key', line: 2, message: `the environment variable NO_KEY is not set${how}` },
      { path: 'mqtt.url', line: 4, message: `the environment variable NO_URL is not set${how}` },
    ])
    expect(said(refused(`${MINIMAL}  username: ${reference('A:-b')}\n`))[0]).toMatch(/^mqtt.username: expected/)
    expect(said(refused(text, { NO_KEY: '', NO_URL: 'mqtt://b' }))).toEqual(['octopus.api_key: the API key is empty'])
  })
})
