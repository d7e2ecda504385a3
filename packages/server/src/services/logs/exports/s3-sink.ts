import type { Call, CallAs } from '#kernel/call.ts'
import { AwsError } from '#kernel/errors.ts'
import { type ExportOwner, type ExportSink, NoSuchBucket } from '#services/logs/exports/export-sink.ts'

/**
 * Exports to S3, as the log service of the region for one group: the bucket's policy decides like about any stranger.
 * @source CloudWatch Logs user guide, "Export log data to Amazon S3": the policy for `logs.<region>.amazonaws.com`
 */
export const s3ExportSink = (call: Call): ExportSink => ({
  async check(owner, bucket) {
    await named(bucket, call(as(owner), 's3', 'GetBucketAcl', { Bucket: bucket, ExpectedBucketOwner: owner.account }))
  },
  async put(owner, bucket, key, body) {
    await named(
      bucket,
      call(as(owner), 's3', 'PutObject', {
        Bucket: bucket,
        Key: key,
        Body: once(body),
        ContentLength: body.length,
        ExpectedBucketOwner: owner.account,
      }),
    )
  },
})

const as = ({ account, region, sourceArn }: ExportOwner): CallAs => ({
  kind: 'service',
  service: `logs.${region}.amazonaws.com`,
  sourceArn,
  sourceAccount: account,
  region,
})

async function named(bucket: string, answer: Promise<unknown>): Promise<void> {
  try {
    await answer
  } catch (error) {
    throw error instanceof AwsError && error.code === 'NoSuchBucket' ? new NoSuchBucket(bucket) : error
  }
}

async function* once(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(body)
}
