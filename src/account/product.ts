/** Which product the house is on, from one agreement to the next: they are known before they begin. Pure. */
import type { Instant } from '../clock.ts'
import { productOf } from '../octopus/parse-account.ts'
import type { Found } from './found.ts'

/** The product of the import agreement in force. Where none is, as between two that leave a gap: the one that was when Octopus was asked. */
export const productAt = ({ account }: Found, at: Instant): string | null =>
  productOf(account.meterPoints, at) ?? account.productCode

/** When an import agreement begins or ends next; null where none is known to. */
export function nextAgreementEdge({ account }: Found, at: Instant): Instant | null {
  const edges = account.meterPoints
    .filter(({ direction }) => direction === 'import')
    .flatMap(({ agreements }) => agreements.flatMap(({ validFrom, validTo }) => [validFrom, validTo]))
    .filter(edge => edge !== null)
    .filter(edge => edge > at)
  return edges.length === 0 ? null : Math.min(...edges)
}
