/** The few template shapes that we publish. Anything else throws, so that a new shape is looked at before it is used. */

const SHAPE = /^\{\{ value_json\.([a-z_]+)( or '')? \}\}$/

/** As Home Assistant renders it: null is `None`, and with `or ''` what is empty is nothing. */
export function render(template: string, payload: string): string {
  const shape = SHAPE.exec(template)
  if (shape === null) throw new Error(`a template of an unknown shape: ${template}`)
  const [, key = '', fallback] = shape
  const json: unknown = JSON.parse(payload)
  if (typeof json !== 'object' || json === null || !(key in json)) throw new Error(`${key} is not in ${payload}`)
  const value: unknown = (json as Record<string, unknown>)[key]
  if (fallback !== undefined && !value) return ''
  return value === null ? 'None' : String(value)
}
