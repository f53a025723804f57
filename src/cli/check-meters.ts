/** The meters that will be published, as lines of the doctor. Pure. */
import { metersOf } from '../account/meter-list.ts'
import { fuelOf } from '../meters/meter.ts'
import type { AccountFacts } from '../octopus/parse-account.ts'
import type { MeterKind } from '../snapshot.ts'
import type { Said } from './doctor.ts'

/** In the order in which they are said. */
const KINDS: Readonly<Record<MeterKind, string>> = {
  electricity_import: 'electricity import',
  electricity_export: 'electricity export',
  gas: 'gas',
}

/** As much of a number as tells one's own meters apart, and tells a stranger nothing. */
const end = (number: string): string => `ending ${number.slice(-4)}`

/** A line for each meter. `gasUnit`: that of `energy.gas.unit`, or null for Octopus's own word. */
export function describeMeters(account: AccountFacts, gasUnit: 'kWh' | 'm3' | null): Said[] {
  const { meters, unknownUnits } = metersOf(account, gasUnit)
  const lines = Object.entries(KINDS).flatMap(([kind, name]) =>
    meters
      .filter(meter => meter.kind === kind)
      .map((meter): Said => {
        const isGas = fuelOf(meter) === 'gas'
        const unit = isGas ? `, counts in ${meter.unit === 'm3' ? 'm³' : meter.unit}` : ''
        const text = `${name}: ${isGas ? 'MPRN' : 'MPAN'} ${end(meter.point)}, serial ${end(meter.serial)}${unit}`
        return { mark: 'ok', text }
      }),
  )
  const unknown = unknownUnits.map(
    (serial): Said => ({
      mark: 'warn',
      text: `gas: serial ${end(serial)} is left out, since Octopus does not say what it counts in: set energy.gas.unit to kWh or m3`,
    }),
  )
  const unsaid: Said[] =
    account.gasMeterPoints === null ? [{ mark: 'warn', text: 'Octopus did not say whether there is gas' }] : []
  const none: Said[] = lines.length === 0 ? [{ mark: 'warn', text: 'none in use: no readings will be published' }] : []
  return [...none, ...lines, ...unknown, ...unsaid]
}
