/** Tariffs of every shape, and what is in force when. */
/** What every tariff has; GraphQL wants it spelled out in each type. */
const TARIFF_FIELDS = `
    productCode: String
    tariffCode: String
    displayName: String
    standingCharge: Float
    preVatStandingCharge: Float
    isExport: Boolean
`

export const TARIFFS = `
  interface TariffType {${TARIFF_FIELDS}}
  type StandardTariff implements TariffType {${TARIFF_FIELDS} unitRate: Float preVatUnitRate: Float}
  type DayNightTariff implements TariffType {${TARIFF_FIELDS}
    dayRate: Float
    nightRate: Float
    preVatDayRate: Float
    preVatNightRate: Float
  }
  type ThreeRateTariff implements TariffType {${TARIFF_FIELDS}
    dayRate: Float
    nightRate: Float
    offPeakRate: Float
    preVatDayRate: Float
    preVatNightRate: Float
    preVatOffPeakRate: Float
  }
  type FourRateEvTariff implements TariffType {${TARIFF_FIELDS}
    dayRate: Float
    nightRate: Float
    evDevicePeakRate: Float
    evDeviceOffPeakRate: Float
    preVatDayRate: Float
    preVatNightRate: Float
    preVatEvDevicePeakRate: Float
    preVatEvDeviceOffPeakRate: Float
  }
  type HalfHourlyTariff implements TariffType {${TARIFF_FIELDS} unitRates: [UnitRate]}
  type PrepayTariff implements TariffType {${TARIFF_FIELDS} unitRate: Float preVatUnitRate: Float}
  type GasTariffType implements TariffType {${TARIFF_FIELDS} unitRate: Float preVatUnitRate: Float}

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

  type ApplicableRateConnectionTypeConnection {
    pageInfo: PageInfo!
    edges: [ApplicableRateConnectionTypeEdge]!
    totalCount: Int!
    edgeCount: Int!
  }
  type ApplicableRateConnectionTypeEdge { node: ApplicableRate cursor: String! }
  type ApplicableRate { value: Decimal validFrom: DateTime validTo: DateTime }
`
