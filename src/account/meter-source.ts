/** What the meters ask of Octopus, in the words of the room that talks to it. */
import { type PaymentMethod, rowsForPayment } from '../energy/rates/payment.ts'
import { productOf } from '../energy/rates/tariff.ts'
import { RATE_BANDS, type TariffPrices } from '../energy/types.ts'
import { fuelOf } from '../meters/meter.ts'
import type { MeterSource } from '../meters/meters.ts'
import type { Octopus } from '../octopus/octopus.ts'

export function meterSource(
  octopus: Pick<Octopus, 'consumption' | 'rates' | 'billed'>,
  account: string,
  paymentMethod: PaymentMethod,
): MeterSource {
  return {
    readings: (meter, { start, end }) =>
      octopus.consumption({ fuel: fuelOf(meter), point: meter.point, serial: meter.serial }, start, end),
    prices: async ({ tariffCode, productCode }, { start, end }): Promise<TariffPrices> => {
      const product = productCode ?? productOf(tariffCode)
      if (product === null) return { tariffCode, unitRates: [], standingCharges: [] }
      const rows = await octopus.rates(account, { productCode: product, tariffCode, from: start, to: end })
      return {
        tariffCode,
        unitRates: RATE_BANDS.flatMap(band =>
          rowsForPayment(
            rows.unitRates.filter(row => row.band === band),
            paymentMethod,
          ).map(({ paymentMethod: _, ...rate }) => rate),
        ),
        standingCharges: rowsForPayment(rows.standingCharges, paymentMethod).map(
          ({ paymentMethod: _, ...charge }) => charge,
        ),
      }
    },
    bills: (meter, { start, end }) => octopus.billed(account, meter.point, start, end),
  }
}
