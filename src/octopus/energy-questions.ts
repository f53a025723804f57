/**
 * What is asked of meters, tariffs and bills. All of it is in the background, and each page is a request of its own. What
 * comes is whole or an error: a part of it passed off as all would be a hole.
 */
import type { Clock, Instant } from '../clock.ts'
import type { BilledHalfHour, Direction, MeterReading, UnitRate } from '../energy/types.ts'
import { toIso } from '../time/london.ts'
import { parseMeasurements } from './bills.ts'
import type { Caller } from './caller.ts'
import { APPLICABLE_RATES, MEASUREMENTS, TARIFFS } from './energy-documents.ts'
import { octopusError } from './errors.ts'
import type { JsonObject } from './json.ts'
import { KeptPages } from './kept-pages.ts'
import type { MeterRef } from './meter-points.ts'
import {
  type PublishedBand,
  type PublishedCharge,
  type PublishedRates,
  publishedRates,
  publishedStandingCharges,
  type TariffRef,
} from './rates.ts'
import { readingsOf } from './readings.ts'
import type { RestClient } from './rest.ts'
import { type Page, parseApplicableRates, parseTariffs, type TariffToday } from './tariffs.ts'

/** Names a meter point whose prices or bills are asked for. */
export interface PointRef {
  readonly account: string
  /** MPAN, or MPRN of gas. */
  readonly point: string
  readonly direction: Direction
}

export interface Bills {
  /** The oldest first. */
  readonly halfHours: readonly BilledHalfHour[]
  /** Labels of no kind that we know, each once. */
  readonly unknownLabels: readonly string[]
}

/** Forty days of half hours: for more of them somebody asks several times, so that what came is kept. */
const MOST_PAGES = 20

export interface EnergyQuestions {
  /**
   * Readings of a meter that start in `[from, to)`, in its own unit. Three months are a request; what came is lost where a
   * later one fails, so a range is of a few months.
   */
  consumption(meter: MeterRef, from: Instant, to: Instant): Promise<MeterReading[]>
  /**
   * Prices as they are published, by band and way of paying; `known` are the bands of an earlier answer. Without the key. Where
   * a request of several is refused, the same question goes on from there.
   */
  rates(tariff: TariffRef, from: Instant, to: Instant, known?: readonly PublishedBand[]): Promise<PublishedRates>
  /** Pence per day. Without the key. */
  standingCharges(tariff: TariffRef, from: Instant, to: Instant): Promise<PublishedCharge[]>
  /** Today's prices of every tariff in force: for those that `rates` has none of. */
  tariffsToday(account: string): Promise<TariffToday[]>
  /**
   * Prices of a meter point in `[from, to)`, of one band: for a product that is not published, with one price at a time. VAT is
   * added. Throws OCTOPUS_BAD_ANSWER where they overlap, since then nothing tells what each is for.
   */
  applicableRates(point: PointRef, from: Instant, to: Instant): Promise<UnitRate[]>
  /** How half hours of an electricity meter point were billed, a day or two later. 96 half hours are a request. */
  measurements(point: PointRef, from: Instant, to: Instant): Promise<Bills>
}

export const energyQuestions = (rest: RestClient, caller: Caller, clock: Clock): EnergyQuestions => {
  const kept = new KeptPages(clock)
  const ask = async (operation: string, document: string, variables: Record<string, string>): Promise<JsonObject> =>
    (await caller.background({ operation, document, variables })).data

  const askPages = async <Row, Answer extends Page<Row>>(
    { operation, document, variables }: { operation: string; document: string; variables: Record<string, string> },
    parse: (data: JsonObject) => Answer,
  ): Promise<Answer[]> => {
    const pages: Answer[] = []
    let after: string | null = null
    do {
      const page = parse(await ask(operation, document, after === null ? variables : { ...variables, after }))
      if (page.next === after && after !== null) throw octopusError('OCTOPUS_BAD_ANSWER', { problem: 'pages go round' })
      pages.push(page)
      after = page.next
      if (after !== null && pages.length === MOST_PAGES)
        throw octopusError('OCTOPUS_BAD_ANSWER', { problem: 'too many pages' })
    } while (after !== null)
    return pages
  }

  return {
    consumption: (meter, from, to) => readingsOf(rest, meter, from, to),
    rates: (tariff, from, to, known) =>
      kept.during(`${tariff.tariffCode} ${from} ${to}`, rest, keeping =>
        publishedRates(keeping, tariff, from, to, known),
      ),
    standingCharges: (tariff, from, to) => publishedStandingCharges(rest, tariff, from, to),
    tariffsToday: async account => parseTariffs(await ask('Tariffs', TARIFFS, { account }), clock.now()),

    applicableRates: async ({ account, point, direction }, from, to) => {
      const variables = { account, point, from: toIso(from), to: toIso(to) }
      const question = { operation: 'ApplicableRates', document: APPLICABLE_RATES, variables }
      const pages = await askPages(question, data => parseApplicableRates(data, direction))
      const rates = pages.flatMap(({ rows }) => rows).sort((a, b) => a.start - b.start)
      if (rates.some(({ start }, at) => at > 0 && start < (rates[at - 1]?.end ?? Number.POSITIVE_INFINITY)))
        throw octopusError('OCTOPUS_BAD_ANSWER', { problem: 'prices that overlap' })
      return rates
    },

    measurements: async ({ account, point, direction }, from, to) => {
      const readingDirection = direction === 'export' ? 'GENERATION' : 'CONSUMPTION'
      const variables = { account, point, direction: readingDirection, from: toIso(from), to: toIso(to) }
      const pages = await askPages({ operation: 'Measurements', document: MEASUREMENTS, variables }, parseMeasurements)
      const halfHours = new Map(pages.flatMap(({ rows }) => rows).map(each => [each.start, each]))
      return {
        halfHours: [...halfHours.values()]
          .filter(({ start }) => start >= from && start < to)
          .sort((a, b) => a.start - b.start),
        unknownLabels: [...new Set(pages.flatMap(({ unknownLabels }) => unknownLabels))],
      }
    },
  }
}
