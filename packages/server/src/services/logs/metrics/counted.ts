import type { Handler } from '#kernel/call.ts'
import { AwsError } from '#kernel/errors.ts'
import type { Service } from '#kernel/service.ts'
import type { IncomingMetrics } from '#services/logs/metrics/incoming.ts'

type Operations = Service<'logs'>['operations']

/** The operations, each of whose calls is counted with how it ended. Calls that the gate denies do not get here. */
export function counted(operations: Operations, incoming: Pick<IncomingMetrics, 'called'> | undefined): Operations {
  if (incoming === undefined) return operations
  const entries = Object.entries(operations) as [string, Handler<never, unknown>][]
  return Object.fromEntries(
    entries.map(([name, handler]) => [name, countedCall(name, handler, incoming)]),
  ) as Operations
}

const countedCall =
  <Input, Output>(
    operation: string,
    handler: Handler<Input, Output>,
    incoming: Pick<IncomingMetrics, 'called'>,
  ): Handler<Input, Output> =>
  async (input, ctx) => {
    try {
      const output = await handler(input, ctx)
      incoming.called(ctx, operation, 'answered', ctx.now)
      return output
    } catch (error) {
      const throttled = error instanceof AwsError && error.code === 'ThrottlingException'
      incoming.called(ctx, operation, throttled ? 'throttled' : 'failed', ctx.now)
      throw error
    }
  }
