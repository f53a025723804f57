/** Cars and chargers, and what else smart control knows. */
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

export const DEVICES = `
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
