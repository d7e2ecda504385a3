import { type Identified, type Protocol, WireError } from '@sluice/wire'
import type { CallContext } from '#kernel/call.ts'
import { AwsError, type Fault, messageOf, Unavailable } from '#kernel/errors.ts'
import { referenceChecks } from '#kernel/operation-actions.ts'
import type { OperationAccess } from '#kernel/service.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import { frontDoorCode } from '#gateway/refusal.ts'
import type { BuiltOperation } from '#gateway/registry.ts'

/** Runs the handler of an operation that the gate let through. */
export const invoke = async (operation: BuiltOperation, input: object, ctx: CallContext): Promise<object> =>
  (await operation.handler(input, ctx)) ?? {}

/** An operation that AWS has and this version has not. No client retries a 501, so the caller learns it at once. */
export const notBuilt = (service: string, operation: string): AwsError =>
  new AwsError(
    'NotImplemented',
    501,
    `${operation} of ${service} is not built in this version of Sluice; docs/coverage.md lists what is.`,
  )

/** What AWS's reference says that an operation needs which is not built. */
export const unbuiltAccess = ({
  service,
  operation,
}: Pick<Identified, 'service' | 'operation'>): OperationAccess<object> => ({
  category: 'management',
  readOnly: false,
  checks: (_input, scope) => referenceChecks(service, operation, scope),
})

/**
 * Whatever was thrown, as something a client may be told: AWS errors as they are, anything else as an internal error.
 * What is unavailable has said so in health and log; a line for each call would only repeat it.
 */
export function asFault(
  error: unknown,
  request: { readonly id: string; readonly operation: string; readonly protocol: Protocol },
  telemetry: Telemetry,
): Fault {
  if (isFault(error)) return error
  if (error instanceof Unavailable)
    return { code: frontDoorCode(request.protocol, 'ServiceUnavailable'), status: 503, message: error.told }
  telemetry.log.error({
    event: 'internal_error',
    requestId: request.id,
    operation: request.operation,
    message: messageOf(error),
    stack: error instanceof Error ? error.stack : undefined,
  })
  return {
    // S3 alone speaks it, and has a name of its own. @source Amazon S3 API reference, "Error responses"
    code: request.protocol === 'rest-xml' ? 'InternalError' : 'InternalFailure',
    status: 500,
    message: `An internal error occurred. The platform's log tells more under request ${request.id}.`,
  }
}

// By class and not by shape: libraries throw errors with a code and a status as well, and theirs are not for clients.
const isFault = (error: unknown): error is Error & Fault => error instanceof AwsError || error instanceof WireError
