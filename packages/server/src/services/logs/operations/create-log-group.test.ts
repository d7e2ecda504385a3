import { afterEach, beforeEach, expect, test } from 'vitest'
import { AwsError } from '#kernel/errors.ts'
import { accountId, region } from '#kernel/ids.ts'
import { type LogsBench, openLogsBench } from '../../../../../testkit/src/logs-bench.ts'

let bench: LogsBench
beforeEach(() => {
  bench = openLogsBench({ call: () => Promise.reject(new AwsError('NotFoundException', 400, 'no such key')) })
})
afterEach(() => bench.close())

const groupNames = async (): Promise<readonly (string | undefined)[]> =>
  ((await bench.call('DescribeLogGroups', {})).logGroups ?? []).map(({ logGroupName }) => logGroupName)

test('a new group exists, is of class STANDARD, and never expires', async () => {
  await bench.call('CreateLogGroup', { logGroupName: '/app/a' })
  const { logGroups } = await bench.call('DescribeLogGroups', {})
  expect(logGroups).toEqual([
    {
      logGroupName: '/app/a',
      arn: 'arn:aws:logs:eu-west-1:111122223333:log-group:/app/a:*',
      logGroupArn: 'arn:aws:logs:eu-west-1:111122223333:log-group:/app/a',
      creationTime: bench.clock.now(),
      deletionProtectionEnabled: false,
      logGroupClass: 'STANDARD',
      metricFilterCount: 0,
      storedBytes: 0,
    },
  ])
})

test('a second group of the same name is refused, in another account or region it is not', async () => {
  const input = { logGroupName: 'a' }
  await bench.call('CreateLogGroup', input)
  await expect(bench.call('CreateLogGroup', input)).rejects.toMatchObject({
    code: 'ResourceAlreadyExistsException',
    status: 400,
    message: 'The specified log group already exists',
  })
  await bench.call('CreateLogGroup', input, { account: accountId('444455556666') })
  await bench.call('CreateLogGroup', input, { region: region('us-east-1') })
  expect(await groupNames()).toEqual(['a'])
})

test('of many calls with one name at once exactly one succeeds', async () => {
  const calls = Array.from({ length: 20 }, () => bench.call('CreateLogGroup', { logGroupName: 'raced' }))
  const results = await Promise.allSettled(calls)
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  for (const result of results) {
    if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'ResourceAlreadyExistsException' })
  }
  expect(await groupNames()).toEqual(['raced'])
})

test.each([
  { logGroupName: 'aws/lambda', message: 'Log groups starting with AWS/ are reserved for AWS.' },
  { logGroupName: 'a b', message: /failed to satisfy constraint: Member must satisfy regular expression pattern/ },
  { logGroupName: 'a:b', message: /failed to satisfy constraint/ },
  { logGroupName: 'a*', message: /failed to satisfy constraint/ },
  { logGroupName: 'ä', message: /failed to satisfy constraint/ },
  {
    logGroupName: 'a'.repeat(513),
    message: 'Invalid LogGroup or LogStream, both must have length less than or equal to 512.',
  },
])('no group can be called $logGroupName', async ({ logGroupName, message }) => {
  await expect(bench.call('CreateLogGroup', { logGroupName })).rejects.toThrow(
    expect.objectContaining({ code: 'InvalidParameterException', message: expect.stringMatching(message) }),
  )
  expect(await groupNames()).toEqual([])
})

test.each(['/aws/amazonmq/broker/b-1/general', 'AWS/x', 'a#b_c.d-e/f', 'a'.repeat(512)])(
  'a group can be called %s',
  async (logGroupName) => {
    await bench.call('CreateLogGroup', { logGroupName })
    expect(await groupNames()).toEqual([logGroupName])
  },
)

test('what cannot be given is refused and makes no group', async () => {
  const name = { logGroupName: 'a' }
  await expect(bench.call('CreateLogGroup', { ...name, logGroupClass: 'DELIVERY' })).rejects.toThrow(
    'Log groups of class DELIVERY are not supported by Sluice. Use STANDARD or INFREQUENT_ACCESS.',
  )
  await expect(bench.call('CreateLogGroup', { ...name, kmsKeyId: 'alias/k' })).rejects.toThrow(/must be the ARN/)
  const kmsKeyId = 'arn:aws:kms:eu-west-1:111122223333:key/k'
  await expect(bench.call('CreateLogGroup', { ...name, kmsKeyId })).rejects.toMatchObject({
    code: 'AccessDeniedException',
    message:
      'The specified KMS key does not exist or is not allowed to be used with ' +
      "Arn 'arn:aws:logs:eu-west-1:111122223333:log-group:a'",
  })
  await expect(bench.call('CreateLogGroup', { ...name, tags: { 'aws:x': '1' } })).rejects.toThrow(/reserved for AWS/)
  const tooMany = Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${String(i)}`, 'v']))
  await expect(bench.call('CreateLogGroup', { ...name, tags: tooMany })).rejects.toMatchObject({
    code: 'TooManyTagsException',
    members: { resourceName: 'a' },
  })
  expect(await groupNames()).toEqual([])
})

test('tags and class given at creation are kept', async () => {
  await bench.call('CreateLogGroup', {
    logGroupName: 'a',
    logGroupClass: 'INFREQUENT_ACCESS',
    tags: { team: 'x', __proto__x: 'y' },
  })
  expect((await bench.call('ListTagsLogGroup', { logGroupName: 'a' })).tags).toEqual({ team: 'x', __proto__x: 'y' })
  expect((await bench.call('DescribeLogGroups', {})).logGroups?.[0]?.logGroupClass).toBe('INFREQUENT_ACCESS')
})
