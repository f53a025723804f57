import { readFileSync } from 'node:fs'
import { uptime } from 'node:os'
import type { Clock } from '../clock.ts'

const BOOT_ID_FILE = '/proc/sys/kernel/random/boot_id'

/** Uptime is known to about a second and wall time creeps, so boots are told apart by this much, milliseconds. */
const BOOT_GRAIN = 30_000

/**
 * Names the stretch of time in which `clock.monotonic()` of two processes can be compared: a boot of the machine.
 * Where the kernel gives no name it is the moment of the boot, coarsely; a clock set in between makes it another boot,
 * and then the ledger counts by wall time.
 */
export function bootId(clock: Clock): string {
  try {
    return readFileSync(BOOT_ID_FILE, 'utf8').trim()
  } catch {
    return `boot-${Math.round((clock.now() - uptime() * 1_000) / BOOT_GRAIN)}`
  }
}
