import type { CallContext } from '#kernel/call.ts'
import { type Destination, checkBucket, checkBucketNames } from '#services/cloudtrail/destinations/check-bucket.ts'
import { checkKey } from '#services/cloudtrail/destinations/check-key.ts'
import { checkLogs } from '#services/cloudtrail/destinations/check-logs.ts'
import { checkTopic, topicArnOf } from '#services/cloudtrail/destinations/check-topic.ts'
import { cloudtrailErrors } from '#services/cloudtrail/errors.ts'
import type { Trail, TrailRecord } from '#services/cloudtrail/trails/trail.ts'
import type { CloudTrailInput } from '#services/cloudtrail/types.ts'

/** What CreateTrail and UpdateTrail both say; an empty text takes a setting away, and what is left out stays. */
export type Wanted = Omit<CloudTrailInput<'UpdateTrail'>, 'Name'>

type Settings = Pick<
  TrailRecord,
  'bucket' | 'prefix' | 'multiRegion' | 'globalEvents' | 'validation' | 'key' | 'logs' | 'topic'
>

/** What a new trail begins with. */
export const NEW_SETTINGS: Settings = {
  bucket: '',
  prefix: '',
  multiRegion: false,
  globalEvents: true,
  validation: false,
}

/**
 * The settings that result, once everything they name was tried as it will be used.
 * @throws AwsError in the words of CreateTrail and UpdateTrail; AccessDenied when the caller may not pass the role
 */
export async function wantedSettings(
  wanted: Wanted,
  before: Settings,
  owner: Pick<Trail, 'account' | 'home' | 'arn'>,
  ctx: CallContext,
  nextSeq: () => number,
): Promise<Settings> {
  if (wanted.IsOrganizationTrail === true) throw cloudtrailErrors.noOrganization()
  const settings = plainSettings(wanted, before)
  if (settings.multiRegion && !settings.globalEvents) throw cloudtrailErrors.globalEvents()
  checkBucketNames(settings)
  const logs = logsOf(wanted, before.logs, nextSeq)
  const topic = topicOf(wanted, before.topic, owner)
  const destination: Destination = { ...owner, ...settings }
  if (wanted.S3BucketName !== undefined || wanted.S3KeyPrefix !== undefined) await checkBucket(ctx.call, destination)
  if (logs !== undefined && (wanted.CloudWatchLogsLogGroupArn ?? wanted.CloudWatchLogsRoleArn) !== undefined)
    await checkLogs(ctx, owner, logs)
  if (topic !== undefined && wanted.SnsTopicName !== undefined) await checkTopic(ctx.call, owner, topic.arn)
  const key = await keyOf(wanted, before, destination, ctx)
  return {
    ...settings,
    ...(logs === undefined ? {} : { logs }),
    ...(key === undefined ? {} : { key }),
    ...(topic === undefined ? {} : { topic }),
  }
}

const plainSettings = (wanted: Wanted, before: Settings): Omit<Settings, 'logs' | 'key' | 'topic'> => ({
  bucket: wanted.S3BucketName ?? before.bucket,
  prefix: wanted.S3KeyPrefix ?? before.prefix,
  multiRegion: wanted.IsMultiRegionTrail ?? before.multiRegion,
  globalEvents: wanted.IncludeGlobalServiceEvents ?? before.globalEvents,
  validation: wanted.EnableLogFileValidation ?? before.validation,
})

function logsOf(wanted: Wanted, before: Settings['logs'], nextSeq: () => number): Settings['logs'] {
  const groupArn = wanted.CloudWatchLogsLogGroupArn ?? before?.groupArn ?? ''
  const roleArn = wanted.CloudWatchLogsRoleArn ?? before?.roleArn ?? ''
  if (groupArn === '' && roleArn === '') return undefined
  if (roleArn === '') throw cloudtrailErrors.roleMissing()
  if (groupArn === '') throw cloudtrailErrors.groupMissing()
  return { groupArn, roleArn, from: before?.from ?? nextSeq() }
}

function topicOf(
  { SnsTopicName: wanted }: Wanted,
  before: Settings['topic'],
  owner: Pick<Trail, 'account' | 'home' | 'arn'>,
): Settings['topic'] {
  if (wanted === undefined) return before
  return wanted === '' ? undefined : { name: wanted, arn: topicArnOf(wanted, owner) }
}

async function keyOf(
  { KmsKeyId: wanted }: Wanted,
  { key: before }: Settings,
  destination: Destination,
  ctx: CallContext,
): Promise<string | undefined> {
  if (wanted === undefined) return before
  return wanted === '' ? undefined : checkKey(ctx.call, destination, wanted)
}
