import { AwsError } from '#kernel/errors.ts'

export const cloudtrailErrors = {
  invalidTimeRange: (): AwsError =>
    new AwsError('InvalidTimeRangeException', 400, 'The start time is after the end time.'),
  invalidLookupAttributes: (message: string): AwsError =>
    new AwsError('InvalidLookupAttributesException', 400, message),
  invalidNextToken: (): AwsError =>
    new AwsError(
      'InvalidNextTokenException',
      400,
      'The token is invalid, or it was given with other parameters than those of the first call.',
    ),
} as const
