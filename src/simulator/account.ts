/** The account of the household. Numbers and names are made up: no real customer has them. */
import type { Instant } from '../clock.ts'
import { addDays, type LondonDate, londonDate, startOfDay } from '../time/london.ts'

/** The key that the simulator takes. It opens nothing else. */
export const SIMULATOR_API_KEY = 'sk_live_simulator0000000000000000'

export const SIMULATOR_ACCOUNT = 'A-0C70B05A'

/** The contract before the six-hour allowance, and the one since. */
export const PRODUCTS = ['INTELLI-VAR-24-10-29', 'IOG-SMB-VAR-26-07-06'] as const
export type Product = (typeof PRODUCTS)[number]

export interface SimulatedAccount {
  readonly number: string
  readonly userNumber: number
  readonly propertyId: number
  readonly mpan: string
  readonly serial: string
  readonly product: Product
  readonly tariff: string
  readonly movedIn: LondonDate
  /** When the present agreement began. */
  readonly agreedFrom: Instant
  /** Pence. */
  readonly balance: number
}

/** Pence per kWh and per day, with VAT. */
export const RATES = { day: 27.69, night: 7.0, standing: 48.93 } as const

export function simulatedAccount(startedAt: Instant, number: string, product: Product): SimulatedAccount {
  const today = londonDate(startedAt)
  return {
    number,
    userNumber: 1234567,
    propertyId: 7654321,
    mpan: '1200000000017',
    serial: '00S0000017',
    product,
    tariff: `E-1R-${product}-C`,
    movedIn: addDays(today, -900),
    agreedFrom: startOfDay(addDays(today, -120)),
    balance: 4211,
  }
}
