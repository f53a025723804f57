import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import {
  buildSchema,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  parse,
  validate,
  validateSchema,
} from 'graphql'
import { schemaWithout } from '../../src/simulator/schema.ts'
import { SDL } from '../../src/simulator/sdl.ts'

const REAL = '../shared/data/edf-gb-kraken-2026-07-27.graphql'
const QUERIES = '../shared/data/kraken-queries.graphql'

// The schema of a real tenant lies beside the checkout of those who develop this; a clone does not have it.
const against = existsSync(REAL) && existsSync(QUERIES) ? describe : describe.skip

/** Every name of a type with what it is: `field: Type`, `field(arg): Type`, an enum's value, a union's member. */
function facts(type: GraphQLNamedType): string[] {
  if (isEnumType(type)) return type.getValues().map(value => value.name)
  if (isUnionType(type)) return type.getTypes().map(member => member.name)
  if (isInputObjectType(type)) return Object.values(type.getFields()).map(field => `${field.name}: ${field.type}`)
  if (!isObjectType(type) && !isInterfaceType(type)) return []
  return [
    ...type.getInterfaces().map(each => `implements ${each.name}`),
    ...Object.values(type.getFields()).flatMap(field => [
      `${field.name}: ${field.type}`,
      ...field.args.map(arg => `${field.name}(${arg.name}: ${arg.type} = ${JSON.stringify(arg.defaultValue)})`),
    ]),
  ]
}

const ours = buildSchema(SDL)
const ourTypes = Object.values(ours.getTypeMap()).filter(type => !type.name.startsWith('__'))

describe('our schema', () => {
  it('is sound', () => {
    expect(validateSchema(ours)).toEqual([])
    expect(ourTypes.length).toBeGreaterThan(60)
  })

  it('loses a field, from an interface also in the types behind it', () => {
    const without = schemaWithout(new Set(['SmartFlexDeviceInterface.alerts', 'Query.viewer']))
    const asks = (query: string) => validate(without, parse(query)).length
    expect(asks('{ viewer { id } }')).toBe(1)
    expect(asks('{ devices(accountNumber: "x") { alerts { message } } }')).toBe(1)
    expect(asks('{ devices(accountNumber: "x") { ... on SmartFlexVehicle { alerts { message } } } }')).toBe(1)
    expect(asks('{ devices(accountNumber: "x") { id } }')).toBe(0)
  })
})

against('against the schema of a real tenant', () => {
  const real = buildSchema(existsSync(REAL) ? readFileSync(REAL, 'utf8') : 'type Query { none: Int }')

  it.each(ourTypes.map(type => [type.name, type] as const))('%s has nothing that is not there', (name, type) => {
    const known = real.getType(name)
    expect(known?.astNode?.kind ?? known?.constructor.name).toBe(type.astNode?.kind ?? type.constructor.name)
    const realFacts = new Set(known === undefined ? [] : facts(known))
    expect(facts(type).filter(fact => !realFacts.has(fact))).toEqual([])
  })

  it('knows every variant that a union has there', () => {
    const members = (schema: typeof real) => facts(schema.getType('ElectricityTariffType') as GraphQLNamedType).sort()
    expect(members(ours)).toEqual(members(real))
  })

  // `accounts` filters by brand and kind, of which a household's account has one.
  it('has every argument of the fields it has, but those of viewer.accounts', () => {
    for (const type of ourTypes) {
      const known = real.getType(type.name)
      if (!isObjectType(type) || !isObjectType(known)) continue
      for (const field of Object.values(type.getFields())) {
        if (field.name === 'accounts') continue
        const names = field.args.map(arg => arg.name)
        expect([type.name, field.name, names.sort()]).toEqual([
          type.name,
          field.name,
          (known.getFields()[field.name]?.args ?? []).map(arg => arg.name).sort(),
        ])
      }
    }
  })

  it.each([
    'token',
    'poll',
    'pref',
    'boost',
    'ctl',
    'cap',
    'rl',
    'acct',
    'setset',
    'viewer',
    'sup',
    'props',
    'meas',
    'rates',
  ])('takes the document "%s" of the reference', name => {
    const text = existsSync(QUERIES) ? readFileSync(QUERIES, 'utf8') : ''
    const block = text.split(/^# --- /m).find(each => each.startsWith(`${name} ---`)) ?? ''
    const document = parse(block.slice(block.indexOf('\n')))
    expect(validate(ours, document).map(error => error.message)).toEqual([])
  })
})
