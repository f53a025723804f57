/** Half hours of a property as they were measured and billed. */
export const MEASUREMENTS = `
  enum ReadingFrequencyType {
    RAW_INTERVAL FIVE_MIN_INTERVAL FIFTEEN_MIN_INTERVAL THIRTY_MIN_INTERVAL HOUR_INTERVAL DAY_INTERVAL WEEK_INTERVAL
    MONTH_INTERVAL QUARTER_INTERVAL DAILY POINT_IN_TIME INTERVALIZED
  }
  enum ReadingDirectionType { CONSUMPTION GENERATION }
  enum ReadingQualityType { ACTUAL ESTIMATE COMBINED }
  enum ReadingStatisticTypeEnum {
    STANDING_CHARGE_COST CONSUMPTION_COST CONSUMPTION_BREAKDOWN GENERATION_VALUE TOU_BUCKET_COST
  }

  input UtilityFiltersInput { electricityFilters: ElectricityFiltersInput gasFilters: GasFiltersInput }
  input ElectricityFiltersInput {
    readingFrequencyType: ReadingFrequencyType = RAW_INTERVAL
    marketSupplyPointId: String
    deviceId: String
    readingDirection: ReadingDirectionType = CONSUMPTION
    registerId: String
    readingQuality: ReadingQualityType = COMBINED
  }
  input GasFiltersInput {
    readingFrequencyType: ReadingFrequencyType = RAW_INTERVAL
    marketSupplyPointId: String
    deviceId: String
    registerId: String
  }

  type MeasurementConnection {
    pageInfo: PageInfo!
    edges: [MeasurementEdge]!
    totalCount: Int!
    edgeCount: Int!
  }
  type MeasurementEdge { node: MeasurementInterface cursor: String! }
  interface MeasurementInterface {
    source: String!
    metaData: MeasurementsMetadataOutput
    value: Decimal!
    unit: String!
    readAt: DateTime!
  }
  type IntervalMeasurementType implements MeasurementInterface {
    source: String!
    metaData: MeasurementsMetadataOutput
    value: Decimal!
    unit: String!
    readAt: DateTime!
    startAt: DateTime!
    endAt: DateTime!
    durationInSeconds: Int!
  }
  type MeasurementsMetadataOutput { statistics: [StatisticOutput] }
  type StatisticOutput {
    type: ReadingStatisticTypeEnum
    label: String
    description: String
    costExclTax: EstimatedMoneyType
    costInclTax: EstimatedMoneyType
    value: Decimal
  }
  type EstimatedMoneyType { estimatedAmount: Decimal! costCurrency: String! }
`
