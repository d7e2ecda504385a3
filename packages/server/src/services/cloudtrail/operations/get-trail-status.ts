import type { EpochMillis } from '#kernel/ids.ts'
import { trailRef } from '#services/cloudtrail/arns.ts'
import type { CloudTrailParts } from '#services/cloudtrail/deps.ts'
import { logsStatus } from '#services/cloudtrail/delivery/logs-delivery.ts'
import type { Latest } from '#services/cloudtrail/delivery/delivery-state.ts'
import { isLogging } from '#services/cloudtrail/trails/trail.ts'
import type { CloudTrailHandler } from '#services/cloudtrail/types.ts'

/** Whether the trail is logging, and how its deliveries go. */
export const getTrailStatus =
  ({
    trails,
    states,
    deliveries,
  }: Pick<CloudTrailParts, 'trails' | 'states' | 'deliveries'>): CloudTrailHandler<'GetTrailStatus'> =>
  async ({ Name }, ctx) => {
    const trail = await trails.require(trailRef(Name, ctx), ctx)
    const { files, digests, ...latest } = (await states.of(trail)).latest
    const notifications = trail.topic === undefined ? undefined : latest.notifications
    const logs = logsStatus(deliveries, trail)
    const { startedAt, stoppedAt } = trail
    return {
      IsLogging: isLogging(trail),
      ...(startedAt === undefined ? {} : { StartLoggingTime: startedAt }),
      ...(stoppedAt === undefined ? {} : { StopLoggingTime: stoppedAt }),
      ...told(files, 'LatestDeliveryTime', 'LatestDeliveryError'),
      ...told(digests, 'LatestDigestDeliveryTime', 'LatestDigestDeliveryError'),
      ...told(notifications, 'LatestNotificationTime', 'LatestNotificationError'),
      ...told(logs, 'LatestCloudWatchLogsDeliveryTime', 'LatestCloudWatchLogsDeliveryError'),
      LatestDeliveryAttemptTime: text(files?.triedAt),
      LatestNotificationAttemptTime: text(notifications?.triedAt),
      LatestNotificationAttemptSucceeded: text(notifications?.deliveredAt),
      LatestDeliveryAttemptSucceeded: text(files?.deliveredAt),
      TimeLoggingStarted: text(startedAt),
      TimeLoggingStopped: text(stoppedAt),
    }
  }

const told = (latest: Latest | undefined, time: string, error: string): Readonly<Record<string, unknown>> => ({
  ...(latest?.deliveredAt === undefined ? {} : { [time]: latest.deliveredAt }),
  ...(latest?.error === undefined ? {} : { [error]: latest.error }),
})

/** The older members are texts, empty for what never was. */
const text = (at: EpochMillis | undefined): string =>
  at === undefined ? '' : `${new Date(at).toISOString().slice(0, 19)}Z`
