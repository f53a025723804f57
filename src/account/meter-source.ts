/** What the meters ask of Octopus, in the words of the room that talks to it. */
import { HOUR, type Instant } from '../clock.ts'
import { type PaymentMethod, rowsForPayment } from '../energy/rates/payment.ts'
import { productOf } from '../energy/rates/tariff.ts'
import { RATE_BANDS, type StandingCharge, type TariffPrices, type UnitRate } from '../energy/types.ts'
import type { Log } from '../log.ts'
import { fuelOf } from '../meters/meter.ts'
import type { MeterSource } from '../meters/meters.ts'
import type { WantedTariff } from '../meters/prices.ts'
import type { Octopus } from '../octopus/octopus.ts'
import type { PublishedBand, PublishedCharge, PublishedRate, TariffRef } from '../octopus/rates.ts'
import { type Interval, londonDate, startOfDay } from '../time/london.ts'

export type EnergySource = Pick<
  Octopus,
  'consumption' | 'rates' | 'standingCharges' | 'tariffsToday' | 'applicableRates' | 'measurements'
>

export interface MeterSourceOptions {
  readonly octopus: EnergySource
  /** The account's number. */
  readonly account: string
  readonly paymentMethod: PaymentMethod
  readonly log: Log
  readonly now: () => Instant
}

/** A standing charge changes a few times a year: half-hourly prices are asked for far more often than it need be. */
const STANDING_AFTER = 20 * HOUR

/** More new labels of bills than these are somebody's noise. */
const MOST_LABELS = 10

export function meterSource({ octopus, account, paymentMethod, log, now }: MeterSourceOptions): MeterSource {
  /** By tariff, since a product has others for two registers and for gas: what is published of it, so that no more is asked for. */
  const bands = new Map<string, readonly PublishedBand[]>()
  const standingAsked = new Map<string, { readonly at: Instant; readonly from: Instant }>()
  /** By tariff and the beginning of what was asked, until the rates are there too. */
  const standingKept = new Map<string, readonly PublishedCharge[]>()
  const labels = new Set<string>()

  /** What came of it earlier, where the rates that were asked for after it did not come. */
  const standingOf = async (tariff: TariffRef, { start, end }: Interval): Promise<readonly PublishedCharge[]> => {
    const { tariffCode } = tariff
    const kept = standingKept.get(keyOf(tariffCode, start))
    if (kept !== undefined) return kept
    const last = standingAsked.get(tariffCode)
    if (last !== undefined && now() < last.at + STANDING_AFTER && start >= last.from) return []
    const charges = await octopus.standingCharges(tariff, start, end)
    standingAsked.set(tariffCode, { at: now(), from: start })
    standingKept.set(keyOf(tariffCode, start), charges)
    return charges
  }

  const published = async ({ tariffCode, fuel }: WantedTariff, productCode: string, interval: Interval) => {
    const asked = { fuel, productCode, tariffCode }
    const standing = await standingOf(asked, interval)
    const found = await octopus.rates(asked, interval.start, interval.end, bands.get(tariffCode))
    if (found.bands.length > 0) bands.set(tariffCode, found.bands)
    return {
      unitRates: RATE_BANDS.flatMap(band =>
        ofPayment(
          found.rates.filter(rate => rate.band === band),
          paymentMethod,
        ),
      ),
      standingCharges: chargesOfPayment(standing, paymentMethod),
    }
  }

  /**
   * A product that publishes nothing: from today on what the account is told of its own agreement, which has every register's
   * price; what came before, and where nothing is told, the prices of the meter point.
   */
  const told = async ({ tariffCode, point, direction }: WantedTariff, { start, end }: Interval) => {
    const midnight = startOfDay(londonDate(now()))
    const today =
      end > midnight ? (await octopus.tariffsToday(account)).find(one => one.tariffCode === tariffCode) : null
    const isTold = today !== null && today !== undefined && today.unitRates.length > 0
    const until = isTold ? Math.min(end, ...today.unitRates.map(rate => rate.start)) : end
    const before = start < until ? await octopus.applicableRates({ account, point, direction }, start, until) : []
    return {
      unitRates: isTold ? [...before, ...today.unitRates] : before,
      standingCharges: today?.standingCharges ?? [],
    }
  }

  return {
    readings: (meter, { start, end }) =>
      octopus.consumption({ fuel: fuelOf(meter), point: meter.point, serial: meter.serial }, start, end),
    prices: async (tariff, interval): Promise<TariffPrices> => {
      const { tariffCode } = tariff
      const productCode = tariff.productCode ?? productOf(tariffCode)
      const rest =
        productCode === null ? { unitRates: [], standingCharges: [] } : await published(tariff, productCode, interval)
      const { unitRates, standingCharges } = rest.unitRates.length > 0 ? rest : await told(tariff, interval)
      standingKept.delete(keyOf(tariffCode, interval.start))
      return {
        tariffCode,
        unitRates,
        standingCharges: rest.standingCharges.length > 0 ? rest.standingCharges : standingCharges,
      }
    },
    bills: async (meter, { start, end }) => {
      const { halfHours, unknownLabels } = await octopus.measurements(
        { account, point: meter.point, direction: 'import' },
        start,
        end,
      )
      for (const label of unknownLabels) {
        if (labels.size >= MOST_LABELS || labels.has(label)) continue
        labels.add(label)
        log.warn(
          { label },
          'Octopus bills by a label that this version does not know: such half hours stay provisional',
        )
      }
      return halfHours
    },
  }
}

const keyOf = (tariffCode: string, start: Instant): string => `${tariffCode} ${start}`

const ofPayment = (rates: readonly PublishedRate[], method: PaymentMethod): UnitRate[] =>
  rowsForPayment(rates, method).map(({ band, start, end, pence }) => ({ band, start, end, pence }))

const chargesOfPayment = (charges: readonly PublishedCharge[], method: PaymentMethod): StandingCharge[] =>
  rowsForPayment(charges, method).map(({ start, end, pence }) => ({ start, end, pence }))
