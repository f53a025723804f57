/** The account as GraphQL answers it: its supplies, and the property with what was measured there. */
import type { Clock } from '../clock.ts'
import { startOfDay } from '../time/london.ts'
import type { SimulatedAccount } from './account.ts'
import type { Wire } from './format.ts'
import { type MeasurementArgs, measurements } from './measurements-answer.ts'
import { agreementAnswers } from './meter-point-answer.ts'
import type { World } from './resolvers.ts'
import type { SupplyKind } from './supplies.ts'

interface ActiveArgs {
  readonly active?: boolean | null
}

export function accountAnswer(world: World): Record<string, unknown> {
  const { clock, account, wire } = world
  const agreements = (args: ActiveArgs, kinds: readonly SupplyKind[]) => listed(clock, account, wire, args, kinds)
  return {
    __typename: 'AccountType',
    id: '41',
    number: account.number,
    balance: account.balance,
    electricityAgreements: (args: ActiveArgs) => agreements(args, ['import', 'export']),
    gasAgreements: (args: ActiveArgs) => agreements(args, ['gas']),
    properties: propertiesAnswer(world),
  }
}

const listed = (
  clock: Clock,
  account: SimulatedAccount,
  wire: Wire,
  { active }: ActiveArgs,
  kinds: readonly SupplyKind[],
): unknown[] =>
  account.supplies
    .filter(supply => kinds.includes(supply.kind))
    .flatMap(supply => agreementAnswers(clock, account, supply, wire)[active ? 'active' : 'all'])

export const propertiesAnswer = (world: World): Record<string, unknown>[] => [
  {
    id: String(world.account.propertyId),
    occupancyPeriods: [
      { id: '51', effectiveFrom: world.wire.time(startOfDay(world.account.movedIn)), effectiveTo: null },
    ],
    measurements: (args: MeasurementArgs) => measurements(world, args),
  },
]
