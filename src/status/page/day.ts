/** The newest complete day of the import meter as bars, coloured by price. Pure. */
import type { MeterView } from '../../snapshot.ts'
import { addDays, londonDate } from '../../time/london.ts'
import type { PageInput } from './input.ts'
import type { DayBars, LEVELS } from './model.ts'

type Level = (typeof LEVELS)[number]

/** Of a price among those of its day: by thirds of the way from the lowest to the highest. One price all day is normal. */
export function levelOf(rate: number, lowest: number, highest: number): Level {
  if (rate <= 0) return 'paid'
  if (highest === lowest) return 'normal'
  const place = (rate - lowest) / (highest - lowest)
  return place < 1 / 3 ? 'cheap' : place > 2 / 3 ? 'dear' : 'normal'
}

/** Two prices are a cheap and a normal one: none of them is dear. */
function levelled(rates: readonly number[]): (rate: number) => Level {
  const lowest = Math.min(...rates)
  const highest = Math.max(...rates)
  const isPlain = new Set(rates).size <= 2
  return rate => {
    const level = levelOf(rate, lowest, highest)
    return isPlain && level === 'dear' ? 'normal' : level
  }
}

export const importMeter = ({ snapshot }: PageInput): MeterView | undefined =>
  snapshot?.meters.find(({ kind }) => kind === 'electricity_import')

/** Null without an import meter, and until a day is complete and priced. */
export function dayOf(input: PageInput): DayBars | null {
  const { cost, lastDay } = importMeter(input) ?? {}
  if (cost == null || lastDay == null || cost.halfHours.length === 0) return null
  const level = levelled(cost.halfHours.map(({ rate }) => rate))
  return {
    date: cost.date,
    isYesterday: cost.date === addDays(londonDate(input.at), -1),
    // Of the same day, and added up exactly.
    kwh: lastDay.kwh,
    total: cost.total,
    standing: cost.standing,
    provisional: cost.provisional,
    halfHours: cost.halfHours.map(({ start, kwh, rate, cost: gbp }) => ({
      start,
      kwh,
      rate,
      cost: gbp,
      level: level(rate),
    })),
  }
}
