/** The meters of an account as the rest of the program knows them: electricity bought and sold, and gas. */
import type { AgreementSpan } from '../energy/types.ts'
import type { Meter } from '../meters/meter.ts'
import type { Agreement } from '../octopus/meter-points.ts'
import type { AccountFacts } from '../octopus/parse-account.ts'

/** What Octopus lists, before it has an identity of ours. */
export type ListedMeter = Omit<Meter, 'id' | 'slug'>

export interface MeterList {
  readonly meters: readonly ListedMeter[]
  /** Serials of gas meters of which nobody says what they count in: nothing can be made of their readings. */
  readonly unknownUnits: readonly string[]
}

const spanOf = ({ productCode, tariffCode, validFrom, validTo }: Agreement): AgreementSpan => ({
  productCode,
  tariffCode,
  start: validFrom,
  end: validTo,
})

/** `configured`: the unit of `energy.gas.unit`, or null for Octopus's own word. */
export function metersOf(account: AccountFacts, configured: 'kWh' | 'm3' | null): MeterList {
  const electricity = account.meterPoints.flatMap(({ mpan, direction, serials, agreements }) =>
    serials.map(serial => ({
      kind: direction === 'import' ? ('electricity_import' as const) : ('electricity_export' as const),
      point: mpan,
      serial,
      unit: 'kWh' as const,
      agreements: agreements.map(spanOf),
    })),
  )
  const unknownUnits: string[] = []
  const gas = (account.gasMeterPoints ?? []).flatMap(({ mprn, meters, agreements }) =>
    meters.flatMap(({ serial, unit: told }): ListedMeter[] => {
      const unit = configured ?? told
      if (unit !== null) return [{ kind: 'gas', point: mprn, serial, unit, agreements: agreements.map(spanOf) }]
      unknownUnits.push(serial)
      return []
    }),
  )
  return { meters: [...electricity, ...gas], unknownUnits }
}
