/**
 * The part of Octopus's GraphQL schema that a smart-charge client uses. Names, arguments, nullability and scalars are
 * those of the real schema (July 2026); only fields on no removal list are here, so that a document which passes this
 * schema does not lean on something that is going away.
 */
const SCALARS = `
  scalar Date
  scalar DateTime
  scalar Decimal
  scalar GenericScalar
  scalar Time
`

const ROOTS = `
  type Query {
    viewer: AccountUserType
    account(accountNumber: String!): AccountType
    properties(accountNumber: String!, active: Boolean): [PropertyType]
    devices(
      accountNumber: String!
      propertyId: ID
      deviceId: String
      integrationDeviceId: String
    ): [SmartFlexDeviceInterface!]
    flexPlannedDispatches(deviceId: String!): [SmartFlexDispatch]
    completedDispatches(accountNumber: String!): [UpsideDispatchType]
    smartFlexDeviceSupplyPoint(smartFlexDeviceId: String): SmartFlexDeviceSupplyPointType
    rateLimitInfo: CombinedRateLimitInformation
  }

  type Mutation {
    obtainKrakenToken(input: ObtainJSONWebTokenInput!): ObtainKrakenJSONWebToken
    updateBoostCharge(input: UpdateBoostChargeInput): SmartFlexDeviceInterface
    updateDeviceSmartControl(input: SmartControlInput!): SmartFlexDeviceInterface
    setDevicePreferences(input: SmartFlexDevicePreferencesInput!): SmartFlexDeviceInterface
    updateIsChargingDurationCapped(input: UpdateIsChargingDurationCappedInput): SmartFlexDeviceInterface
  }
`

const TOKENS = `
  input ObtainJSONWebTokenInput {
    APIKey: String
    organizationSecretKey: String
    preSignedKey: String
    refreshToken: String
    captchaResponse: String
  }

  type ObtainKrakenJSONWebToken {
    token: String!
    payload: GenericScalar!
    refreshToken: String
    refreshExpiresIn: Int
  }

  type CombinedRateLimitInformation {
    pointsAllowanceRateLimit: PointsAllowanceRateLimitInformation
    fieldSpecificRateLimits(
      fields: [String]
      before: String
      after: String
      first: Int
      last: Int
    ): FieldSpecificRateLimitInformationConnectionTypeConnection!
  }

  type PointsAllowanceRateLimitInformation {
    limit: Int
    remainingPoints: Int
    usedPoints: Int
    ttl: Int
    isBlocked: Boolean
  }

  type FieldSpecificRateLimitInformationConnectionTypeConnection {
    pageInfo: PageInfo!
    edges: [FieldSpecificRateLimitInformationConnectionTypeEdge]!
    totalCount: Int!
    edgeCount: Int!
  }

  type FieldSpecificRateLimitInformationConnectionTypeEdge {
    node: FieldSpecificRateLimitInformation
    cursor: String!
  }

  type FieldSpecificRateLimitInformation {
    field: String
    rate: String
    ttl: Int
    isBlocked: Boolean
  }

  type PageInfo {
    hasNextPage: Boolean!
    hasPreviousPage: Boolean!
    startCursor: String
    endCursor: String
  }
`

const ACCOUNT = `
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

/** What every tariff has; GraphQL wants it spelled out in each type. */
const TARIFF_FIELDS = `
    productCode: String
    tariffCode: String
    displayName: String
    standingCharge: Float
    isExport: Boolean
`

const TARIFFS = `
  interface TariffType {${TARIFF_FIELDS}}
  type StandardTariff implements TariffType {${TARIFF_FIELDS} unitRate: Float}
  type DayNightTariff implements TariffType {${TARIFF_FIELDS} dayRate: Float nightRate: Float}
  type ThreeRateTariff implements TariffType {${TARIFF_FIELDS} dayRate: Float nightRate: Float offPeakRate: Float}
  type FourRateEvTariff implements TariffType {${TARIFF_FIELDS}
    dayRate: Float
    nightRate: Float
    evDevicePeakRate: Float
    evDeviceOffPeakRate: Float
  }
  type HalfHourlyTariff implements TariffType {${TARIFF_FIELDS} unitRates: [UnitRate]}
  type PrepayTariff implements TariffType {${TARIFF_FIELDS} unitRate: Float}
  type GasTariffType implements TariffType {${TARIFF_FIELDS} unitRate: Float}

  union ElectricityTariffType =
    StandardTariff | DayNightTariff | ThreeRateTariff | FourRateEvTariff | HalfHourlyTariff | PrepayTariff

  enum NonBespokeElectricityRateTypeChoices {
    STANDARD OFF_PEAK PEAK ECO7_DAY ECO7_NIGHT EV_DEVICE EV_DEVICE_PEAK EV_DEVICE_OFF_PEAK
  }

  type UnitRate {
    validFrom: DateTime
    validTo: DateTime
    value: Float
    preVatValue: Float
    rateType: NonBespokeElectricityRateTypeChoices
  }
`

/** What every SmartFlex device has. */
const DEVICE_FIELDS = `
    id: ID!
    name: String
    deviceType: KrakenFlexDeviceTypes!
    provider: ProviderChoices!
    integrationDeviceId: String
    propertyId: String
    status: SmartFlexDeviceStatusInterface!
    alerts: [SmartFlexDeviceAlertInterface]
    preferences: SmartFlexDevicePreferencesInterface
    preferenceSetting: FlexDevicePreferenceSettingInterface
`

const CAR_FIELDS = `
    make: String
    model: String
    vehicleBatterySize: Decimal
    chargePointPowerOutput: Decimal
`

const STATUS_FIELDS = `
    current: SmartFlexDeviceLifecycleStatus
    isSuspended: Boolean
    currentState: SmartFlexDeviceState
`

const CAR_STATUS_FIELDS = `
    stateOfCharge: DecimalReading
    activePower: DecimalReading
    stateOfChargeLimit: StateOfChargeLimit
    testDispatchFailureReason: TestDispatchAssessmentFailureReason
`

const DEVICES = `
  enum KrakenFlexDeviceTypes {
    BATTERIES ELECTRIC_VEHICLES INVERTERS HEAT_PUMPS STORAGE_HEATERS ELECTRICITY_METERS THERMOSTATS
  }
  enum ProviderChoices {
    TESLA_V2 OHME_V2 MYENERGI_V2 JEDLIX_V2 SMARTCAR_V2 OCPP OCPP_WALLBOX HYPERVOLT INDRA VOLKSWAGEN OCTOPUS_ENERGY
  }
  enum SmartFlexDeviceLifecycleStatus {
    ONBOARDING PENDING_LIVE LIVE ONBOARDING_TEST_IN_PROGRESS FAILED_ONBOARDING_TEST RETIRED
  }
  enum SmartFlexDeviceState {
    AUTHENTICATION_PENDING AUTHENTICATION_FAILED AUTHENTICATION_COMPLETE
    TEST_CHARGE_IN_PROGRESS TEST_CHARGE_FAILED TEST_CHARGE_NOT_AVAILABLE
    SETUP_COMPLETE SMART_CONTROL_CAPABLE SMART_CONTROL_IN_PROGRESS BOOSTING
    SMART_CONTROL_OFF SMART_CONTROL_NOT_AVAILABLE LOST_CONNECTION RETIRED
  }
  enum TestDispatchAssessmentFailureReason {
    NONE UNKNOWN ASSESSMENTS_FAILED NOT_AT_HOME UNABLE_TO_COMMUNICATE DEVICE_DISCONNECTED SOC_LIMIT_REACHED ERROR
  }

  interface SmartFlexDeviceInterface {${DEVICE_FIELDS}}
  type SmartFlexVehicle implements SmartFlexDeviceInterface {${DEVICE_FIELDS}${CAR_FIELDS}}
  type SmartFlexChargePoint implements SmartFlexDeviceInterface {${DEVICE_FIELDS}${CAR_FIELDS}}
  type SmartFlexBattery implements SmartFlexDeviceInterface {${DEVICE_FIELDS} make: String model: String}
  type SmartFlexDevice implements SmartFlexDeviceInterface {${DEVICE_FIELDS}}

  interface SmartFlexDeviceStatusInterface {${STATUS_FIELDS}}
  type SmartFlexVehicleStatus implements SmartFlexDeviceStatusInterface {${STATUS_FIELDS}${CAR_STATUS_FIELDS}}
  type SmartFlexChargePointStatus implements SmartFlexDeviceStatusInterface {${STATUS_FIELDS}${CAR_STATUS_FIELDS}}
  type SmartFlexDeviceStatus implements SmartFlexDeviceStatusInterface {${STATUS_FIELDS}}

  type DecimalReading { timestamp: DateTime! value: Decimal! }
  type StateOfChargeLimit { upperSocLimit: Int timestamp: String isLimitViolated: Boolean }

  interface SmartFlexDeviceAlertInterface { message: String publishedAt: DateTime }
  type SmartFlexDeviceAlert implements SmartFlexDeviceAlertInterface { message: String publishedAt: DateTime }

  type SmartFlexDeviceSupplyPointType { importSupplyPointId: String! smartFlexDeviceId: String! }
`

const PREFERENCES = `
  enum PreferencesTargetType { ABSOLUTE_STATE_OF_CHARGE RELATIVE_STATE_OF_CHARGE ABSOLUTE_TEMPERATURE }
  enum PreferencesUnitChoices { CELSIUS PERCENTAGE }
  enum PreferencesModeChoices { CHARGE COOL HEAT }
  enum FlexGridExportStatus { ENABLED DISABLED NOT_APPLICABLE }
  enum FlexIsChargingDurationCapped { ENABLED DISABLED NOT_APPLICABLE }
  enum DayOfWeek { MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY SATURDAY SUNDAY }

  interface SmartFlexDevicePreferencesInterface {
    targetType: PreferencesTargetType!
    unit: PreferencesUnitChoices!
    mode: PreferencesModeChoices!
    schedules: [SmartFlexDevicePreferenceSchedule]
    gridExport: FlexGridExportStatus!
    isChargingDurationCapped: FlexIsChargingDurationCapped!
  }
  type SmartFlexDevicePreferences implements SmartFlexDevicePreferencesInterface {
    targetType: PreferencesTargetType!
    unit: PreferencesUnitChoices!
    mode: PreferencesModeChoices!
    schedules: [SmartFlexDevicePreferenceSchedule]
    gridExport: FlexGridExportStatus!
    isChargingDurationCapped: FlexIsChargingDurationCapped!
  }
  type SmartFlexDevicePreferenceSchedule {
    dayOfWeek: DayOfWeek!
    time: Time!
    min: Float
    max: Float
    upperLimit: Float
  }

  interface FlexDevicePreferenceSettingInterface {
    id: Int!
    deviceType: String!
    mode: PreferencesModeChoices!
    unit: PreferencesUnitChoices!
    scheduleSettings: [FlexDevicePreferenceScheduleSettingInterface]!
  }
  type FlexDevicePreferenceSetting implements FlexDevicePreferenceSettingInterface {
    id: Int!
    deviceType: String!
    mode: PreferencesModeChoices!
    unit: PreferencesUnitChoices!
    scheduleSettings: [FlexDevicePreferenceScheduleSettingInterface]!
  }
  interface FlexDevicePreferenceScheduleSettingInterface {
    id: Int!
    timeFrom: Time
    timeTo: Time
    timeStep: Int!
    min: Decimal
    max: Decimal
    step: Decimal!
  }
  type FlexDevicePreferenceScheduleSetting implements FlexDevicePreferenceScheduleSettingInterface {
    id: Int!
    timeFrom: Time
    timeTo: Time
    timeStep: Int!
    min: Decimal
    max: Decimal
    step: Decimal!
  }

  input PreferencesScheduleInput { dayOfWeek: DayOfWeek! time: Time! min: Decimal max: Decimal! }
  input SmartFlexDevicePreferencesInput {
    deviceId: ID!
    mode: PreferencesModeChoices!
    unit: PreferencesUnitChoices!
    schedules: [PreferencesScheduleInput]!
  }
`

const DISPATCHES = `
  enum SmartFlexChargingType { SMART BOOST TEST }
  type SmartFlexDispatch {
    start: DateTime!
    end: DateTime!
    type: SmartFlexChargingType!
    energyAddedKwh: Decimal
  }
  type UpsideDispatchType { start: DateTime! end: DateTime! delta: Decimal meta: UpsideDispatchMetaType }
  type UpsideDispatchMetaType { source: String location: String }
`

const COMMANDS = `
  enum UpdateBoostChargeAction { BOOST CANCEL }
  enum SmartControlAction { SUSPEND UNSUSPEND }
  input UpdateBoostChargeInput { deviceId: String! action: UpdateBoostChargeAction! }
  input SmartControlInput { deviceId: ID! action: SmartControlAction! }
  input UpdateIsChargingDurationCappedInput { deviceId: String! enabled: Boolean! }
`

export const SDL = [SCALARS, ROOTS, TOKENS, ACCOUNT, TARIFFS, DEVICES, PREFERENCES, DISPATCHES, COMMANDS].join('\n')
