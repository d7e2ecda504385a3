import {
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  type LifecycleRule,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { daysAfter } from '#services/s3/lifecycle/rules.ts'
import { useS3 } from '../../../../../testkit/src/s3-bench.ts'

const { bench, s3, Bucket } = useS3('orders')
const DAY = 86_400_000

const rules = (...Rules: readonly Partial<LifecycleRule>[]) =>
  s3().send(
    new PutBucketLifecycleConfigurationCommand({
      Bucket,
      LifecycleConfiguration: { Rules: Rules.map((rule) => ({ Status: 'Enabled', Filter: {}, ...rule })) },
    }),
  )
const put = (Key: string, Body = Key, Tagging = '') => s3().send(new PutObjectCommand({ Bucket, Key, Body, Tagging }))
const versioning = () =>
  s3().send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }))
const after = async (days: number): Promise<void> => {
  bench().gateway.iam.clock.at += days * DAY
  await bench().service.sweep()
}
const listed = async (): Promise<readonly string[]> => {
  const { Versions = [], DeleteMarkers = [] } = await s3().send(new ListObjectVersionsCommand({ Bucket }))
  return [...Versions.map(({ Key }) => `+${Key ?? ''}`), ...DeleteMarkers.map(({ Key }) => `-${Key ?? ''}`)]
}
const stored = async (): Promise<number> => (await bench().storedBytes()).length

test('a day after ends at the next midnight', () => {
  expect(new Date(daysAfter(Date.UTC(2026, 0, 15, 10, 30), 3)).toISOString()).toBe('2026-01-19T00:00:00.000Z')
  expect(new Date(daysAfter(Date.UTC(2026, 0, 15), 1)).toISOString()).toBe('2026-01-16T00:00:00.000Z')
})

test('objects go when they are old enough, and their bytes with them', async () => {
  await rules({ Filter: { Prefix: 'tmp/' }, Expiration: { Days: 7 } })
  await put('tmp/a')
  await put('keep')
  await after(6)
  expect(await listed()).toEqual(['+keep', '+tmp/a'])
  await put('tmp/b')
  await after(2)
  expect(await listed()).toEqual(['+keep', '+tmp/b'])
  await expect.poll(stored).toBe(2)
})

test('only those of the right size and tags', async () => {
  await rules(
    {
      ID: 'size',
      Filter: { And: { Prefix: '', ObjectSizeGreaterThan: 10, ObjectSizeLessThan: 20 } },
      Expiration: { Days: 1 },
    },
    { ID: 'tag', Filter: { Tag: { Key: 'a', Value: '1' } }, Expiration: { Days: 1 } },
    { ID: 'off', Status: 'Disabled', Filter: {}, Expiration: { Days: 1 } },
  )
  await put('small', 'x')
  await put('right', 'x'.repeat(15))
  await put('large', 'x'.repeat(30))
  await put('tagged', 'x', 'a=1')
  await put('other', 'x', 'a=2')
  await after(3)
  expect(await listed()).toEqual(['+large', '+other', '+small'])
})

test('a date ends all that is there then', async () => {
  await put('k')
  const midnight = Math.ceil(bench().gateway.iam.clock.at / DAY) * DAY + DAY
  await rules({ Expiration: { Date: new Date(midnight) } })
  await bench().service.sweep()
  expect(await listed()).toEqual(['+k'])
  await after(3)
  expect(await listed()).toEqual([])
})

test('with versions a marker hides what expires; older ones go after their own days; lonely markers go', async () => {
  await versioning()
  await rules({ Expiration: { Days: 1 }, NoncurrentVersionExpiration: { NoncurrentDays: 5 } })
  await put('k', 'one')
  await put('k', 'two')
  await after(2)
  expect(await listed()).toEqual(['+k', '+k', '-k'])
  await after(5)
  // The first one was replaced before, the second hidden two days later.
  expect(await listed()).toEqual(['+k', '-k'])
  await after(3)
  await after(1)
  expect(await listed()).toEqual([])
  await expect.poll(stored).toBe(0)
})

test('some older versions can be kept however old they are', async () => {
  await versioning()
  await rules({ NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 2 } })
  for (const body of ['1', '2', '3', '4', '5']) await put('k', body)
  await after(3)
  expect(await listed()).toEqual(['+k', '+k', '+k'])
})

test('a marker goes by itself when it hides nothing', async () => {
  await versioning()
  await rules({ Expiration: { ExpiredObjectDeleteMarker: true } })
  await s3().send(new DeleteObjectCommand({ Bucket, Key: 'lonely' }))
  await put('busy')
  await s3().send(new DeleteObjectCommand({ Bucket, Key: 'busy' }))
  await bench().service.sweep()
  expect(await listed()).toEqual(['+busy', '-busy'])
})

test('what is locked stays until it is not', async () => {
  await versioning()
  await s3().send(
    new PutObjectLockConfigurationCommand({
      Bucket,
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 10 } },
      },
    }),
  )
  await rules({ NoncurrentVersionExpiration: { NoncurrentDays: 1 } })
  await put('k', 'one')
  await put('k', 'two')
  await after(5)
  expect(await listed()).toEqual(['+k', '+k'])
  await after(6)
  expect(await listed()).toEqual(['+k'])
})

test('uploads that nobody ended are dropped', async () => {
  await rules({ Filter: { Prefix: 'big/' }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 } })
  for (const Key of ['big/a', 'other']) {
    const { UploadId } = await s3().send(new CreateMultipartUploadCommand({ Bucket, Key }))
    await s3().send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: 'x' }))
  }
  await after(4)
  const { Uploads } = await s3().send(new ListMultipartUploadsCommand({ Bucket }))
  expect(Uploads?.map(({ Key }) => Key)).toEqual(['other'])
  await expect.poll(stored).toBe(1)
})

test('a bucket is walked through once a day, and again when its rules change', async () => {
  await rules({ Expiration: { Days: 1 } })
  await after(2)
  await put('k')
  bench().gateway.iam.clock.at += 1_000
  await bench().service.sweep()
  await rules({ Expiration: { Date: new Date(0) } })
  await bench().service.sweep()
  expect(await listed()).toEqual([])
})
