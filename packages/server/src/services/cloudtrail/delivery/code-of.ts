import { AwsError } from '#kernel/errors.ts'

/** What GetTrailStatus says of a failed delivery: the code with which its destination refused. */
export const codeOf = (error: unknown): string => (error instanceof AwsError ? error.code : 'InternalError')
