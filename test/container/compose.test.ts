import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import type { ConfigFiles } from '../../src/config/files.ts'
import { readConfig } from '../../src/config/load.ts'
import { PRESETS } from '../../src/vehicle/presets.ts'
import { pageText, ROOT } from '../docs/pages.ts'

interface Service {
  readonly image: string
  readonly build?: string
  readonly user: string
  readonly environment?: Record<string, string>
  readonly secrets: string[]
  readonly volumes: string[]
  readonly ports: string[]
  readonly depends_on?: string[]
}

interface Compose {
  readonly services: Record<'octopus2mqtt' | 'mosquitto', Service>
  readonly volumes: Record<string, unknown>
  readonly secrets: Record<string, { readonly file: string }>
}

const text = readFileSync(join(ROOT, 'compose.yaml'), 'utf8')
const { services, volumes, secrets } = parse(text) as Compose
const { octopus2mqtt, mosquitto } = services

describe('compose.yaml', () => {
  it.each(Object.entries(services))('%s may do no more than it must', (_, service) => {
    expect(service).toMatchObject({
      restart: 'unless-stopped',
      read_only: true,
      tmpfs: ['/tmp'],
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    })
    expect(service.user).toMatch(/^[1-9]\d*:[1-9]\d*$/)
    expect(service).not.toHaveProperty('privileged')
    expect(service).not.toHaveProperty('cap_add')
  })

  it('builds our image, and starts Mosquitto beside it', () => {
    expect(octopus2mqtt).toMatchObject({ build: '.', depends_on: ['mosquitto'] })
    expect(mosquitto.image).toBe('eclipse-mosquitto:2')
    expect(Object.keys(services)).toEqual(['octopus2mqtt', 'mosquitto'])
  })

  it('has what it names: volumes and secrets, each used', () => {
    const named = Object.values(services).flatMap(service => service.volumes.filter(volume => !volume.startsWith('.')))
    expect(named.map(volume => volume.split(':')[0]).sort()).toEqual(Object.keys(volumes).sort())
    expect(
      Object.values(services)
        .flatMap(service => service.secrets)
        .sort(),
    ).toEqual(Object.keys(secrets).sort())
    expect(octopus2mqtt.volumes).toContain('octopus2mqtt-data:/data')
    for (const { file } of Object.values(secrets))
      expect(pageText('docs/container.md')).toContain(file.replace('./', ''))
  })

  it('lets only this machine see /health', () => {
    expect(octopus2mqtt.ports).toEqual(['127.0.0.1:8099:8099'])
  })

  it('holds no secret, and an environment that loads with the secrets from their files', () => {
    const files: ConfigFiles = {
      read: path => {
        const name = /^\/run\/secrets\/(\w+)$/.exec(path)?.[1] ?? ''
        return octopus2mqtt.secrets.includes(name) ? { text: `${name}-of-a-test\n` } : { failed: 'missing' }
      },
    }
    const options = { env: octopus2mqtt.environment ?? {}, cwd: '/app', presets: PRESETS, files }
    const config = readConfig('', 'environment', options)
    expect(config.octopus.apiKey).toBe('octopus_api_key-of-a-test')
    expect(config.mqtt).toMatchObject({
      url: 'mqtt://mosquitto:1883',
      username: 'octopus2mqtt',
      password: 'mqtt_password-of-a-test',
    })
    expect(text).not.toMatch(/sk_live/)
  })

  it('gives an example of a car that loads', () => {
    const ev = /# OCTOPUS2MQTT_EV: '(.+)'/.exec(text)?.[1] ?? ''
    const env = { OCTOPUS_API_KEY: 'sk_live_x', MQTT_URL: 'mqtt://b', OCTOPUS2MQTT_EV: ev }
    expect(readConfig('', 'environment', { env, cwd: '/', presets: PRESETS }).ev).toMatchObject([
      { preset: 'evcc', params: { loadpoint: '1' } },
    ])
  })

  it('asks for the image’s own health check', () => {
    expect(text).not.toContain('healthcheck')
  })
})
