/** Registers never go down, days cost what they were billed at, and what a kWh costs now is what the tariff says. */
import { HALF_HOUR, HOUR, type Instant, MINUTE, SECOND } from '../../../src/clock.ts'
import { agreementAt } from '../../../src/simulator/supplies.ts'
import { tariffOf } from '../../../src/simulator/tariffs/catalogue.ts'
import { EVER, rowAt } from '../../../src/simulator/tariffs/price.ts'
import type { Band, Tariff } from '../../../src/simulator/tariffs/tariff.ts'
import type { Scene } from '../world/scene.ts'
import type { MakeInvariant } from './invariant.ts'

const REGISTER = /\/([^/]+)\/accumulative_consumption(_m3)?$/

/** Home Assistant takes a total that falls for a meter that was replaced, and counts all of it once more. */
export const registersNeverFall: MakeInvariant = (scene, complain, count) => {
  const highest = new Map<string, number>()
  /** Those of which the broker alone knows how high they were: the store was lost, or was full and so knows an older one. */
  let known: Set<string> = new Set()
  let losses = 0
  return {
    name: 'register-never-falls',
    onProcess: change => {
      if (change !== 'starts') return
      if (scene.parts.disk.losses !== losses) known = new Set(highest.keys())
      losses = scene.parts.disk.losses
    },
    // Where neither store nor broker knows, a meter begins anew.
    check: () => {
      for (const topic of known) {
        if (scene.parts.broker.retained.has(topic)) continue
        highest.delete(topic)
        known.delete(topic)
      }
    },
    onPublish: ({ topic, payload }) => {
      if (!REGISTER.test(topic) || !topic.startsWith(scene.account)) return
      const value = Number(payload)
      if (payload === '' || Number.isNaN(value)) return
      count()
      const before = highest.get(topic) ?? value
      if (value < before) complain(`${topic} fell from ${before} to ${value}`)
      highest.set(topic, Math.max(before, value))
      // Not what a broker that came back says of itself.
      if (scene.isClear(0)) known.delete(topic)
    },
  }
}

interface ShownCost {
  readonly value: number | null
}

interface CostAttributes {
  readonly date: string | null
  readonly is_provisional: boolean | null
}

/** kWh: a day whose readings became others since is another day. */
const SAME_DAY = 0.0005

/** Once a day is shown as billed its cost is the bill's, to the penny. */
export const costsAsBilled: MakeInvariant = (scene, complain, count) => {
  const path = 'electricity_import/previous_accumulative_cost'
  let looked = ''
  return {
    name: 'cost-as-billed',
    checkHourly: () => {
      if (!scene.isClear(MINUTE)) return
      const cost = scene.shownJson<ShownCost>(path)
      const about = scene.shownJson<CostAttributes>(`${path}/attributes`)
      const day = scene.shownJson<ShownCost>('electricity_import/previous_accumulative_consumption')
      const date = about?.date ?? null
      if (date === null || about?.is_provisional !== false || typeof cost?.value !== 'number') return
      if (looked === `${date} ${cost.value} ${day?.value}`) return
      looked = `${date} ${cost.value} ${day?.value}`
      const bill = scene.parts.simulator.bill(date)
      if (bill === undefined || Math.abs(bill.kwh - (day?.value ?? Number.NaN)) > SAME_DAY) return
      count()
      if (Math.round(cost.value * 100) !== bill.pence)
        complain(`${date} cost £${cost.value}; its bill says ${bill.pence} p`)
    },
  }
}

/** A new agreement is found when the account is read again, once a day. */
const AGREED_LONG = 26 * HOUR

const SAME_PRICE = 0.000_001

export const ratesAsTheTariff: MakeInvariant = (scene, complain, count) => ({
  name: 'rate-as-the-tariff',
  checkHourly: () => {
    const { now } = scene
    const half = now - (now % HALF_HOUR)
    if (!scene.isClear(MINUTE) || !scene.clockRightFor(2 * HOUR) || now - half < 5 * SECOND) return
    const shown = Number(scene.shown('electricity_import/current_rate') ?? Number.NaN)
    const tariff = tariffNow(scene, now)
    if (Number.isNaN(shown) || tariff === null) return
    const cheap = scene.shown('account/house_cheap') === 'ON'
    const reason = scene.shownJson<{ reason: string }>('account/house_cheap/attributes')?.reason
    const band = cheap && reason === 'dispatch' ? 'night' : tariff.bandAt(half)
    const price = priceOf(tariff, band, half)
    if (price === null) return
    count()
    if (Math.abs(shown - price / 100) > SAME_PRICE)
      complain(
        `current_rate shows £${shown}; ${tariff.code} has ${price} p in ${band}, house_cheap ${cheap} (${reason})`,
      )
  },
})

/** Null where it is so new that nobody need know of it yet. */
function tariffNow({ parts }: Scene, now: Instant): Tariff | null {
  const supply = parts.simulator.account.supply('import')
  const agreement = supply && agreementAt(supply, now)
  if (agreement === undefined || now - agreement.from < AGREED_LONG) return null
  return tariffOf(agreement.tariff)
}

/** The policy of `house_cheap` is that of the agreement in force: from its first minute, where it was announced and the account read since. */
export const policyAsAgreed: MakeInvariant = (scene, complain, count) => {
  const supply = () => scene.parts.simulator.account.supply('import')
  /** When each was announced, by its number, and when the account was read last. */
  const announced = new Map<number, Instant>()
  let readAt = Number.NEGATIVE_INFINITY
  return {
    name: 'policy-as-agreed',
    onRequest: ({ names, status, errorCodes }) => {
      if (names.includes('Account') && status === 200 && errorCodes.length === 0) readAt = scene.now
    },
    check: () => {
      const next = supply()?.announced
      if (next && !announced.has(next.id)) announced.set(next.id, scene.now)
    },
    checkHourly: () => {
      const { now } = scene
      const agreement = agreementAt(supply() ?? { everyAgreement: [] }, now)
      if (agreement === undefined || !scene.isClear(MINUTE) || !scene.clockRightFor(2 * HOUR)) return
      const wasTold = readAt > (announced.get(agreement.id) ?? Number.POSITIVE_INFINITY)
      if (now - agreement.from < (wasTold ? MINUTE : AGREED_LONG)) return
      const shown = scene.shownJson<{ policy: string }>('account/house_cheap/attributes')?.policy
      if (shown === undefined) return
      count()
      const wanted = agreement.product.startsWith('INTELLI-') ? 'whole_slot' : 'charge_cap'
      if (shown !== wanted) complain(`house_cheap goes by ${shown}; ${agreement.product} by ${wanted}`)
    },
  }
}

function priceOf(tariff: Tariff, band: Band, at: Instant): number | null {
  const rows = tariff.bands[band]?.({ from: at, to: at + HALF_HOUR, now: EVER }) ?? []
  return rowAt(rows, at, 'DIRECT_DEBIT')?.incVat ?? null
}
