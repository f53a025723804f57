/** What a row of the catalogue says. Discovery, topics, states and docs/entities.md are all made from such rows. */
import type { Instant } from '../clock.ts'
import type { Tri } from '../intelligent/types.ts'

export type DeviceKind = 'bridge' | 'account' | 'import_meter' | 'export_meter' | 'gas_meter' | 'car'
export type Platform = 'sensor' | 'binary_sensor' | 'button' | 'event'

/** A total and the start of the period it counts, in one message, so that no reader sees one without the other. */
export interface TotalSince {
  readonly value: number | null
  readonly lastReset: Instant | null
}

/** A value before it becomes a payload. A number is an instant where the row's device class is `timestamp`. */
export type Value = Tri | number | string | TotalSince

export type Attributes = Readonly<Record<string, unknown>>

/** What an entity's attributes may need besides its part of the snapshot. */
export interface RenderContext {
  /** Where the documentation is read, without a closing slash; notices link into it. */
  readonly docsUrl: string
}

/** Everything about an entity that does not change while the daemon runs. */
export interface EntityRow {
  readonly key: string
  readonly platform: Platform
  /** Short, and never beginning with the device's name: Home Assistant puts that in front itself. */
  readonly name: string
  /** One or two sentences for docs/entities.md. */
  readonly meaning: string
  /**
   * `bridge`: available while the daemon runs. `bridge+account`: also only while fresh answers of Octopus come.
   * `none`: always available, for the entity that shows whether the daemon runs.
   */
  readonly availability: 'none' | 'bridge' | 'bridge+account'
  /** Only where no device class brings one. */
  readonly icon?: string
  readonly deviceClass?: string
  readonly stateClass?: 'measurement' | 'total' | 'total_increasing'
  readonly unit?: string
  readonly category?: 'diagnostic'
  /** Left out means true. */
  readonly enabledByDefault?: boolean
  /** The closed list of an enum sensor; any other value is shown as unknown. */
  readonly options?: readonly string[]
  /** Decimals that Home Assistant shows. */
  readonly precision?: number
  /** Decimals that are published; left out: three. A price has more. */
  readonly decimals?: number
  readonly eventTypes?: readonly string[]
  /** The state is a `TotalSince`, published as `{"value", "last_reset"}`. */
  readonly resets?: boolean
  /** Attribute name to meaning; an entity has attributes exactly where this stands. */
  readonly attributeMeanings?: Readonly<Record<string, string>>
  /** When the entity exists, in words; beside `exists`. */
  readonly existsWhen?: string
}

/** A row with the functions that read its part of the snapshot. */
export interface Entity<Part> extends EntityRow {
  /** Left out: always. */
  readonly exists?: (part: Part) => boolean
  /** Left out: the entity publishes no state of this kind (a button, an event, the bridge's own state). */
  readonly value?: (part: Part) => Value
  readonly attributes?: (part: Part, context: RenderContext) => Attributes
}
