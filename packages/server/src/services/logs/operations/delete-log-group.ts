import type { LogsParts } from '#services/logs/deps.ts'
import { logsErrors } from '#services/logs/errors.ts'
import type { LogsHandler } from '#services/logs/types.ts'

type Deps = Pick<LogsParts, 'groups' | 'removals' | 'policies'>

/** The group, its streams, its events and its policy are gone when this answers; their space is freed soon. */
export const deleteLogGroup =
  ({ groups, removals, policies }: Deps): LogsHandler<'DeleteLogGroup'> =>
  async ({ logGroupName }, ctx) => {
    const deleted = await groups.change(ctx, logGroupName, (group) => {
      if (group.deletionProtectionEnabled) throw logsErrors.deletionProtected()
      return { also: [removals.ofGroup(group), policies.deletionWith(group)] }
    })
    await removals.finish(removals.ofGroup(deleted))
    return {}
  }
