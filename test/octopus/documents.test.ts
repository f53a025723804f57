import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { buildSchema, parse, validate, visit } from 'graphql'
import * as documents from '../../src/octopus/documents.ts'
import * as energy from '../../src/octopus/energy-documents.ts'

const SCHEMA = new URL('../../../shared/data/edf-gb-kraken-2026-07-27.graphql', import.meta.url)

const all: [string, string][] = [
  ['Token', documents.TOKEN],
  ['Viewer', documents.VIEWER],
  ['Account', documents.ACCOUNT],
  ['MinimalAccount', documents.MINIMAL_ACCOUNT],
  ['Devices', documents.DEVICES],
  ['Tariffs', energy.TARIFFS],
  ['ApplicableRates', energy.APPLICABLE_RATES],
  ['Measurements', energy.MEASUREMENTS],
  ...[0, 1, 4].flatMap((cars): [string, string][] => [
    [`Poll for ${cars}`, documents.pollDocument(cars)],
    [`MinimalPoll for ${cars}`, documents.minimalPollDocument(cars)],
  ]),
]

const withSchema = existsSync(SCHEMA) ? describe : describe.skip

withSchema('the documents against the published schema (skipped where ../shared is absent)', () => {
  const schema = buildSchema(existsSync(SCHEMA) ? readFileSync(SCHEMA, 'utf8') : 'type Query { none: Int }', {
    assumeValidSDL: true,
  })

  it.each(all)('%s fits', (_, document) => {
    expect(validate(schema, parse(document)).map(error => error.message)).toEqual([])
  })
})

describe('the documents', () => {
  it.each(all)('%s takes values by variables only', (_, document) => {
    const values: string[] = []
    visit(parse(document), { StringValue: node => void values.push(node.value) })
    expect(values).toEqual([])
  })

  it('stay far below the complexity that Octopus allows a request, with four cars', () => {
    const costs: Record<string, number> = { flexPlannedDispatches: 3, completedDispatches: 3 }
    let complexity = 0
    visit(parse(documents.pollDocument(4)), {
      Field: node => {
        complexity += costs[node.name.value] ?? 1
      },
    })
    expect(complexity).toBeGreaterThan(40)
    expect(complexity).toBeLessThan(100)
  })

  it('ask for fewer than a hundred rows of a connection, which Octopus wants to be told', () => {
    const firsts: number[] = []
    for (const [, document] of all)
      visit(parse(document), {
        Argument: ({ name, value }) =>
          void (name.value === 'first' && firsts.push(Number('value' in value ? value.value : 0))),
      })
    expect(firsts).toEqual([96, 96])
  })

  it('ask of an account no less than the minimal one', () => {
    const fields = (document: string) => {
      const names = new Set<string>()
      visit(parse(document), { Field: node => void names.add(node.name.value) })
      return names
    }
    const full = fields(documents.ACCOUNT)
    expect([...fields(documents.MINIMAL_ACCOUNT)].filter(name => !full.has(name))).toEqual([])
    expect(full.size).toBeGreaterThan(fields(documents.MINIMAL_ACCOUNT).size)
  })

  it('name one variable for each car, in order', () => {
    expect(documents.pollVariables('A-1', ['x', 'y'])).toEqual({ account: 'A-1', device0: 'x', device1: 'y' })
    expect(documents.pollDocument(2)).toContain('p1: flexPlannedDispatches(deviceId: $device1)')
  })
})
