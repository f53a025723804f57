/**
 * Whether a value that comes back from the store is what was put there: a file may have been damaged, edited, or written by
 * another version. Pure. What is not of the shape is not used, so that one bad number never becomes a wrong state.
 */
export type Shape = (value: unknown) => boolean

/** For a value whose shape its reader looks at by itself. */
export const anything: Shape = () => true

/** The year 2200: nothing that is kept lies beyond it. */
const LAST = Date.UTC(2200, 0)

export const anInstant: Shape = value => typeof value === 'number' && value >= 0 && value < LAST

export const aNumber =
  (least: number, most: number): Shape =>
  value =>
    typeof value === 'number' && value >= least && value <= most

export const aFlag: Shape = value => typeof value === 'boolean'

export const aText: Shape = value => typeof value === 'string' && value.length <= 10_000

export const oneOf =
  (...values: readonly unknown[]): Shape =>
  value =>
    values.includes(value)

export const orNull =
  (shape: Shape): Shape =>
  value =>
    value === null || shape(value)

/** A field that an earlier version did not write: its reader puts a beginner's value there. */
export const addedLater =
  (shape: Shape): Shape =>
  value =>
    value === undefined || shape(value)

/** No list that is kept is longer than some thousand items. */
export const listOf =
  (shape: Shape): Shape =>
  value =>
    Array.isArray(value) && value.length <= 5_000 && value.every(shape)

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** No topic of ours comes near this. */
const LONGEST_TOPIC = 1_000

/** A topic that a message can be published to: a broker ends the connection of who tries another. */
export const isPlainTopic = (text: string): boolean =>
  text !== '' && text.length <= LONGEST_TOPIC && !/[+#\p{Cc}\p{Cs}]/u.test(text)

/** Every field of `T`; others may stand beside them. */
export const fields =
  <T>(shapes: Readonly<Record<keyof T & string, Shape>>): Shape =>
  value =>
    isObject(value) && Object.entries<Shape>(shapes).every(([key, shape]) => shape(value[key]))

/** A mapping from any names. */
export const mapOf =
  (shape: Shape): Shape =>
  value =>
    isObject(value) && Object.values(value).every(shape)
