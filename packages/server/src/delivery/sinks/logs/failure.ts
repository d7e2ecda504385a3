import { AccessDenied, AwsError, messageOf } from '#kernel/errors.ts'
import type { LogsSink } from '#delivery/delivery.ts'
import type { Outcome } from '#delivery/outcome.ts'

type Retry = Extract<Outcome, { readonly kind: 'retry' }>
type Failure = Exclude<Outcome, { readonly kind: 'delivered' }>

/** Codes that the same request will always get. */
const ALWAYS = new Set([
  'InvalidParameterException',
  'ValidationException',
  'SerializationException',
  'InvalidParameterValueException',
])
const NOT_FOUND = 'ResourceNotFoundException'
const ALREADY_EXISTS = 'ResourceAlreadyExistsException'

const hasCode = (error: unknown, code: string): boolean => error instanceof AwsError && error.code === code

export const isNotFound = (error: unknown): boolean => hasCode(error, NOT_FOUND)
export const isAlreadyThere = (error: unknown): boolean => hasCode(error, ALREADY_EXISTS)

/** The log group is missing. Whoever created it, its events were deleted with it; so it is not created again here. */
export const groupMissing = ({ group }: LogsSink): Retry => ({
  kind: 'retry',
  reason: `The log group ${group} does not exist. Delivery goes on when it exists again; for a broker's logs, reboot the broker.`,
})

/** Why `operation` failed, as an outcome. */
export function failureOf(error: unknown, operation: 'CreateLogStream' | 'PutLogEvents'): Failure {
  if (error instanceof AccessDenied) return { kind: 'retry', reason: error.message, decision: error.decision }
  const reason = `${operation} failed: ${error instanceof AwsError ? `${error.code}: ` : ''}${messageOf(error)}`
  return error instanceof AwsError && ALWAYS.has(error.code) ? { kind: 'rejected', reason } : { kind: 'retry', reason }
}
