/** What a house takes and gives in each half hour, by seed and half hour alone, so any past day can be asked for. Pure. */
import { HALF_HOUR, HOUR, type Instant } from '../clock.ts'
import { londonDate } from '../time/london.ts'
import { fractionOf } from './random.ts'

/** Amount of a half hour in the meter's unit, to no particular number of decimals. */
export type Usage = (start: Instant) => number

/** The base load in kWh, without any car. */
export const houseUsage =
  (seed: string | number): Usage =>
  start => {
    const hour = new Date(start).getUTCHours()
    const shape = hour < 6 ? 0.09 : hour < 9 ? 0.22 : hour < 16 ? 0.17 : hour < 22 ? 0.38 : 0.16
    return shape * (0.6 + 0.8 * fractionOf(seed, 'base', start))
  }

/** Before the start nobody simulated the car: it charged in the small hours of three days in four. */
export function pastCharge(seed: string | number, start: Instant): number {
  const hour = new Date(start).getUTCHours()
  const charged = fractionOf(seed, 'past', londonDate(start)) < 0.75
  return charged && hour >= 1 && hour < 4 ? 3.4 : 0
}

const YEAR = 365.25 * 24 * HOUR
/** Some midsummer. */
const SOLSTICE = Date.parse('2024-06-20T12:00:00Z')

/** 1 at midsummer, -1 at midwinter. */
const season = (at: Instant): number => Math.cos((2 * Math.PI * (at - SOLSTICE)) / YEAR)

/** kWh that a roof of 4 kW sends out: nothing by night, less in winter, clouds by the day and the half hour. */
export const solarExport =
  (seed: string | number): Usage =>
  start => {
    const middle = start + HALF_HOUR / 2
    const daylight = 12 + 4.5 * season(middle)
    const fromNoon = (middle % (24 * HOUR)) / HOUR - 12
    if (Math.abs(fromNoon) >= daylight / 2) return 0
    const height = Math.cos((Math.PI * fromNoon) / daylight) * (0.6 + 0.4 * season(middle))
    const clouds = 0.25 + 0.75 * fractionOf(seed, 'sky', londonDate(start))
    const made = 2 * height * clouds * (0.7 + 0.3 * fractionOf(seed, 'cloud', start))
    return Math.max(0, made - 0.15)
  }

/** kWh of gas: hot water all year, heating in the mornings and evenings of cold days. */
export const heatingUsage =
  (seed: string | number): Usage =>
  start => {
    const hour = new Date(start).getUTCHours()
    const water = hour === 6 || hour === 19 ? 0.9 * fractionOf(seed, 'water', start) : 0
    const cold = Math.max(0, 0.35 - season(start) + 0.5 * (fractionOf(seed, 'cold', londonDate(start)) - 0.5))
    const heated = hour >= 5 && hour < 9 ? 2.6 : hour >= 16 && hour < 22 ? 2.1 : hour >= 9 && hour < 16 ? 0.5 : 0
    return water + cold * heated * (0.7 + 0.6 * fractionOf(seed, 'boiler', start))
  }

/** kWh that a cubic metre gives at a calorific value of 40. */
const KWH_IN_CUBIC_METRE = (1.02264 * 40) / 3.6

/** The same gas as a SMETS2 meter counts it. */
export const inCubicMetres =
  (usage: Usage): Usage =>
  start =>
    usage(start) / KWH_IN_CUBIC_METRE
