/**
 * The GraphQL documents, on the fields that stay: `devices`, `flexPlannedDispatches`, `completedDispatches`. One unknown
 * field makes Octopus refuse a whole request, so what is nice to have lives apart from what must work: behind the poll
 * stands a minimal one. Values go in as variables only.
 */

/** Octopus refuses a page of a hundred or more. Two London days have 98 half hours at most. */
export const BILLED_AT_ONCE = 98

export const TOKEN = `mutation Token($input: ObtainJSONWebTokenInput!) {
  obtainKrakenToken(input: $input) { token payload }
}`

export const VIEWER = `query Viewer {
  viewer { accounts { number } }
}`

export const ACCOUNT = `query Account($account: String!) {
  account(accountNumber: $account) {
    number
    electricityAgreements(active: true) {
      meterPoint {
        mpan
        direction
        meters(includeInactive: false) {
          serialNumber
          smartImportElectricityMeter { deviceId }
          smartExportElectricityMeter { deviceId }
        }
        agreements(includeInactive: true) {
          validFrom
          validTo
          tariff { ... on TariffType { productCode tariffCode isExport } }
        }
      }
    }
  }
}`

/** Gas apart from electricity: a field that Octopus removes here must not cost anything there. */
export const GAS = `query Gas($account: String!) {
  account(accountNumber: $account) {
    gasAgreements(active: true) {
      meterPoint {
        mprn
        meters { serialNumber consumptionUnits }
        agreements(includeInactive: true) {
          validFrom
          validTo
          tariff { productCode tariffCode }
        }
      }
    }
  }
}`

/** Prices of the electricity agreements in force, for tariffs whose own prices are not published. With VAT. */
export const TARIFFS = `query Tariffs($account: String!) {
  account(accountNumber: $account) {
    electricityAgreements(active: true) {
      validFrom
      validTo
      tariff {
        __typename
        ... on TariffType { tariffCode standingCharge }
        ... on StandardTariff { unitRate }
        ... on PrepayTariff { unitRate }
        ... on DayNightTariff { dayRate nightRate }
        ... on ThreeRateTariff { dayRate nightRate offPeakRate }
        ... on FourRateEvTariff { dayRate nightRate evDevicePeakRate evDeviceOffPeakRate }
        ... on HalfHourlyTariff { unitRates { validFrom validTo value rateType } }
      }
    }
  }
}`

/** The half hours of a meter point as they were billed, fewer than a hundred at a time. */
export const BILLED = `query Billed($account: String!, $point: String!, $start: DateTime!, $end: DateTime!) {
  account(accountNumber: $account) {
    properties {
      measurements(
        first: ${BILLED_AT_ONCE}
        startAt: $start
        endAt: $end
        timezone: "Europe/London"
        utilityFilters: [
          {
            electricityFilters: {
              readingFrequencyType: THIRTY_MIN_INTERVAL
              readingDirection: CONSUMPTION
              marketSupplyPointId: $point
            }
          }
        ]
      ) {
        edges {
          node {
            value
            readAt
            ... on IntervalMeasurementType { startAt endAt }
            metaData { statistics { type label value costInclTax { estimatedAmount } } }
          }
        }
      }
    }
  }
}`

const FACTS = `__typename id name provider
    status { current isSuspended currentState }
    ... on SmartFlexVehicle { make model vehicleBatterySize chargePointPowerOutput }
    ... on SmartFlexChargePoint { make model vehicleBatterySize chargePointPowerOutput }`

export const DEVICES = `query Devices($account: String!) {
  devices(accountNumber: $account) {
    ${FACTS}
  }
}`

/** Several numbered fields, one for each car, so that all cars are one request. */
const forEachCar = (cars: number, line: (car: number) => string): string =>
  Array.from({ length: cars }, (_, car) => line(car)).join('')

const carVariables = (cars: number): string => forEachCar(cars, car => `, $device${car}: String!`)

const plans = (cars: number): string =>
  forEachCar(
    cars,
    car => `\n  p${car}: flexPlannedDispatches(deviceId: $device${car}) { start end type energyAddedKwh }`,
  )

/** State, plans, preferences and what was completed, for this many cars. */
export const pollDocument = (cars: number): string => `query Poll($account: String!${carVariables(cars)}) {
  devices(accountNumber: $account) {
    ${FACTS}
    status {
      ... on SmartFlexVehicleStatus { stateOfCharge { value timestamp } }
      ... on SmartFlexChargePointStatus { stateOfCharge { value timestamp } }
    }
    preferences { targetType unit schedules { dayOfWeek time max } }
  }${plans(cars)}
  completedDispatches(accountNumber: $account) { start end delta meta { source location } }
}`

/** What cheap times cannot do without. */
export const minimalPollDocument = (
  cars: number,
): string => `query MinimalPoll($account: String!${carVariables(cars)}) {
  devices(accountNumber: $account) { id status { currentState } }${plans(cars)}
}`

export const pollVariables = (account: string, deviceIds: readonly string[]): Record<string, string> => ({
  account,
  ...Object.fromEntries(deviceIds.map((id, car) => [`device${car}`, id])),
})
