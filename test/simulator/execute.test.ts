import { describe, expect, it } from '@jest/globals'
import { executeSync, GraphQLError, getVariableValues, validate } from 'graphql'
import { planOf } from '../../src/simulator/execute.ts'
import { readOperation } from '../../src/simulator/operation.ts'
import { schemaWithout } from '../../src/simulator/schema.ts'

const schema = schemaWithout(
  new Set(),
  `scalar Decimal
   enum Size { SMALL LARGE }
   type Query { house(number: Int = 1): House  must: House!  houses: [House!]  thing: Thing }
   type Mutation { paint(colour: String!): House }
   interface Being { name: String! }
   type Cat implements Being { name: String! lives: Int! }
   type Dog implements Being { name: String! size: Size }
   union Thing = Cat | House
   type House { number: Int! note: String beings: [Being] sure: [Being!]! next(by: Int!): House }`,
)

const cat = { __typename: 'Cat', name: 'Tom', lives: 9 }
const dog = { __typename: 'Dog', name: () => 'Rex', size: 'LARGE' }
const fail = () => {
  throw new GraphQLError('No.', { extensions: { errorCode: 'KT-CT-1' } })
}
const house = (number: unknown): Record<string, unknown> => ({
  number,
  note: fail,
  beings: [cat, null, dog, { __typename: 'Dog', name: null }, { ...dog, size: 'HUGE' }],
  sure: [cat, dog],
  next: ({ by }: { by: number }) => house(Number(number) + by),
})

const root = {
  house: ({ number }: { number: number }, context: { seen: string[] }, place: { fieldName: string }) => {
    context.seen.push(`${place.fieldName} ${number}`)
    return number < 0 ? null : house(number)
  },
  must: fail,
  houses: () => [house(1), { ...house(2), number: 'two' }],
  thing: () => cat,
  paint: ({ colour }: { colour: string }) => ({ ...house(3), note: colour }),
}

const DOCUMENTS: readonly (readonly [query: string, variables?: Record<string, unknown>])[] = [
  ['{ house { number note __typename beings { __typename name ... on Cat { lives } ... on Dog { size } } } }'],
  ['query Q($n: Int) { a: house(number: $n) { number next(by: 2) { number } } b: house { number } }', { n: 5 }],
  ['query Q($n: Int, $by: Int!) { house(number: $n) { next(by: $by) { number } } }', { by: 1 }],
  ['query Q($n: Int!) { house(number: $n) { number } }', { n: -1 }],
  [
    '{ house { ...F beings { ...B } } } fragment F on House { number ...G } fragment G on House { sure { name } number } fragment B on Being { name }',
  ],
  [
    '{ house { beings { name } beings { ... on Being { __typename } } ...F ...F } } fragment F on House { sure { __typename } }',
  ],
  ['{ houses { number note } }'],
  ['{ must { number } house { number } }'],
  ['{ thing { __typename ... on Cat { lives } ... on House { number } } }'],
  [
    'mutation M($c: String!) { one: paint(colour: $c) { note number } two: paint(colour: "red") { note } }',
    { c: 'blue' },
  ],
  ['{ house(number: null) { number } }'],
]

describe('a planned document', () => {
  it.each(DOCUMENTS)('is executed as graphql does it: %s', (query, sent = {}) => {
    const operation = readOperation(query)
    if (operation === null) throw new Error('no operation')
    expect(validate(schema, operation.document)).toEqual([])
    const { coerced } = getVariableValues(schema, operation.definition.variableDefinitions ?? [], sent)
    const execute = planOf(schema, operation)
    const [mine, theirs] = [{ seen: [] }, { seen: [] }]
    const result = execute?.({ root, context: mine, variables: coerced ?? {}, sent })
    const expected = executeSync({
      schema,
      document: operation.document,
      rootValue: root,
      contextValue: theirs,
      variableValues: sent,
    })
    // The texts say the order of the fields as well.
    expect(JSON.stringify(result)).toBe(
      JSON.stringify({ ...(expected.errors ? { errors: expected.errors } : {}), data: expected.data }),
    )
    expect(mine).toEqual(theirs)
  })

  it.each([['{ house { number @skip(if: true) } }'], ['{ __schema { queryType { name } } }']])(
    'is none for %s',
    query => {
      const operation = readOperation(query)
      expect(operation).not.toBeNull()
      if (operation !== null) expect(planOf(schema, operation)).toBeNull()
    },
  )
})
