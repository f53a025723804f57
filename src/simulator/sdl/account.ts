/** The account with its properties, meter points, meters and agreements. */
export const ACCOUNT = `
  type AccountUserType {
    id: ID!
    number: String
    accounts: [AccountInterface]
  }

  interface AccountInterface {
    number: String
    balance(includeAllLedgers: Boolean = false): Int!
  }

  type AccountType implements AccountInterface {
    id: ID!
    number: String
    balance(includeAllLedgers: Boolean = false): Int!
    electricityAgreements(active: Boolean = false): [ElectricityAgreementType]
    gasAgreements(active: Boolean = false): [GasAgreementType]
    properties(activeFrom: DateTime): [PropertyType]
  }

  type PropertyType {
    id: String
    occupancyPeriods: [OccupancyPeriodType]
    measurements(
      startAt: DateTime = "0001-01-03T00:00:00-00:01:15"
      endAt: DateTime = "9999-12-29T23:59:59.999999+00:00"
      startOn: Date
      endOn: Date
      timezone: String = "Europe/London"
      utilityFilters: [UtilityFiltersInput] = []
      before: String
      after: String
      first: Int
      last: Int
    ): MeasurementConnection
  }

  type OccupancyPeriodType {
    id: ID
    effectiveFrom: DateTime
    effectiveTo: DateTime
  }

  type ElectricityAgreementType {
    id: Int
    validFrom: DateTime
    validTo: DateTime
    meterPoint: ElectricityMeterPointType!
    tariff: ElectricityTariffType
  }

  type GasAgreementType {
    id: Int
    validFrom: DateTime
    validTo: DateTime
    meterPoint: GasMeterPointType!
    tariff: GasTariffType
  }

  enum ElectricityDirection { IMPORT EXPORT }

  type ElectricityMeterPointType {
    id: ID!
    mpan: String!
    direction: ElectricityDirection
    gspGroupId: String
    meters(id: Int, includeInactive: Boolean): [ElectricityMeterType]
    agreements(validAfter: DateTime, includeInactive: Boolean, excludeFuture: Boolean): [ElectricityAgreementType]
  }

  enum ElectricityMeterMeterType { S2A S2ADE }

  type ElectricityMeterType {
    id: ID!
    serialNumber: String!
    makeAndType: String
    meterType: ElectricityMeterMeterType
    activeFrom: Date!
    activeTo: Date
    smartImportElectricityMeter: SmartMeterDeviceType
    smartExportElectricityMeter: SmartMeterDeviceType
  }

  type GasMeterPointType {
    id: ID!
    mprn: String
    meters(id: Int, includeInactive: Boolean): [GasMeterType]
    agreements(validAfter: DateTime, includeInactive: Boolean, excludeFuture: Boolean): [GasAgreementType]
  }

  enum GasMeterMechanism { S1 S2 }

  type GasMeterType {
    id: ID!
    serialNumber: String!
    activeFrom: Date!
    activeTo: Date
    imperial: Boolean
    consumptionUnits: String
    mechanism: GasMeterMechanism
    smartGasMeter: SmartMeterDeviceType
  }

  type SmartMeterDeviceType {
    deviceId: String!
    manufacturer: String!
    model: String!
    firmwareVersion: String!
  }
`
