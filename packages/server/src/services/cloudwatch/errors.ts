import { AwsError } from '#kernel/errors.ts'

const invalidValue = (message: string): AwsError => new AwsError('InvalidParameterValue', 400, message)
const invalidCombination = (message: string): AwsError => new AwsError('InvalidParameterCombination', 400, message)
const missing = (message: string): AwsError => new AwsError('MissingParameter', 400, message)
const validation = (message: string): AwsError => new AwsError('ValidationError', 400, message)

/** What CloudWatch says, in AWS's words where they are known. */
export const cloudwatchErrors = {
  invalidValue,
  invalidCombination,
  missing,
  validation,
  badValue: (name: string, value: string | number): AwsError =>
    invalidValue(`The value ${String(value)} for parameter ${name} is invalid.`),
  exclusive: (first: string, second: string): AwsError =>
    invalidCombination(`The parameters ${first} and ${second} are mutually exclusive and you have specified both.`),
  required: (name: string): AwsError => missing(`The parameter ${name} is required.`),
  tooMany: (name: string, most: number): AwsError =>
    invalidValue(`The collection ${name} must not have a size greater than ${String(most)}.`),
  startNotBeforeEnd: (): AwsError => invalidValue('The parameter StartTime must be less than the parameter EndTime.'),
  tooManyDatapoints: (asked: number, most: number): AwsError =>
    invalidCombination(
      `You have requested up to ${String(asked)} datapoints, which exceeds the limit of ${String(most)}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
    ),
  tooLarge: (most: number): AwsError =>
    new AwsError(
      'RequestEntityTooLarge',
      413,
      `The request is longer than ${String(most)} bytes, the most that PutMetricData takes. Send its metric data in several requests.`,
    ),
  invalidNextToken: (): AwsError =>
    new AwsError(
      'InvalidNextToken',
      400,
      'The token is invalid, or it was given with other parameters than those of the first call.',
    ),
  alarmNotFound: (): AwsError => new AwsError('ResourceNotFound', 404, ''),
  taggedNotFound: (arn: string): AwsError =>
    new AwsError('ResourceNotFoundException', 404, `There is no resource ${arn}.`, {
      ResourceType: 'alarm',
      ResourceId: arn,
    }),
  tooManyAlarms: (): AwsError =>
    new AwsError('LimitExceeded', 400, 'The quota for alarms for this customer has already been reached.'),
  badJson: (name: string): AwsError => new AwsError('InvalidFormat', 400, `${name} was not syntactically valid JSON.`),
  conflict: (): AwsError =>
    new AwsError('ResourceConflict', 409, 'More than one process tried to modify a resource at the same time.'),
  throttled: (): AwsError => new AwsError('Throttling', 400, 'Rate exceeded'),
  expression: (id: string, reason: string): AwsError => validation(`Error in expression '${id}' [${reason}]`),
  notBuilt: (what: string): AwsError =>
    new AwsError('NotImplemented', 501, `${what} is not built in this version of Sluice.`),
} as const
