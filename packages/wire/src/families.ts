import type { ServiceId } from './request.ts'

/** What the models do not say about a service: how it words its refusals and how strict it is. */
export interface Family {
  /**
   * Code of a request that breaks constraints. The first of these that the operation models is used, else the first:
   * Logs answers old operations with one code and newer ones with another.
   */
  readonly constraintCodes: readonly [string, ...string[]]
  /** Code of a request that cannot be read at all: wrong types, broken JSON. Left out: the protocol's. */
  readonly malformedCode?: string
  /** Enum values the model does not have are passed on as sent; the service accepts any case. */
  readonly looseEnums: boolean
  /** Logs leaves the value out when a pattern is missed. */
  readonly patternHidesValue: boolean
  /** The member of faults that names the offending input, if the service has one. */
  readonly attributeMember?: string
  /**
   * The list of flat structures of which so many come that nothing is made of one before somebody asks for it: JSON
   * bodies give it as `TextColumns`, where there is nothing unusual about it.
   */
  readonly columns?: string
}

const json: Family = {
  constraintCodes: ['ValidationException'],
  looseEnums: false,
  patternHidesValue: false,
}
const query: Family = { ...json, constraintCodes: ['ValidationError'] }
const rest: Family = { ...json, constraintCodes: ['BadRequestException'], malformedCode: 'BadRequestException' }

const FAMILIES: Readonly<Record<ServiceId, Family>> = {
  logs: {
    ...json,
    constraintCodes: ['InvalidParameterException', 'ValidationException'],
    patternHidesValue: true,
    columns: 'InputLogEvents',
  },
  mq: { ...rest, looseEnums: true, attributeMember: 'ErrorAttribute' },
  kafka: { ...rest, attributeMember: 'InvalidParameter' },
  cloudtrail: json,
  // Whatever the protocol, its errors are those of its Query time.
  cloudwatch: query,
  iam: query,
  sts: query,
  kms: json,
  s3: { ...json, constraintCodes: ['InvalidArgument'] },
  firehose: json,
  sns: { ...query, constraintCodes: ['InvalidParameter'] },
  events: json,
  opensearch: json,
  es: json,
  resourcegroupstaggingapi: { ...json, constraintCodes: ['InvalidParameterException'] },
  secretsmanager: json,
  ec2: { ...query, constraintCodes: ['InvalidParameterValue'] },
}

/** The list that bodies of a service may give as columns. */
export const columnsOf = (service: string): string | undefined =>
  (FAMILIES as Readonly<Record<string, Family | undefined>>)[service]?.columns

export const familyOf = (service: ServiceId): Family => FAMILIES[service]
