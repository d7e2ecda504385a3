import type { S3Parts } from '#services/s3/deps.ts'
import { s3Errors } from '#services/s3/errors.ts'
import type { S3Handler } from '#services/s3/types.ts'

/** Takes that nobody is told of events. */
export const putBucketNotificationConfiguration =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'PutBucketNotificationConfiguration'> =>
  async (input) => {
    await buckets.require(input.Bucket)
    const asked = input.NotificationConfiguration
    const lists = [asked.TopicConfigurations, asked.QueueConfigurations, asked.LambdaFunctionConfigurations]
    if (lists.some((list) => (list?.length ?? 0) > 0) || asked.EventBridgeConfiguration !== undefined)
      throw s3Errors.notBuilt('The notification of events')
    return {}
  }
