/** Which product the house is on, from one agreement to the next: they are known before they begin. Pure. */
import type { Instant } from '../clock.ts'
import { productOf } from '../octopus/parse-account.ts'
import type { Found } from './found.ts'

/** The product of the import agreement in force. Where none is, as between two that leave a gap: the one that was when Octopus was asked. */
export const productAt = ({ account }: Found, at: Instant): string | null =>
  productOf(account.meterPoints, at) ?? account.productCode

/** When it will be another, and which; null where that is not known. */
export function nextProduct(
  found: Found,
  at: Instant,
): { readonly from: Instant; readonly product: string | null } | null {
  const product = productAt(found, at)
  const edges = found.account.meterPoints
    .filter(({ direction }) => direction === 'import')
    .flatMap(({ agreements }) => agreements.flatMap(({ validFrom, validTo }) => [validFrom, validTo]))
    .filter(edge => edge !== null)
    .filter(edge => edge > at)
    .sort((a, b) => a - b)
  const from = edges.find(edge => productAt(found, edge) !== product)
  return from === undefined ? null : { from, product: productAt(found, from) }
}
