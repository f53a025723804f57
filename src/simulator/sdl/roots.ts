/** The scalars, and what can be asked for and told. */
export const SCALARS = `
  scalar Date
  scalar DateTime
  scalar Decimal
  scalar GenericScalar
  scalar Time
`

export const ROOTS = `
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
    applicableRates(
      accountNumber: String!
      mpxn: String!
      startAt: DateTime!
      endAt: DateTime!
      before: String
      after: String
      first: Int
      last: Int
    ): ApplicableRateConnectionTypeConnection
  }

  type Mutation {
    obtainKrakenToken(input: ObtainJSONWebTokenInput!): ObtainKrakenJSONWebToken
    updateBoostCharge(input: UpdateBoostChargeInput): SmartFlexDeviceInterface
    updateDeviceSmartControl(input: SmartControlInput!): SmartFlexDeviceInterface
    setDevicePreferences(input: SmartFlexDevicePreferencesInput!): SmartFlexDeviceInterface
    updateIsChargingDurationCapped(input: UpdateIsChargingDurationCappedInput): SmartFlexDeviceInterface
  }
`
