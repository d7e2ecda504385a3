import { groupArn } from '#services/logs/arns.ts'
import type { LogsParts } from '#services/logs/deps.ts'
import { describeDestination } from '#services/logs/operations/describe-destinations.ts'
import { sendTest } from '#services/logs/subscriptions/send-test.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { parseTargetArn } from '#services/logs/subscriptions/target.ts'
import { mergedTags } from '#services/logs/tags.ts'
import type { LogsHandler } from '#services/logs/types.ts'

type Deps = Pick<LogsParts, 'destinations' | 'targets'>

/** Creates a destination or replaces its target and role. A test message is sent first. Its policy and tags stay as they are. */
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
    const given = tags && { tags: mergedTags({}, tags, name) }
    const route = {
      destinationArn: targetArn,
      roleArn,
      sourceArn: groupArn(ctx, '*'),
      distribution: 'ByLogStream',
    } as const
    await sendTest(targets, vendor, route, ctx)
    await destinations.change(ctx, name, (existing) => {
      if (existing !== undefined && given !== undefined) throw logsErrors.tagsOfExisting()
      return { creationTime: ctx.now, ...given, ...existing, targetArn, roleArn }
    })
    const destination = await destinations.find(ctx, name)
    if (destination === undefined) throw logsErrors.conflict()
    return { destination: describeDestination(ctx, destination) }
  }
