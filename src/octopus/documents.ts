/**
 * The GraphQL documents, on the fields that stay: `devices`, `flexPlannedDispatches`, `completedDispatches`. One unknown
 * field makes Octopus refuse a whole request, so what is nice to have lives apart from what must work: behind the poll
 * and the account stand minimal ones. Values go in as variables only.
 */

export const TOKEN = `mutation Token($input: ObtainJSONWebTokenInput!) {
  obtainKrakenToken(input: $input) { token payload }
}`

export const VIEWER = `query Viewer {
  viewer { accounts { number } }
}`

/** The account's electricity alone: what stands behind the full document. */
export const MINIMAL_ACCOUNT = `query MinimalAccount($account: String!) {
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

/** The account with gas, and with what its meters are. */
export const ACCOUNT = `query Account($account: String!) {
  account(accountNumber: $account) {
    number
    electricityAgreements(active: true) {
      meterPoint {
        mpan
        direction
        meters(includeInactive: false) {
          serialNumber
          meterType
          smartImportElectricityMeter { deviceId manufacturer model }
          smartExportElectricityMeter { deviceId manufacturer model }
        }
        agreements(includeInactive: true) {
          validFrom
          validTo
          tariff { __typename ... on TariffType { productCode tariffCode isExport } }
        }
      }
    }
    gasAgreements(active: true) {
      meterPoint {
        mprn
        meters(includeInactive: false) {
          serialNumber
          mechanism
          consumptionUnits
          smartGasMeter { deviceId manufacturer model }
        }
        agreements(includeInactive: true) {
          validFrom
          validTo
          tariff { __typename productCode tariffCode }
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
