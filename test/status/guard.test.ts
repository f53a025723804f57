import { describe, expect, it } from '@jest/globals'
import { isOurHost, isOwnPage, prefixOf } from '../../src/status/guard.ts'

describe('the name that a browser talks to', () => {
  it.each([
    '127.0.0.1:8099',
    '192.168.1.20:8099',
    '[::1]:8099',
    '[fd00::5]',
    'localhost:8099',
    'homeassistant:8099',
    'octopus2mqtt',
    'homeassistant.local:8123',
    'box.fritz.box',
    'Pi.Home.Arpa.',
    'energy.example.org:443',
    'ENERGY.example.org',
  ])('may be %s', host => expect(isOurHost({ host }, ['energy.example.org'])).toBe(true))

  it.each(['rebound.example.com', 'evil.localhost.example', 'energy.example.org.evil.com', '127.0.0.1.nip.io', ''])(
    'may not be %s, which a stranger can point at us',
    host => expect(isOurHost({ host }, ['energy.example.org'])).toBe(false),
  )

  it('has to be told', () => expect(isOurHost({}, [])).toBe(false))
})

describe('whose page sent it', () => {
  const host = '192.168.1.20:8099'
  it('is believed of the browser where it says so', () => {
    expect(isOwnPage({ host, 'sec-fetch-site': 'same-origin' })).toBe(true)
    for (const site of ['cross-site', 'same-site', 'none'])
      expect(isOwnPage({ host, origin: `http://${host}`, 'sec-fetch-site': site })).toBe(false)
  })

  it('is told by Origin over plain HTTP, also behind an ingress', () => {
    expect(isOwnPage({ host, origin: `http://${host}` })).toBe(true)
    expect(isOwnPage({ host, origin: 'http://evil.example' })).toBe(false)
    expect(isOwnPage({ host, origin: 'null' })).toBe(false)
    const ingress = { host: '172.30.33.4:8099', 'x-forwarded-host': 'ha.example:8123' }
    expect(isOwnPage({ ...ingress, origin: 'https://ha.example:8123' })).toBe(true)
    expect(isOwnPage({ ...ingress, origin: 'https://evil.example' })).toBe(false)
  })

  it('is nobody’s where no browser sent it', () => expect(isOwnPage({ host })).toBe(true))
})

describe('where a proxy serves us', () => {
  it('is a path with a slash behind it, or not told', () => {
    expect(prefixOf({ 'x-ingress-path': '/api/hassio_ingress/abc-_1' })).toBe('/api/hassio_ingress/abc-_1/')
    expect(prefixOf({ 'x-forwarded-prefix': '/octopus/' })).toBe('/octopus/')
    expect(prefixOf({})).toBe(null)
  })

  it.each(['//evil.example', '/a"><script>', 'http://evil', '/a/../b', '/', '/a b', `/${'x'.repeat(300)}`])(
    'is not %s',
    path => expect(prefixOf({ 'x-ingress-path': path })).toBe(null),
  )
})
