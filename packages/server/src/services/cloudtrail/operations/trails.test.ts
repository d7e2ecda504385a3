import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { trailBucketPolicy } from '../../../../../testkit/src/fake-buckets.ts'
import { allow, policy } from '../../../../../testkit/src/gateway-bench.ts'
import { BUCKET, type TrailBench, arnOf, openTrailBench } from '../../../../../testkit/src/trail-bench.ts'

let bench: TrailBench
beforeEach(() => {
  bench = openTrailBench()
})
afterEach(() => bench.close())

const ELSEWHERE = { region: 'eu-west-1' }
const allowBucket = (name: string, region?: string): void => {
  bench.buckets.policies.set(BUCKET, trailBucketPolicy(BUCKET, bench.account, arnOf(name, region)))
}
const create = async (more: object = {}): Promise<Readonly<Record<string, unknown>>> => {
  allowBucket('audit')
  return bench.call('CreateTrail', { Name: 'audit', S3BucketName: BUCKET, ...more })
}

describe('CreateTrail', () => {
  test('a trail is answered with its defaults, and logs nothing yet', async () => {
    expect(await create()).toEqual({
      Name: 'audit',
      S3BucketName: BUCKET,
      IncludeGlobalServiceEvents: true,
      IsMultiRegionTrail: false,
      TrailARN: arnOf('audit'),
      LogFileValidationEnabled: false,
      IsOrganizationTrail: false,
    })
    expect(await bench.call('GetTrailStatus', { Name: 'audit' })).toMatchObject({
      IsLogging: false,
      TimeLoggingStarted: '',
    })
  })

  test.each([
    ['ab', 'Trail name too short. Minimum allowed length: 3 characters. Specified name length: 2 characters.'],
    [
      'a'.repeat(129),
      'Trail name too long. Maximum allowed length: 128 characters. Specified name length: 129 characters.',
    ],
    ['-abc', 'Trail name must starts with a letter or number.'],
    ['abc-', 'Trail name must ends with a letter or number.'],
    ['a b c', 'Trail name or ARN can only contain'],
    ['a--b', 'Trail name must not have adjacent'],
    ['10.0.0.1', 'Trail name must not be formatted as an IP address.'],
  ])('the name %s is refused', async (Name, message) => {
    const refusal = await bench.refusal('CreateTrail', { Name, S3BucketName: BUCKET })
    expect(refusal).toContain(`InvalidTrailNameException ${message}`)
  })

  test('a missing bucket, and one whose policy does not let this trail in, are told in the words of AWS', async () => {
    const input = { Name: 'audit', S3BucketName: BUCKET }
    expect(await bench.refusal('CreateTrail', input)).toBe(
      `S3BucketDoesNotExistException S3 bucket ${BUCKET} does not exist!`,
    )
    const wrong = `InsufficientS3BucketPolicyException Incorrect S3 bucket policy is detected for bucket: ${BUCKET}`
    bench.buckets.policies.set(BUCKET, '')
    expect(await bench.refusal('CreateTrail', input)).toBe(wrong)
    allowBucket('another')
    expect(await bench.refusal('CreateTrail', input)).toBe(wrong)
    expect(await bench.call('DescribeTrails')).toEqual({ trailList: [] })
  })

  test('a trail of the same name, and a sixth one, are refused', async () => {
    await create()
    expect(await bench.refusal('CreateTrail', { Name: 'audit', S3BucketName: BUCKET })).toBe(
      `TrailAlreadyExistsException Trail audit already exists for customer: ${bench.account}`,
    )
    for (const name of ['two', 'three', 'four', 'five']) {
      allowBucket(name)
      await bench.call('CreateTrail', { Name: name, S3BucketName: BUCKET })
    }
    allowBucket('six')
    expect(await bench.refusal('CreateTrail', { Name: 'six', S3BucketName: BUCKET })).toBe(
      `MaximumNumberOfTrailsExceededException User: ${bench.account} already has 5 trails in us-east-1.`,
    )
  })

  test.each([
    [
      { IsMultiRegionTrail: true, IncludeGlobalServiceEvents: false },
      'InvalidParameterCombinationException Multi-Region trail must include global service events.',
    ],
    [{ IsOrganizationTrail: true }, 'OrganizationsNotInUseException'],
    [{ SnsTopicName: 'topic' }, 'InsufficientSnsTopicPolicyException'],
    [{ SnsTopicName: 'no topic' }, 'InvalidSnsTopicNameException'],
    [{ S3BucketName: 'No_Bucket' }, 'InvalidS3BucketNameException'],
    [{ S3KeyPrefix: 'p'.repeat(201) }, 'InvalidS3PrefixException'],
    [{ S3KeyPrefix: '/p' }, 'InvalidS3PrefixException'],
    [
      { CloudWatchLogsLogGroupArn: 'arn:aws:logs:us-east-1:111122223333:log-group:g:*' },
      'InvalidCloudWatchLogsRoleArnException You must specify a role ARN as well as a log group.',
    ],
    [{ CloudWatchLogsRoleArn: 'arn:aws:iam::111122223333:role/r' }, 'InvalidCloudWatchLogsLogGroupArnException'],
    [
      {
        CloudWatchLogsLogGroupArn: 'arn:aws:logs:us-east-1:111122223333:log-group:g',
        CloudWatchLogsRoleArn: 'arn:aws:iam::111122223333:role/r',
      },
      'InvalidCloudWatchLogsLogGroupArnException CloudTrail cannot validate the specified log group ARN.',
    ],
    [{ TagsList: [{ Key: 'a' }, { Key: 'a' }] }, 'InvalidTagParameterException'],
    [
      { TagsList: Array.from({ length: 51 }, (_, index) => ({ Key: `k${String(index)}` })) },
      'TagsLimitExceededException',
    ],
  ])('%j is refused and makes nothing', async (more, refusal) => {
    allowBucket('audit')
    expect(await bench.refusal('CreateTrail', { Name: 'audit', S3BucketName: BUCKET, ...more })).toContain(refusal)
    expect(await bench.call('ListTrails')).toEqual({ Trails: [] })
  })

  test('two at once make one trail', async () => {
    allowBucket('audit')
    const input = { Name: 'audit', S3BucketName: BUCKET }
    const ends = await Promise.allSettled([bench.call('CreateTrail', input), bench.call('CreateTrail', input)])
    expect(ends.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  test('whoever may not create trails makes none', async () => {
    allowBucket('audit')
    const { key } = await bench.gateway.user('bob', policy(allow('cloudtrail:Get*')))
    expect(await bench.refusal('CreateTrail', { Name: 'audit', S3BucketName: BUCKET }, key)).toContain('AccessDenied')
    expect(await bench.call('ListTrails')).toEqual({ Trails: [] })
  })
})

describe('regions', () => {
  test('a multi-region trail is shown everywhere, changed at home only, and read elsewhere by its ARN', async () => {
    await create({ IsMultiRegionTrail: true })
    const shadows = (await bench.call('DescribeTrails', {}, ELSEWHERE)) as { trailList: { HomeRegion: string }[] }
    expect(shadows.trailList).toMatchObject([{ Name: 'audit', HomeRegion: 'us-east-1', IsMultiRegionTrail: true }])
    expect(await bench.call('DescribeTrails', { includeShadowTrails: false }, ELSEWHERE)).toEqual({ trailList: [] })
    expect(await bench.refusal('StartLogging', { Name: arnOf('audit') }, ELSEWHERE)).toContain(
      'InvalidHomeRegionException',
    )
    expect(await bench.refusal('UpdateTrail', { Name: 'audit' }, ELSEWHERE)).toContain('InvalidHomeRegionException')
    expect(await bench.call('GetTrail', { Name: arnOf('audit') }, ELSEWHERE)).toMatchObject({
      Trail: { Name: 'audit' },
    })
    expect(await bench.refusal('GetTrail', { Name: 'audit' }, ELSEWHERE)).toBe(
      `TrailNotFoundException Unknown trail: audit for the user: ${bench.account}`,
    )
  })

  test('a trail of one region is unknown in others, though all are listed', async () => {
    await create()
    expect(await bench.call('DescribeTrails', {}, ELSEWHERE)).toEqual({ trailList: [] })
    expect(await bench.refusal('GetTrailStatus', { Name: arnOf('audit') }, ELSEWHERE)).toContain(
      'TrailNotFoundException',
    )
    expect(await bench.call('ListTrails', {}, ELSEWHERE)).toEqual({
      Trails: [{ TrailARN: arnOf('audit'), Name: 'audit', HomeRegion: 'us-east-1' }],
    })
  })

  test('an ARN of something else is refused, one of another account is unknown', async () => {
    expect(await bench.refusal('GetTrail', { Name: 'arn:aws:s3:::b' })).toContain('CloudTrailARNInvalidException')
    const other = 'arn:aws:cloudtrail:us-east-1:444455556666:trail/audit'
    expect(await bench.refusal('GetTrail', { Name: other })).toContain(`Unknown trail: ${other}`)
  })
})

describe('UpdateTrail', () => {
  test('what is left out stays, and an empty text takes a setting away', async () => {
    bench.buckets.policies.set(BUCKET, trailBucketPolicy(BUCKET, bench.account, arnOf('audit'), 'p/'))
    await bench.call('CreateTrail', {
      Name: 'audit',
      S3BucketName: BUCKET,
      S3KeyPrefix: 'p',
      EnableLogFileValidation: true,
    })
    expect(await bench.call('UpdateTrail', { Name: 'audit', IsMultiRegionTrail: true })).toMatchObject({
      S3KeyPrefix: 'p',
      LogFileValidationEnabled: true,
      IsMultiRegionTrail: true,
    })
    allowBucket('audit')
    expect(await bench.call('UpdateTrail', { Name: 'audit', S3KeyPrefix: '' })).not.toHaveProperty('S3KeyPrefix')
  })

  test('a bucket that cannot be written changes nothing', async () => {
    await create()
    bench.buckets.policies.set('other-bucket', '')
    expect(await bench.refusal('UpdateTrail', { Name: 'audit', S3BucketName: 'other-bucket' })).toContain(
      'InsufficientS3BucketPolicyException',
    )
    expect(await bench.call('GetTrail', { Name: 'audit' })).toMatchObject({ Trail: { S3BucketName: BUCKET } })
  })
})

test('logging starts and stops, and says when; doing it twice changes nothing', async () => {
  await create()
  await bench.call('StartLogging', { Name: 'audit' })
  const started = await bench.call('GetTrailStatus', { Name: 'audit' })
  expect(started).toMatchObject({ IsLogging: true, TimeLoggingStarted: '2026-11-21T11:16:40Z' })
  bench.gateway.iam.clock.at += 60_000
  await bench.call('StartLogging', { Name: 'audit' })
  expect(await bench.call('GetTrailStatus', { Name: 'audit' })).toEqual(started)
  await bench.call('StopLogging', { Name: arnOf('audit') })
  expect(await bench.call('GetTrailStatus', { Name: 'audit' })).toMatchObject({
    IsLogging: false,
    TimeLoggingStopped: '2026-11-21T11:17:40Z',
  })
})

test('a deleted trail is unknown, and its name is free', async () => {
  await create()
  await bench.call('DeleteTrail', { Name: 'audit' })
  expect(await bench.refusal('DeleteTrail', { Name: 'audit' })).toContain('TrailNotFoundException')
  await create()
})

test('tags are kept, replaced, listed and removed', async () => {
  await create({ TagsList: [{ Key: 'team', Value: 'a' }] })
  await bench.call('AddTags', { ResourceId: arnOf('audit'), TagsList: [{ Key: 'team', Value: 'b' }, { Key: 'bare' }] })
  const tags = async (): Promise<unknown> =>
    (
      (await bench.call('ListTags', { ResourceIdList: [arnOf('audit')] })) as {
        ResourceTagList: { TagsList: unknown }[]
      }
    ).ResourceTagList[0]?.TagsList
  expect(await tags()).toEqual([
    { Key: 'team', Value: 'b' },
    { Key: 'bare', Value: '' },
  ])
  await bench.call('RemoveTags', { ResourceId: arnOf('audit'), TagsList: [{ Key: 'team', Value: 'other' }] })
  await bench.call('RemoveTags', { ResourceId: arnOf('audit'), TagsList: [{ Key: 'bare' }] })
  expect(await tags()).toEqual([{ Key: 'team', Value: 'b' }])
  expect(await bench.refusal('ListTags', { ResourceIdList: [arnOf('none')] })).toContain('ResourceNotFoundException')
  expect(await bench.refusal('AddTags', { ResourceId: 'audit', TagsList: [] })).toContain(
    'CloudTrailARNInvalidException',
  )
})

test('tags of a trail decide who may do what with it', async () => {
  await create({ TagsList: [{ Key: 'team', Value: 'a' }] })
  const { key } = await bench.gateway.user(
    'bob',
    policy(allow('cloudtrail:*', { Condition: { StringEquals: { 'aws:ResourceTag/team': 'a' } } })),
  )
  await bench.call('StartLogging', { Name: 'audit' }, key)
  await bench.call('AddTags', { ResourceId: arnOf('audit'), TagsList: [{ Key: 'team', Value: 'b' }] })
  expect(await bench.refusal('StopLogging', { Name: 'audit' }, key)).toContain('AccessDenied')
})
