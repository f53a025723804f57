/**
 * The part of Octopus's GraphQL schema that a smart-charge client uses. Names, arguments, nullability and scalars are
 * those of the real schema (July 2026); only fields on no removal list are here, so that a document which passes this
 * schema does not lean on something that is going away.
 */
import { ACCOUNT } from './sdl/account.ts'
import { DEVICES } from './sdl/devices.ts'
import { COMMANDS, DISPATCHES } from './sdl/dispatches.ts'
import { MEASUREMENTS } from './sdl/measurements.ts'
import { PREFERENCES } from './sdl/preferences.ts'
import { ROOTS, SCALARS } from './sdl/roots.ts'
import { TARIFFS } from './sdl/tariffs.ts'
import { TOKENS } from './sdl/tokens.ts'

export const SDL = [
  SCALARS,
  ROOTS,
  TOKENS,
  ACCOUNT,
  TARIFFS,
  MEASUREMENTS,
  DEVICES,
  PREFERENCES,
  DISPATCHES,
  COMMANDS,
].join('\n')
