/** Gas meter points of an account. */

import { asArray, asId, asName, asObject, type JsonObject } from './json.ts'
import { type Agreement, agreementsOf } from './parse-account.ts'

export interface GasMeter {
  readonly serial: string
  /** What it counts in, in Octopus's word: the readings do not say. */
  readonly consumptionUnits: string | null
}

export interface GasPoint {
  readonly mprn: string
  readonly meters: readonly GasMeter[]
  /** The oldest first; they may overlap while a tariff changes. */
  readonly agreements: readonly Agreement[]
}

const MOST_POINTS = 5
const MOST_METERS = 5

export function parseGas(data: JsonObject): GasPoint[] {
  const points = new Map<string, GasPoint>()
  for (const agreement of asArray(asObject(data.account)?.gasAgreements) ?? []) {
    const point = asObject(asObject(agreement)?.meterPoint) ?? {}
    const mprn = asId(point.mprn)
    if (mprn === null) continue
    points.set(mprn, { mprn, meters: metersOf(point).slice(0, MOST_METERS), agreements: agreementsOf(point) })
  }
  return [...points.values()].slice(0, MOST_POINTS)
}

function metersOf(point: JsonObject): GasMeter[] {
  const meters = (asArray(point.meters) ?? []).flatMap(entry => {
    const meter = asObject(entry) ?? {}
    const serial = asId(meter.serialNumber)
    return serial === null ? [] : [{ serial, consumptionUnits: asName(meter.consumptionUnits, 20) }]
  })
  return [...new Map(meters.map(meter => [meter.serial, meter])).values()]
}
