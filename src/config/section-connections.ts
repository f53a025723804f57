/** The two ends of the bridge: Octopus and the broker. */
import { z } from 'zod'
import { MINUTE } from '../clock.ts'
import {
  readAccount,
  readBrokerUrl,
  readHomeAssistantUrl,
  readKey,
  readOwnTopic,
  readRestUrl,
  readSlug,
  readToken,
  readWebUrl,
} from './checks.ts'
import { choice, duration, type Form, flag, text } from './fields.ts'

const SECRET: Partial<Form> = { secret: true }
const SECRET_FILE: Partial<Form> = { type: 'file', file: 'may' }
const FILE: Partial<Form> = { type: 'file', file: 'must' }
const asWritten = (value: string) => ({ value })

export const octopus = z
  .strictObject({
    api_key: text('Your API key, from the API access page of your Octopus account.', readKey, SECRET).optional(),
    api_key_file: text('A file that holds the API key, instead of `api_key`.', undefined, SECRET_FILE).optional(),
    account: text(
      'Account number, such as A-12AB34CD. Without it the account that the key can see is used.',
      readAccount,
      { without: 'discovered' },
    ).optional(),
    name: text(
      'What the account is called in topics instead of its number: letters, digits, `_` and `-`.',
      readSlug(true),
      { without: 'its number' },
    ).optional(),
    graphql_url: text('GraphQL API.', readWebUrl).or('https://api.octopus.energy/v1/graphql/'),
    backend_graphql_url: text('GraphQL API of the backend host.', readWebUrl).or(
      'https://api.backend.octopus.energy/v1/graphql/',
    ),
    rest_url: text('REST API.', readRestUrl).or('https://api.octopus.energy/v1/'),
    timeout: duration('How long a request may take.', { least: 100, most: 5 * MINUTE }).or('20s'),
  })
  .prefault({})
  .meta({ description: 'The account with Octopus Energy. The URLs change only to point at a simulator.' })

export const mqtt = z
  .strictObject({
    url: text('The broker: `mqtt://host:1883`, `mqtts://host:8883`, `ws://…` or `wss://…`.', readBrokerUrl).optional(),
    username: text('User name at the broker. It may also stand in the URL.', asWritten).optional(),
    password: text('Password at the broker. It may also stand in the URL.', asWritten, SECRET).optional(),
    password_file: text('A file that holds the password, instead of `password`.', undefined, SECRET_FILE).optional(),
    ca_file: text(
      'Certificate authority of the broker, PEM, where the system does not know it.',
      undefined,
      FILE,
    ).optional(),
    cert_file: text('Client certificate, PEM. Needs `key_file`.', undefined, FILE).optional(),
    key_file: text('Key of the client certificate, PEM. Needs `cert_file`.', undefined, FILE).optional(),
    protocol_version: choice('MQTT protocol: 4 is MQTT 3.1.1, which every broker speaks; 5 is MQTT 5.', ['4', '5']).or(
      '4',
    ),
    client_id: text(
      'Client id. Without it one is made from the base topic, the same at every start, so that a second bridge on the ' +
        'same base topic is noticed.',
      undefined,
      { without: 'made from `base_topic`' },
    ).optional(),
    base_topic: text('Every topic of the bridge begins with it.', readOwnTopic).or('octopus2mqtt'),
  })
  .prefault({})
  .meta({ description: 'The MQTT broker.' })

export const homeassistant = z
  .strictObject({
    discovery: flag('Whether Home Assistant is told of the devices by MQTT discovery.').or(true),
    discovery_prefix: text("Home Assistant's discovery prefix.", readOwnTopic).or('homeassistant'),
    status_topic: text("Home Assistant's birth and last will topic.", readOwnTopic).or('homeassistant/status'),
    entity_id_prefix: text(
      'Begins the suggested entity ids, so that they can take the names that another integration used before. ' +
        'Home Assistant looks at it only when it first sees an entity.',
      readSlug(false),
      { without: '`octopus`' },
    ).optional(),
    url: text(
      'Home Assistant itself, for the statistics of its Energy dashboard: `http://homeassistant.local:8123`, or ' +
        '`http://supervisor/core` inside an app. Without it nothing connects there. Needs `token`.',
      readHomeAssistantUrl,
    ).optional(),
    token: text('A long-lived access token of an administrator there.', readToken, SECRET).optional(),
    token_file: text('A file that holds the token, instead of `token`.', undefined, SECRET_FILE).optional(),
    ca_file: text(
      'Certificate authority of Home Assistant, PEM, where the system does not know it.',
      undefined,
      FILE,
    ).optional(),
  })
  .prefault({})
  .meta({ description: 'Discovery by Home Assistant, and the statistics of its Energy dashboard.' })
