/** The meters of an account as the rest of the program knows them: electricity bought and sold, and gas. */
import { gasUnit } from '../energy/gas.ts'
import type { AgreementSpan } from '../energy/types.ts'
import type { Meter } from '../meters/meter.ts'
import type { AccountFacts, Agreement } from '../octopus/parse-account.ts'

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
export function metersOf(account: AccountFacts, configured: 'm3' | 'kwh' | null): MeterList {
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
  const gas = (account.gasPoints ?? []).flatMap(({ mprn, meters, agreements }) =>
    meters.flatMap(({ serial, consumptionUnits }): ListedMeter[] => {
      const { unit } = gasUnit(consumptionUnits, configured)
      if (unit === null) {
        unknownUnits.push(serial)
        return []
      }
      const counted = unit === 'm3' ? ('m3' as const) : ('kWh' as const)
      return [{ kind: 'gas', point: mprn, serial, unit: counted, agreements: agreements.map(spanOf) }]
    }),
  )
  return { meters: [...electricity, ...gas], unknownUnits }
}
