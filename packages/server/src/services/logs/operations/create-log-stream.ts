import type { LogsParts } from '#services/logs/deps.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { checkStreamName } from '#services/logs/names.ts'
import type { LogsHandler } from '#services/logs/types.ts'

type Deps = Pick<LogsParts, 'groups' | 'streams' | 'numbers' | 'removals'>

/** Of several calls with one name at once, exactly one succeeds. */
export const createLogStream =
  ({ groups, streams, numbers, removals }: Deps): LogsHandler<'CreateLogStream'> =>
  async ({ logGroupName, logStreamName }, ctx) => {
    checkStreamName(logStreamName)
    const group = await groups.require(ctx, logGroupName)
    if (await streams.find(group, logStreamName)) throw logsErrors.streamExists()
    const number = await numbers.next('stream')
    await streams.create(group, logStreamName, { number, creationTime: ctx.now })
    // A group deleted in between may have missed the new stream when it removed its own.
    if ((await groups.find(ctx, logGroupName))?.number !== group.number) {
      await removals.finish(removals.ofGroup(group))
      throw logsErrors.groupNotFound()
    }
    return {}
  }
