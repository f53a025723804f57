/** Meter points with their meters and agreements, as GraphQL answers them. */
import type { Clock, Instant } from '../clock.ts'
import { addDays } from '../time/london.ts'
import type { SimulatedAccount } from './account.ts'
import type { Wire } from './format.ts'
import type { Agreement, Supply } from './supplies.ts'
import { tariffAnswer } from './tariff-answer.ts'

export interface AgreementArgs {
  readonly includeInactive?: boolean | null
  readonly excludeFuture?: boolean | null
  readonly validAfter?: string | null
}

interface MeterArgs {
  readonly includeInactive?: boolean | null
}

const isActive = ({ from, to }: Agreement, now: Instant): boolean => from <= now && (to === null || to > now)

const DEVICE = { manufacturer: 'Example', model: 'S2', firmwareVersion: '01.00' }

const device = (supply: Supply) => ({ deviceId: supply.deviceId, ...DEVICE })

function electricityMeters(supply: Supply, account: SimulatedAccount, all: boolean): unknown[] {
  const isExport = supply.kind === 'export'
  const present = {
    id: isExport ? '72' : '62',
    serialNumber: supply.serial,
    makeAndType: 'Example S2',
    meterType: 'S2A',
    activeFrom: account.movedIn,
    activeTo: null,
    smartImportElectricityMeter: isExport ? null : device(supply),
    smartExportElectricityMeter: isExport ? device(supply) : null,
  }
  const replaced = {
    id: '61',
    serialNumber: supply.replacedSerial,
    makeAndType: null,
    meterType: null,
    activeFrom: addDays(account.movedIn, -2000),
    activeTo: account.movedIn,
    smartImportElectricityMeter: null,
    smartExportElectricityMeter: null,
  }
  return all && supply.replacedSerial !== null ? [present, replaced] : [present]
}

const gasMeters = (supply: Supply, account: SimulatedAccount): unknown[] => [
  {
    id: '82',
    serialNumber: supply.serial,
    activeFrom: account.movedIn,
    activeTo: null,
    imperial: false,
    consumptionUnits: account.gasUnit === 'm3' ? 'm³' : 'kWh',
    mechanism: account.gasUnit === 'm3' ? 'S2' : 'S1',
    smartGasMeter: device(supply),
  },
]

const POINT_IDS = { import: '31', export: '32', gas: '33' } as const

/** The agreements of one supply, the present one first, each with its meter point. */
export function agreementAnswers(clock: Clock, account: SimulatedAccount, supply: Supply, wire: Wire) {
  const isGas = supply.kind === 'gas'
  const direction = supply.kind === 'import' ? 'IMPORT' : account.exportIsOdd ? null : 'EXPORT'
  const meterPoint: Record<string, unknown> = {
    id: POINT_IDS[supply.kind],
    ...(isGas ? { mprn: supply.point } : { mpan: supply.point, gspGroupId: '_C', direction }),
    meters: (args: MeterArgs) =>
      isGas ? gasMeters(supply, account) : electricityMeters(supply, account, args.includeInactive ?? false),
  }
  const answers = supply.agreements.map(each => ({
    agreement: each,
    body: {
      id: each.id,
      validFrom: wire.time(each.from),
      validTo: each.to === null ? null : wire.time(each.to),
      tariff: tariffAnswer(clock, account, each, wire),
      meterPoint,
    },
  }))
  const active = () => answers.filter(each => isActive(each.agreement, clock.now()))
  meterPoint.agreements = ({ includeInactive, excludeFuture, validAfter }: AgreementArgs) =>
    (includeInactive ? answers : active())
      .filter(({ agreement: { from } }) => !excludeFuture || from <= clock.now())
      .filter(({ agreement: { to } }) => !validAfter || to === null || to > Date.parse(validAfter))
      .map(({ body }) => body)
  return {
    all: answers.map(({ body }) => body),
    active: active().map(({ body }) => body),
  }
}
