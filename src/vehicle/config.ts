/** The `ev` section as the configuration hands it over: normalised, durations in milliseconds, nothing merged yet. */
import type { PresetParams } from './presets.ts'

/** A listed value as YAML made it. */
export type ListedValue = string | number | boolean | null

export interface AvailabilityConfig {
  readonly topic: string
  readonly json?: string | undefined
  readonly trueValues?: readonly ListedValue[] | undefined
  readonly falseValues?: readonly ListedValue[] | undefined
}

export interface SourceConfig {
  readonly topic: string
  readonly json?: string | undefined
  readonly trueValues?: readonly ListedValue[] | undefined
  readonly falseValues?: readonly ListedValue[] | undefined
  readonly above?: number | undefined
  readonly below?: number | undefined
  readonly unit?: 'W' | 'kW' | undefined
  readonly availability?: string | AvailabilityConfig | undefined
}

/** `explicit: false` marks sources that are only the default, which a preset replaces. Empty sources mean the same. */
export interface EvConfig {
  readonly preset?: string | undefined
  readonly params?: PresetParams | undefined
  readonly plugged?:
    | 'none'
    | {
        readonly sources: readonly SourceConfig[]
        readonly explicit?: boolean | undefined
        readonly debounceOn: number
        readonly debounceOff: number
        readonly staleAfter: number | null
      }
    | undefined
  readonly charging?: DrawConfig | undefined
  readonly power?: DrawConfig | undefined
  readonly atHome?: { readonly sources: readonly SourceConfig[] } | undefined
  readonly scheduleChanged?: { readonly sources: readonly SourceConfig[] } | undefined
}

export interface DrawConfig {
  readonly sources: readonly SourceConfig[]
  readonly debounce: number
  readonly explicit: boolean
}
