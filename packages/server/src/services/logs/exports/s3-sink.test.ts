import { expect, test } from 'vitest'
import type { Call } from '#kernel/call.ts'
import { AwsError } from '#kernel/errors.ts'
import { accountId, region } from '#kernel/ids.ts'
import { NoSuchBucket } from '#services/logs/exports/export-sink.ts'
import { s3ExportSink } from '#services/logs/exports/s3-sink.ts'

const owner = {
  account: accountId('111122223333'),
  region: region('eu-west-1'),
  sourceArn: 'arn:aws:logs:eu-west-1:111122223333:log-group:g',
}

/** S3 as far as the sink asks it. */
function s3(answer: () => Promise<unknown>) {
  const asked: unknown[] = []
  const call = ((as: object, service: string, operation: string, input: object) => {
    asked.push([as, service, operation, input])
    return answer()
  }) as unknown as Call
  return { asked, sink: s3ExportSink(call) }
}

const AS = {
  kind: 'service',
  service: 'logs.eu-west-1.amazonaws.com',
  sourceArn: owner.sourceArn,
  sourceAccount: '111122223333',
  region: 'eu-west-1',
}

test('the log service of the region asks, for one group and its account', async () => {
  const { asked, sink } = s3(() => Promise.resolve({}))
  await sink.check(owner, 'b')
  await sink.put(owner, 'b', 'k', Buffer.from('bytes'))
  const of = { Bucket: 'b', ExpectedBucketOwner: '111122223333' }
  expect(asked).toMatchObject([
    [AS, 's3', 'GetBucketAcl', of],
    [AS, 's3', 'PutObject', { ...of, Key: 'k', ContentLength: 5 }],
  ])
  const [, [, , , { Body }]] = asked as [unknown, [unknown, unknown, unknown, { Body: AsyncIterable<Buffer> }]]
  const parts = await Array.fromAsync(Body)
  expect(Buffer.concat(parts).toString()).toBe('bytes')
})

test('a bucket that is not there is told as such, and everything else as it is', async () => {
  const missing = s3(() => Promise.reject(new AwsError('NoSuchBucket', 404, 'no')))
  await expect(missing.sink.put(owner, 'b', 'k', Buffer.from(''))).rejects.toBeInstanceOf(NoSuchBucket)
  const denied = s3(() => Promise.reject(new AwsError('AccessDenied', 403, 'no')))
  await expect(denied.sink.check(owner, 'b')).rejects.toMatchObject({ code: 'AccessDenied' })
})
