import type { AccountId, EpochMillis, Region } from '#kernel/ids.ts'
import type { Tag } from '#kernel/principal.ts'
import { trailArn } from '#services/cloudtrail/arns.ts'
import type { CloudTrailOutput, InsightSelector, Selectors } from '#services/cloudtrail/types.ts'

/** A time in which the trail was logging, in seqs of the API journal: from the first on, before the second. */
export interface Span {
  readonly from: number
  /** Left out: it goes on. */
  readonly to?: number
}

/** What a trail's record says. */
export interface TrailRecord {
  /** Tells it from an earlier trail of the same name. */
  readonly id: string
  readonly createdAt: EpochMillis
  readonly bucket: string
  /** Empty: none. */
  readonly prefix: string
  readonly multiRegion: boolean
  readonly globalEvents: boolean
  readonly validation: boolean
  /** ARN of the key under which its files are encrypted; left out: as the bucket says. */
  readonly key?: string
  /** The topic that is told of its files, as it was named and by its ARN. */
  readonly topic?: { readonly name: string; readonly arn: string }
  /** `from`: the seq of the first event that goes there. */
  readonly logs?: { readonly groupArn: string; readonly roleArn: string; readonly from: number }
  /** Left out: every management event. */
  readonly selectors?: Selectors
  readonly insights: readonly InsightSelector[]
  readonly tags: readonly Tag[]
  /** When events were logged that may not be delivered yet; the last one goes on while the trail is logging. */
  readonly spans: readonly Span[]
  readonly startedAt?: EpochMillis
  readonly stoppedAt?: EpochMillis
}

/** A trail where it is: its home region. */
export interface Trail extends TrailRecord {
  readonly account: AccountId
  readonly home: Region
  readonly name: string
  readonly arn: string
  readonly revision: number
}

export const isLogging = ({ spans }: Pick<TrailRecord, 'spans'>): boolean => {
  const last = spans.at(-1)
  return last !== undefined && last.to === undefined
}

/** The trail as CreateTrail and UpdateTrail answer it. */
export const trailAnswer = (trail: Omit<Trail, 'revision'>): CloudTrailOutput<'CreateTrail'> => ({
  Name: trail.name,
  S3BucketName: trail.bucket,
  ...(trail.prefix === '' ? {} : { S3KeyPrefix: trail.prefix }),
  IncludeGlobalServiceEvents: trail.globalEvents,
  IsMultiRegionTrail: trail.multiRegion,
  TrailARN: trail.arn,
  LogFileValidationEnabled: trail.validation,
  ...(trail.logs === undefined
    ? {}
    : { CloudWatchLogsLogGroupArn: trail.logs.groupArn, CloudWatchLogsRoleArn: trail.logs.roleArn }),
  ...(trail.key === undefined ? {} : { KmsKeyId: trail.key }),
  ...(trail.topic === undefined ? {} : { SnsTopicName: trail.topic.name, SnsTopicARN: trail.topic.arn }),
  IsOrganizationTrail: false,
})

/** The trail as GetTrail and DescribeTrails answer it. */
export const trailView = (trail: Trail): NonNullable<CloudTrailOutput<'GetTrail'>['Trail']> => ({
  ...trailAnswer(trail),
  HomeRegion: trail.home,
  HasCustomEventSelectors: trail.selectors !== undefined,
  HasInsightSelectors: trail.insights.length > 0,
})

/** The trail of a record, which is found under its home region and name. */
export const trailOf = (
  account: AccountId,
  home: Region,
  name: string,
  record: TrailRecord,
  revision: number,
): Trail => ({
  ...record,
  account,
  home,
  name,
  arn: trailArn({ account, region: home }, name),
  revision,
})

/** Only what the record holds. */
export function recordOf(trail: Trail): TrailRecord {
  const { account: _account, home: _home, name: _name, arn: _arn, revision: _revision, ...record } = trail
  return record
}

/** The spans when logging ends before `seq`. */
export const endedSpans = (spans: readonly Span[], seq: number): readonly Span[] =>
  spans.map((span) => (span.to === undefined ? { from: span.from, to: seq } : span))
