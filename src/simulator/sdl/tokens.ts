/** Credentials and limits. */
export const TOKENS = `
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
