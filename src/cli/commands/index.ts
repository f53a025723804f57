/** Every command, in the order of the help. A new one is a spec and a word here. */
import { RUN, SETUP } from './daemon.ts'
import { BACKUP, REMOVE, RESTORE } from './keeping.ts'
import { CHECK, DISCOVER, SCHEMA } from './looking.ts'
import type { CommandSpec } from './spec.ts'
import { DEMO, SIMULATE } from './trying.ts'

export const COMMANDS: readonly CommandSpec[] = [
  ...[RUN, DEMO, SETUP, CHECK, DISCOVER],
  ...[SIMULATE, BACKUP, RESTORE, REMOVE, SCHEMA],
]
