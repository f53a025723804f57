/** Helpers of the rules: a finding is a line of text. */

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const unknownKeys = (object: object, known: readonly string[], where: string): string[] =>
  Object.keys(object)
    .filter(key => !known.includes(key))
    .map(key => `${where} has the unknown key ${key}`)

/** A finding where `wrong` holds. */
export const when = (wrong: boolean, finding: string): string[] => (wrong ? [finding] : [])
