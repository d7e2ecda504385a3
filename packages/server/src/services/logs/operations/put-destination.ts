import { groupArn } from '#services/logs/arns.ts'
import type { LogsParts } from '#services/logs/deps.ts'
import { describeDestination } from '#services/logs/operations/describe-destinations.ts'
import { sendTest } from '#services/logs/subscriptions/send-test.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { parseTargetArn } from '#services/logs/subscriptions/target.ts'
import type { LogsHandler } from '#services/logs/types.ts'

type Deps = Pick<LogsParts, 'destinations' | 'targets'>

/** Creates a destination or replaces its target and role. A test message is sent first. Its policy stays as it is. */
export const putDestination =
  ({ destinations, targets }: Deps): LogsHandler<'PutDestination'> =>
  async (input, ctx) => {
    const { destinationName: name, targetArn, roleArn, tags } = input
    const { vendor } = parseTargetArn(targetArn)
    if (vendor !== 'kinesis' && vendor !== 'firehose') {
      throw logsErrors.invalidParameter(
        'The targetArn of a destination must be the ARN of a Kinesis or Firehose stream.',
      )
    }
    if (tags !== undefined && Object.keys(tags).length > 0) {
      throw logsErrors.invalidParameter(
        'Destinations have no tags in this version of Sluice. Put the destination without tags.',
      )
    }
    const route = {
      destinationArn: targetArn,
      roleArn,
      sourceArn: groupArn(ctx, '*'),
      distribution: 'ByLogStream',
    } as const
    await sendTest(targets, vendor, route, ctx)
    await destinations.change(ctx, name, (existing) => ({
      creationTime: ctx.now,
      ...existing,
      targetArn,
      roleArn,
    }))
    const destination = await destinations.find(ctx, name)
    if (destination === undefined) throw logsErrors.conflict()
    return { destination: describeDestination(ctx, destination) }
  }
