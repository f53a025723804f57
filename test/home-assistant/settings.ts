import type { DiscoverySettings } from '../../src/home-assistant/document.ts'

export const settings: DiscoverySettings = {
  base: 'octopus2mqtt',
  prefix: 'homeassistant',
  version: '1.2.3',
  url: 'https://example.org/octopus2mqtt',
}
