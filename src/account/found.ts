/** What the key was found to see, and the shape in which the store keeps it. */
import type { Instant } from '../clock.ts'
import { someFacts } from '../intelligent/stored.ts'
import type { DeviceFacts } from '../intelligent/types.ts'
import { aMissing, type Missing } from '../missing.ts'
import type { Agreement, GasMeterPoint, Meter, MeterPoint } from '../octopus/meter-points.ts'
import { type AccountFacts, isAccountNumber } from '../octopus/parse-account.ts'
import { aFlag, anInstant, aText, fields, listOf, mapOf, oneOf, orNull } from '../shape.ts'

export interface Found {
  readonly at: Instant
  /** With the meters that answers leave out and that are not gone yet. */
  readonly account: AccountFacts
  /** Those, by meter point and serial number. */
  readonly missing: Readonly<Record<string, Missing>>
  /** Live cars and charge points. */
  readonly cars: readonly DeviceFacts[]
}

const name = orNull(aText)

const agreement = fields<Agreement>({
  productCode: name,
  tariffCode: name,
  tariffType: name,
  validFrom: orNull(anInstant),
  validTo: orNull(anInstant),
})

const meter = fields<Meter>({
  serial: aText,
  type: name,
  isSmart: orNull(aFlag),
  manufacturer: name,
  model: name,
  unit: oneOf('kWh', 'm3', null),
})

const meterPoint = fields<MeterPoint>({
  mpan: aText,
  direction: oneOf('import', 'export'),
  serials: listOf(aText),
  meters: listOf(meter),
  agreements: listOf(agreement),
})

const gasMeterPoint = fields<GasMeterPoint>({ mprn: aText, meters: listOf(meter), agreements: listOf(agreement) })

const aFound = fields<Found>({
  at: anInstant,
  account: fields<AccountFacts>({
    number: isAccountNumber,
    meterPoints: listOf(meterPoint),
    gasMeterPoints: orNull(listOf(gasMeterPoint)),
    productCode: name,
  }),
  missing: mapOf(aMissing),
  cars: listOf(someFacts),
})

/** As it is kept, with how it was found: the digest of the key, and the number that was asked for by name. */
export interface KeptFound {
  readonly keyDigest: string
  readonly wanted: string | null
  readonly found: Found
}

export const aKeptFound = fields<KeptFound>({ keyDigest: aText, wanted: name, found: aFound })

/** Stands for an account that is configured by its number and that Octopus has not told us of yet. */
export const provisional = (number: string): Found => ({
  at: 0,
  account: { number, meterPoints: [], gasMeterPoints: null, productCode: null },
  missing: {},
  cars: [],
})

export const isProvisional = (found: Found): boolean => found.at === 0
