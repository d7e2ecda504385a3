import {
  AssociateKmsKeyCommand,
  CreateExportTaskCommand,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  DescribeMetricFiltersCommand,
  DescribeQueryDefinitionsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  ListLogGroupsCommand,
  PutDataProtectionPolicyCommand,
  PutLogEventsCommand,
  PutQueryDefinitionCommand,
  PutSubscriptionFilterCommand,
  TestMetricFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { CreateKeyCommand, PutKeyPolicyCommand } from '@aws-sdk/client-kms'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, test } from 'vitest'
import { clients } from '@sluice/testkit/clients.ts'
import { filePlatform } from '@sluice/testkit/file-platform.ts'

const platform = filePlatform()
const aws = platform.clients()
let start: number

const g = { logGroupName: 'filters' }
/** Messages of every form; each is written twice, so that one copy is in the column store and one in memory. */
const MESSAGES = [
  '{"level":"ERROR","latency":120.5,"user":{"name":"jane"},"tags":["a","b"]}',
  '{"level":"INFO","latency":12,"user":{"name":"joe"},"tags":[]}',
  '{"lev\\u0065l":"ERR\\u004fR","latency":1.2e3}',
  '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534',
  '127.0.0.1 - frank [10/Oct/2000:13:25:16 -0700] "GET /logo.png HTTP/1.0" 200 99',
  'ERROR in plain words',
  'level "ERROR" in quotes',
]

beforeAll(async () => {
  start = Date.now()
  await aws.logs.send(new CreateLogGroupCommand(g))
  await aws.logs.send(new CreateLogStreamCommand({ ...g, logStreamName: 's' }))
  await put(0)
  // Longer than the column store takes to get them.
  await sleep(2_500)
  await put(1_000)
})

const put = (offset: number) =>
  aws.logs.send(
    new PutLogEventsCommand({
      ...g,
      logStreamName: 's',
      logEvents: MESSAGES.map((message, at) => ({ timestamp: start + offset + at, message })),
    }),
  )

test.each<[string, readonly number[]]>([
  ['{ $.level = "ERROR" }', [0, 2]],
  ['{ $.level = E* && $.latency > 1000 }', [2]],
  ['{ $.level != "ERROR" || $.user.name = "jane" }', [0, 1]],
  ['{ $.tags[*] = "b" }', [0]],
  ['{ $.user NOT EXISTS }', [2]],
  ['{ $.latency = * }', [0, 1, 2]],
  ['[..., status=404, size]', [3]],
  ['[ip, ..., request=*.html* || request=*.png*, status < 300, size]', [4]],
  ['[w1=ERROR, rest]', [5]],
  ['"\\"ERROR\\""', [0, 6]],
  ['%[0-9]{4}$%', [3]],
])('%s finds the same in the column store and in memory', async (filterPattern, want) => {
  const { events = [] } = await aws.logs.send(new FilterLogEventsCommand({ ...g, filterPattern }))
  const wanted = want.map((at) => MESSAGES[at])
  expect(events.map(({ message }) => message)).toEqual([...wanted, ...wanted])
})

test('TestMetricFilter answers the SDK what fields were found', async () => {
  const { matches } = await aws.logs.send(
    new TestMetricFilterCommand({ filterPattern: '[ip, ..., size > 1000]', logEventMessages: MESSAGES.slice(3, 5) }),
  )
  expect(matches).toEqual([
    {
      eventNumber: 0,
      eventMessage: MESSAGES[3],
      extractedValues: {
        $ip: '127.0.0.1',
        $2: '-',
        $3: 'frank',
        $4: '10/Oct/2000:13:25:15 -0700',
        $5: 'GET /index.html HTTP/1.0',
        $6: '404',
        $size: '1534',
      },
    },
  ])
  expect((await aws.logs.send(new DescribeMetricFiltersCommand(g))).metricFilters).toEqual([])
})

test('what has no far end is refused in the words of AWS', async () => {
  const subscription = {
    ...g,
    filterName: 'f',
    filterPattern: '',
    destinationArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/s',
    roleArn: 'arn:aws:iam::000000000000:role/r',
  }
  await expect(aws.logs.send(new PutSubscriptionFilterCommand(subscription))).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message:
      'Could not deliver test message to specified Kinesis stream. Check if the given kinesis stream is in ACTIVE state.',
  })
  const task = { ...g, from: start, to: start + 60_000, destination: 'bucket' }
  await expect(aws.logs.send(new CreateExportTaskCommand(task))).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: 'The given bucket does not exist. Please make sure the bucket is valid.',
  })
  await expect(
    aws.logs.send(
      new CreateLogGroupCommand({ logGroupName: 'k', kmsKeyId: 'arn:aws:kms:us-east-1:000000000000:key/k' }),
    ),
  ).rejects.toMatchObject({ name: 'AccessDeniedException' })
})

test('a key encrypts a group when its policy lets CloudWatch Logs use it', async () => {
  const { kms } = clients(platform.url)
  const policy = (statements: readonly object[]) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::000000000000:root' }, Action: 'kms:*', Resource: '*' },
        ...statements,
      ],
    })
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Policy: policy([]) }))
  const kmsKeyId = KeyMetadata?.Arn ?? ''
  const create = () => aws.logs.send(new CreateLogGroupCommand({ logGroupName: 'sealed', kmsKeyId }))
  await expect(create()).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message:
      'The specified KMS key does not exist or is not allowed to be used with ' +
      "Arn 'arn:aws:logs:us-east-1:000000000000:log-group:sealed'",
  })
  const service = {
    Effect: 'Allow',
    Principal: { Service: 'logs.us-east-1.amazonaws.com' },
    Action: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
    Resource: '*',
    Condition: {
      ArnEquals: { 'kms:EncryptionContext:aws:logs:arn': 'arn:aws:logs:us-east-1:000000000000:log-group:sealed' },
    },
  }
  await kms.send(new PutKeyPolicyCommand({ KeyId: kmsKeyId, Policy: policy([service]) }))
  await create()
  const { logGroups } = await aws.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: 'sealed' }))
  expect(logGroups?.[0]?.kmsKeyId).toBe(kmsKeyId)
  await expect(aws.logs.send(new AssociateKmsKeyCommand({ logGroupName: 'filters', kmsKeyId }))).rejects.toMatchObject({
    name: 'AccessDeniedException',
  })
})

test('groups are listed, queries saved, and sensitive data masked, through the SDK', async () => {
  const { logGroups } = await aws.logs.send(new ListLogGroupsCommand({ logGroupNamePattern: '^filt' }))
  expect(logGroups?.map(({ logGroupName }) => logGroupName)).toEqual(['filters'])
  const { queryDefinitionId } = await aws.logs.send(
    new PutQueryDefinitionCommand({ name: 'n', queryString: 'fields @message' }),
  )
  const { queryDefinitions } = await aws.logs.send(new DescribeQueryDefinitionsCommand({}))
  expect(queryDefinitions).toMatchObject([{ queryDefinitionId, name: 'n' }])

  const mask = { logGroupName: 'masked' }
  await aws.logs.send(new CreateLogGroupCommand(mask))
  await aws.logs.send(new CreateLogStreamCommand({ ...mask, logStreamName: 's' }))
  const policy = {
    Name: 'p',
    Version: '2021-06-01',
    Statement: [{ Audit: { FindingsDestination: {} } }, { Deidentify: { MaskConfig: {} } }].map((Operation) => ({
      DataIdentifier: ['arn:aws:dataprotection::aws:data-identifier/EmailAddress'],
      Operation,
    })),
  }
  await aws.logs.send(
    new PutDataProtectionPolicyCommand({ logGroupIdentifier: 'masked', policyDocument: JSON.stringify(policy) }),
  )
  await aws.logs.send(
    new PutLogEventsCommand({
      ...mask,
      logStreamName: 's',
      logEvents: [{ timestamp: Date.now(), message: 'mail jane@example.com' }],
    }),
  )
  const read = async (unmask: boolean) =>
    (await aws.logs.send(new GetLogEventsCommand({ ...mask, logStreamName: 's', unmask }))).events?.[0]?.message
  expect(await read(false)).toBe('mail ****************')
  expect(await read(true)).toBe('mail jane@example.com')
})
