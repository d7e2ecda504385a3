import type { LogsParts } from '#services/logs/deps.ts'
import { logsErrors } from '#services/logs/errors.ts'
import type { LogsHandler } from '#services/logs/types.ts'

type Deps = Pick<LogsParts, 'groups' | 'streams' | 'removals'>

/** The stream and its events are gone when this answers; their space is freed soon. */
export const deleteLogStream =
  ({ groups, streams, removals }: Deps): LogsHandler<'DeleteLogStream'> =>
  async ({ logGroupName, logStreamName }, ctx) => {
    const group = await groups.require(ctx, logGroupName)
    if (group.deletionProtectionEnabled) throw logsErrors.streamProtected()
    const deleted = await streams.delete(group, logStreamName, ({ number }) => [removals.ofStream(group, number)])
    await removals.finish(removals.ofStream(group, deleted.number))
    return {}
  }
