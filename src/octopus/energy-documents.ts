/** The GraphQL documents of tariffs and bills. Each stands alone, so that none takes another down. */

/** A connection gives fewer than a hundred rows at a time: two days of half hours, and so the most that fits whole days. */
export const ROWS_OF_A_PAGE = 96

const COMMON = '... on TariffType { productCode tariffCode isExport standingCharge preVatStandingCharge }'

/** Today's prices by the kinds of tariff. */
export const TARIFFS = `query Tariffs($account: String!) {
  account(accountNumber: $account) {
    electricityAgreements(active: true) {
      validFrom
      validTo
      meterPoint { mpan }
      tariff {
        __typename
        ${COMMON}
        ... on StandardTariff { unitRate preVatUnitRate }
        ... on PrepayTariff { unitRate preVatUnitRate }
        ... on DayNightTariff { dayRate nightRate preVatDayRate preVatNightRate }
        ... on ThreeRateTariff { dayRate nightRate offPeakRate preVatDayRate preVatNightRate preVatOffPeakRate }
        ... on FourRateEvTariff {
          dayRate
          nightRate
          evDevicePeakRate
          evDeviceOffPeakRate
          preVatDayRate
          preVatNightRate
          preVatEvDevicePeakRate
          preVatEvDeviceOffPeakRate
        }
        ... on HalfHourlyTariff { unitRates { validFrom validTo value preVatValue rateType } }
      }
    }
    gasAgreements(active: true) {
      validFrom
      validTo
      meterPoint { mprn }
      tariff {
        __typename
        ${COMMON}
        ... on GasTariffType { unitRate preVatUnitRate }
      }
    }
  }
}`

/** The prices of a meter point over a time, without VAT. */
export const APPLICABLE_RATES = `query ApplicableRates(
  $account: String!
  $point: String!
  $from: DateTime!
  $to: DateTime!
  $after: String
) {
  applicableRates(
    accountNumber: $account
    mpxn: $point
    startAt: $from
    endAt: $to
    first: ${ROWS_OF_A_PAGE}
    after: $after
  ) {
    edges { node { value validFrom validTo } }
    pageInfo { hasNextPage endCursor }
  }
}`

/**
 * Half hours as they were billed. The property need not be known: of those of the account only one has the meter point.
 */
export const MEASUREMENTS = `query Measurements(
  $account: String!
  $point: String!
  $direction: ReadingDirectionType!
  $from: DateTime!
  $to: DateTime!
  $after: String
) {
  account(accountNumber: $account) {
    properties {
      measurements(
        first: ${ROWS_OF_A_PAGE}
        after: $after
        startAt: $from
        endAt: $to
        utilityFilters: [
          {
            electricityFilters: {
              readingFrequencyType: THIRTY_MIN_INTERVAL
              readingDirection: $direction
              marketSupplyPointId: $point
            }
          }
        ]
      ) {
        edges {
          node {
            value
            unit
            ... on IntervalMeasurementType { startAt endAt }
            metaData { statistics { type label value costInclTax { estimatedAmount } } }
          }
        }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}`
