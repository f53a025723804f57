/** When Home Assistant says that it has started. */
import { SECOND } from '../clock.ts'

/** Everything is published again within this time of the birth message, at a random moment, to spare the broker. */
export const BIRTH_SPREAD = 10 * SECOND

/** The payload of `homeassistant/status` that is a birth; `offline` is its will. */
export const BIRTH_PAYLOAD = 'online'

/** Milliseconds to wait; `random` from 0 up to, not including, 1. */
export const birthDelay = (random: number): number => Math.floor(random * BIRTH_SPREAD)
