/**
 * `applicableRates`: what the house's kWh cost at a meter point, before tax, in bands that are clipped to what was asked for,
 * oldest first. Of a tariff with registers the band in force; the car's own prices are not among them, and no dispatch shows.
 */
import { HALF_HOUR, type Instant } from '../clock.ts'
import { halfHourStart } from '../time/london.ts'
import { type ConnectionArgs, connection } from './paging.ts'
import type { World } from './resolvers.ts'
import { agreementAt, type Supply } from './supplies.ts'
import { tariffOf } from './tariffs/catalogue.ts'
import { type PriceRow, rowAt } from './tariffs/price.ts'
import type { Band } from './tariffs/tariff.ts'
import { krakenError } from './wire-errors.ts'

export interface RatesArgs extends ConnectionArgs {
  readonly mpxn: string
  readonly startAt: string
  readonly endAt: string
}

interface Clipped {
  readonly from: Instant
  to: Instant
  readonly exVat: number
}

/** Longer than anybody needs, and as long as we care to count. */
const LONGEST = 400 * 48 * HALF_HOUR

export function applicableRates(world: World, args: RatesArgs): unknown {
  const { account, wire } = world
  const supply = account.supplies.find(each => each.point === args.mpxn)
  // assumption: a meter point that is not the account's answers as any other thing that is not yours
  if (supply === undefined) throw krakenError('KT-CT-1111')
  const from = Date.parse(args.startAt)
  const to = Math.min(Date.parse(args.endAt), from + LONGEST)
  return connection(clipped(world, supply, from, to), args, row => ({
    value: wire.decimal(row.exVat, 4, `rate ${row.from}`),
    validFrom: wire.time(row.from),
    validTo: wire.time(row.to),
  }))
}

function clipped({ account, clock }: World, supply: Supply, from: Instant, to: Instant): Clipped[] {
  const now = clock.now()
  const rows = new Map<string, readonly PriceRow[]>()
  const rowsOf = (code: string, band: Band): readonly PriceRow[] => {
    const key = `${code} ${band}`
    const known = rows.get(key) ?? tariffOf(code).bands[band]?.({ from, to, now }) ?? []
    rows.set(key, known)
    return known
  }
  const bands: (Clipped & { readonly row: PriceRow })[] = []
  for (let mark = halfHourStart(from); mark < to; mark += HALF_HOUR) {
    const code = agreementAt(supply, mark)?.tariff
    if (code === undefined) continue
    const row = rowAt(rowsOf(code, tariffOf(code).bandAt(mark)), mark, account.payment)
    if (row === undefined) continue
    const end = Math.min(to, mark + HALF_HOUR)
    const last = bands.at(-1)
    if (last?.row === row && last.to === mark) last.to = end
    else bands.push({ from: Math.max(from, mark), to: end, exVat: row.exVat, row })
  }
  return bands
}
