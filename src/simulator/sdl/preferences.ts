/** What the customer wishes of a car. */
export const PREFERENCES = `
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
