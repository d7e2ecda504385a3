import type { ServiceId } from './request.ts'

/** What the models do not say about a service: how it words its refusals and how strict it is. */
export interface Family {
  /**
   * Code of a request that breaks constraints. The first of these that the operation models is used, else the first:
   * Logs answers old operations with one code and newer ones with another.
   */
  readonly constraintCodes: readonly [string, ...string[]]
  /** Code of a request that cannot be read at all: wrong types, broken JSON. */
  readonly malformedCode: string
  /** Enum values the model does not have are passed on as sent; the service accepts any case. */
  readonly looseEnums: boolean
  /** Logs leaves the value out when a pattern is missed. */
  readonly patternHidesValue: boolean
  /** The member of faults that names the offending input, if the service has one. */
  readonly attributeMember?: string
  /** How far a client's clock may be off, in minutes. */
  readonly skewMinutes: number
}

const json: Family = {
  constraintCodes: ['ValidationException'],
  malformedCode: 'SerializationException',
  looseEnums: false,
  patternHidesValue: false,
  skewMinutes: 5,
}
const query: Family = {
  ...json,
  constraintCodes: ['ValidationError'],
  malformedCode: 'MalformedInput',
  skewMinutes: 15,
}

const FAMILIES: Readonly<Record<ServiceId, Family>> = {
  logs: { ...json, constraintCodes: ['InvalidParameterException', 'ValidationException'], patternHidesValue: true },
  mq: {
    ...json,
    constraintCodes: ['BadRequestException'],
    malformedCode: 'BadRequestException',
    looseEnums: true,
    attributeMember: 'ErrorAttribute',
  },
  cloudtrail: json,
  iam: query,
  sts: query,
}

export const familyOf = (service: ServiceId): Family => FAMILIES[service]
