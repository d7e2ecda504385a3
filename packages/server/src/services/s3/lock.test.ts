import {
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectLegalHoldCommand,
  GetObjectLockConfigurationCommand,
  GetObjectRetentionCommand,
  HeadObjectCommand,
  type ObjectLockRetentionMode,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectLockConfigurationCommand,
  PutObjectRetentionCommand,
} from '@aws-sdk/client-s3'
import { beforeEach, describe, expect, test } from 'vitest'
import { refusal, textOf, useS3 } from '../../../../testkit/src/s3-bench.ts'

const { bench, s3, Bucket: Plain } = useS3('plain')
const Bucket = 'locked'
const Key = 'k'
const DAY = 86_400_000
const LOCKED = 'AccessDenied 403'

beforeEach(() => s3().send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true })))

const inDays = (days: number): Date => new Date(bench().gateway.iam.clock.at + days * DAY)
const pass = (days: number): void => {
  bench().gateway.iam.clock.at += days * DAY
}
const put = async (more: object = {}): Promise<string> =>
  (await s3().send(new PutObjectCommand({ Bucket, Key, Body: 'x', ...more }))).VersionId ?? ''
const retained = (ObjectLockMode: ObjectLockRetentionMode, days: number) =>
  put({ ObjectLockMode, ObjectLockRetainUntilDate: inDays(days) })
const remove = (VersionId: string, more: object = {}) =>
  refusal(s3().send(new DeleteObjectCommand({ Bucket, Key, VersionId, ...more })))
const retain = (VersionId: string, Retention: object, more: object = {}) =>
  refusal(s3().send(new PutObjectRetentionCommand({ Bucket, Key, VersionId, Retention, ...more })))

test('a bucket is made with locking, or gets it while it has versions; it never goes again', async () => {
  expect((await s3().send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled')
  expect(await s3().send(new GetObjectLockConfigurationCommand({ Bucket }))).toMatchObject({
    ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' },
  })
  const suspend = new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Suspended' } })
  expect(await refusal(s3().send(suspend))).toBe('InvalidBucketState 409')
  const enable = () =>
    s3().send(
      new PutObjectLockConfigurationCommand({
        Bucket: Plain,
        ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' },
      }),
    )
  expect(await refusal(enable())).toBe('InvalidBucketState 409')
  await s3().send(new PutBucketVersioningCommand({ Bucket: Plain, VersioningConfiguration: { Status: 'Enabled' } }))
  expect(await refusal(enable())).toBe('nothing was refused')
})

describe('compliance mode', () => {
  test('nobody removes the version before its time, whatever is tried', async () => {
    const version = await retained('COMPLIANCE', 10)
    expect(await remove(version)).toBe(LOCKED)
    expect(await remove(version, { BypassGovernanceRetention: true })).toBe(LOCKED)
    const { Errors } = await s3().send(
      new DeleteObjectsCommand({
        Bucket,
        BypassGovernanceRetention: true,
        Delete: { Objects: [{ Key, VersionId: version }] },
      }),
    )
    expect(Errors).toMatchObject([{ Code: 'AccessDenied' }])
    expect(await retain(version, { Mode: 'COMPLIANCE', RetainUntilDate: inDays(5) })).toBe(LOCKED)
    expect(
      await retain(version, { Mode: 'GOVERNANCE', RetainUntilDate: inDays(20) }, { BypassGovernanceRetention: true }),
    ).toBe(LOCKED)
    expect(await retain(version, {}, { BypassGovernanceRetention: true })).toBe(LOCKED)
    expect(await retain(version, { Mode: 'COMPLIANCE', RetainUntilDate: inDays(20) })).toBe('nothing was refused')
    pass(15)
    expect(await remove(version)).toBe(LOCKED)
    pass(6)
    expect(await remove(version)).toBe('nothing was refused')
  })

  test('hiding and writing over leave it where it is', async () => {
    const version = await retained('COMPLIANCE', 10)
    await s3().send(new DeleteObjectCommand({ Bucket, Key }))
    await put()
    expect(await textOf(await s3().send(new GetObjectCommand({ Bucket, Key, VersionId: version })))).toBe('x')
  })
})

describe('governance mode', () => {
  test('who may go past it, and says so, can', async () => {
    const version = await retained('GOVERNANCE', 10)
    expect(await remove(version)).toBe(LOCKED)
    expect(await retain(version, { Mode: 'GOVERNANCE', RetainUntilDate: inDays(5) })).toBe(LOCKED)
    expect(await retain(version, { Mode: 'GOVERNANCE', RetainUntilDate: inDays(15) })).toBe('nothing was refused')
    expect(await retain(version, {}, { BypassGovernanceRetention: true })).toBe('nothing was refused')
    expect(await remove(version)).toBe('nothing was refused')
  })

  test('saying so takes its permission', async () => {
    const version = await retained('GOVERNANCE', 10)
    const statements = { Effect: 'Allow', Action: ['s3:DeleteObject*'], Resource: '*' }
    const { key } = await bench().gateway.user('tidy', { Version: '2012-10-17', Statement: statements })
    const call = new DeleteObjectCommand({ Bucket, Key, VersionId: version, BypassGovernanceRetention: true })
    expect(await refusal(bench().clientOf(key).send(call))).toBe('AccessDenied 403')
    expect(await remove(version, { BypassGovernanceRetention: true })).toBe('nothing was refused')
  })
})

test('a legal hold holds until it is taken off', async () => {
  const version = await put({ ObjectLockLegalHoldStatus: 'ON' })
  const hold = (Status: 'ON' | 'OFF') =>
    s3().send(new PutObjectLegalHoldCommand({ Bucket, Key, VersionId: version, LegalHold: { Status } }))
  expect(await remove(version, { BypassGovernanceRetention: true })).toBe(LOCKED)
  expect(await s3().send(new GetObjectLegalHoldCommand({ Bucket, Key }))).toMatchObject({ LegalHold: { Status: 'ON' } })
  await hold('OFF')
  expect(await s3().send(new HeadObjectCommand({ Bucket, Key }))).toMatchObject({ ObjectLockLegalHoldStatus: 'OFF' })
  expect(await remove(version)).toBe('nothing was refused')
})

test('new versions are locked as the bucket says', async () => {
  const configure = (DefaultRetention: object) =>
    refusal(
      s3().send(
        new PutObjectLockConfigurationCommand({
          Bucket,
          ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention } },
        }),
      ),
    )
  expect(await configure({ Mode: 'GOVERNANCE', Days: 1, Years: 1 })).toBe('MalformedXML 400')
  expect(await configure({ Mode: 'GOVERNANCE', Days: 0 })).toBe('InvalidArgument 400')
  expect(await configure({ Mode: 'GOVERNANCE', Years: 101 })).toBe('InvalidArgument 400')
  expect(await configure({ Mode: 'GOVERNANCE', Days: 3 })).toBe('nothing was refused')
  const version = await put()
  expect(await s3().send(new GetObjectRetentionCommand({ Bucket, Key, VersionId: version }))).toMatchObject({
    Retention: { Mode: 'GOVERNANCE', RetainUntilDate: inDays(3) },
  })
  expect(await remove(version)).toBe(LOCKED)
  expect(await configure({ Mode: 'COMPLIANCE', Years: 1 })).toBe('nothing was refused')
  expect(await s3().send(new HeadObjectCommand({ Bucket, Key, VersionId: await put() }))).toMatchObject({
    ObjectLockMode: 'COMPLIANCE',
  })
})

test('what makes no sense is refused', async () => {
  expect(await refusal(retained('COMPLIANCE', -1))).toBe('InvalidArgument 400')
  expect(await refusal(put({ ObjectLockMode: 'COMPLIANCE' }))).toBe('InvalidArgument 400')
  const plain = new PutObjectCommand({ Bucket: Plain, Key, Body: 'x', ObjectLockLegalHoldStatus: 'ON' })
  expect(await refusal(s3().send(plain))).toBe('InvalidRequest 400')
  await put()
  expect(await refusal(s3().send(new GetObjectRetentionCommand({ Bucket, Key })))).toBe(
    'NoSuchObjectLockConfiguration 404',
  )
  await s3().send(new PutObjectCommand({ Bucket: Plain, Key, Body: 'x' }))
  expect(await refusal(s3().send(new GetObjectLegalHoldCommand({ Bucket: Plain, Key })))).toBe('InvalidRequest 400')
})
