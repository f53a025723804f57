/** What a run of torture found: figures for a table, and every promise that was broken. */
export interface Report {
  readonly name: string
  readonly measured: Readonly<Record<string, string | number>>
  readonly violations: readonly string[]
}

export function reportText({ name, measured, violations }: Report): string {
  const width = Math.max(...Object.keys(measured).map(key => key.length))
  const lines = Object.entries(measured).map(([key, value]) => `  ${key.padEnd(width)}  ${value}`)
  const broken = violations.map(violation => `  BROKEN: ${violation}`)
  return [name, ...lines, ...broken, `  ${'violations'.padEnd(width)}  ${violations.length}`, ''].join('\n')
}

/** `part` of a list by nearest rank, 0 to 1; null of nothing. */
export function quantile(values: readonly number[], part: number): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? null
}
