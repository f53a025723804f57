/** What Kraken's error codes are to us, and what we say of each. */
import type { ErrorCode } from '../errors.ts'

export type OctopusCode = Extract<ErrorCode, `OCTOPUS_${string}` | 'ACCOUNT_NOT_FOUND'>

/** By the code that Octopus gives. */
export const CODES = new Map<string, OctopusCode>([
  ...['KT-CT-1199', 'OE-0002'].map(code => [code, 'OCTOPUS_THROTTLED'] as const),
  ...['KT-CT-1139', 'KT-CT-1140', 'KT-CT-1141', 'KT-CT-1142', 'KT-CT-1145'].map(
    code => [code, 'OCTOPUS_KEY_REJECTED'] as const,
  ),
  ...[1111, 1112, 1120, 1124, 1125, 1126, 1127, 1128, 1129, 1130, 1131, 1132, 1143, 1144].map(
    number => [`KT-CT-${number}`, 'OCTOPUS_TOKEN_REFUSED'] as const,
  ),
  ['OE-0103', 'OCTOPUS_TOKEN_REFUSED'],
  ['KT-CT-4177', 'OCTOPUS_FORBIDDEN'],
  ['KT-CT-4501', 'OCTOPUS_FORBIDDEN'],
  ['KT-CT-1113', 'OCTOPUS_SCHEMA_CHANGED'],
  ['KT-CT-4178', 'ACCOUNT_NOT_FOUND'],
  ['KT-CT-10006', 'ACCOUNT_NOT_FOUND'],
])

/** Of several errors the first of these decides. */
export const GRAVEST_FIRST: readonly OctopusCode[] = [
  'OCTOPUS_THROTTLED',
  'OCTOPUS_KEY_REJECTED',
  'OCTOPUS_TOKEN_REFUSED',
  'OCTOPUS_SCHEMA_CHANGED',
  'OCTOPUS_FORBIDDEN',
  'ACCOUNT_NOT_FOUND',
  'OCTOPUS_SERVER_ERROR',
  'OCTOPUS_REFUSED',
]

/** One line for a person, that says what to do. */
export const MESSAGES: Record<OctopusCode, string> = {
  OCTOPUS_UNREACHABLE:
    'Octopus cannot be reached: see whether this machine has a network, a name server and the right time',
  OCTOPUS_TIMEOUT: 'Octopus did not answer in time: nothing to do, it is asked again',
  OCTOPUS_SERVER_ERROR: 'Octopus has trouble of its own: nothing to do, it is asked again',
  OCTOPUS_BAD_ANSWER:
    'The answer is not one of Octopus: see whether octopus.graphql_url and octopus.rest_url are right',
  OCTOPUS_BLOCKED:
    'The edge in front of Octopus turns this address away: nothing to do but wait; the key is not at fault',
  OCTOPUS_THROTTLED: 'Octopus asks for fewer requests: see what else uses this account; fewer are made for an hour',
  OCTOPUS_KEY_REJECTED:
    'Octopus does not accept the API key: compare octopus.api_key with the one in your Octopus account',
  OCTOPUS_TOKEN_REFUSED: 'Octopus does not accept the token any more: a new one is fetched',
  OCTOPUS_TOKENS_SPENT: 'As many tokens were fetched this hour as may be: the next one is fetched later',
  OCTOPUS_FORBIDDEN: 'The API key may not see this: see whether octopus.account is one of the key',
  OCTOPUS_SCHEMA_CHANGED: 'Octopus no longer offers a field that was asked for: look for a newer octopus2mqtt',
  OCTOPUS_REFUSED: 'Octopus refused the request',
  OCTOPUS_NOT_ADMITTED: 'The limits allow no request now',
  ACCOUNT_NOT_FOUND: 'Octopus knows no such account: compare octopus.account with the number on your bill',
}
