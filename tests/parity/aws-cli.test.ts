import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { awsCliPrograms } from '@sluice/testkit/aws-cli.ts'
import { filePlatform } from '@sluice/testkit/file-platform.ts'

const run = promisify(execFile)
const platform = filePlatform()

describe.each(awsCliPrograms())('AWS CLI %s', (version, find) => {
  let program: string
  const group = `/cli/${version.replace(' ', '-')}`

  beforeAll(() => {
    program = find()
  })

  const env = (): NodeJS.ProcessEnv => ({
    PATH: process.env['PATH'],
    HOME: platform.scratch,
    AWS_ENDPOINT_URL: platform.url,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_PAGER: '',
    AWS_MAX_ATTEMPTS: '1',
  })

  // Version 2 reads AWS_ENDPOINT_URL since 2.13 only, and distributions ship older ones.
  const general = (): string[] => [
    '--region',
    'us-east-1',
    ...(version === 'version 2' ? ['--endpoint-url', platform.url] : []),
  ]

  /** What `aws --region us-east-1 …` prints, parsed. */
  async function aws(...args: readonly string[]): Promise<Record<string, unknown>> {
    const { stdout } = await run(program, [...general(), '--output', 'json', ...args], { env: env() })
    return stdout.trim() === '' ? {} : (JSON.parse(stdout) as Record<string, unknown>)
  }

  /** What a failing command says on standard error. */
  const refused = (...args: readonly string[]): Promise<string> =>
    run(program, [...general(), ...args], { env: env() }).then(
      () => 'it succeeded',
      (error: { stderr: string }) => error.stderr,
    )

  test('the resource policy of the Amazon MQ guide, literally', async () => {
    const document =
      '{"Version": "2012-10-17", "Statement":[{ "Effect": "Allow", "Principal": { "Service": "mq.amazonaws.com" }, "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": "arn:aws:logs:*:*:log-group:\\/aws\\/amazonmq\\/*" }]}'
    expect(
      await aws('logs', 'put-resource-policy', '--policy-name', 'AmazonMQ-logs', '--policy-document', document),
    ).toMatchObject({ resourcePolicy: { policyName: 'AmazonMQ-logs' } })
    expect(await aws('logs', 'describe-resource-policies')).toMatchObject({
      resourcePolicies: [{ policyName: 'AmazonMQ-logs' }],
    })
  })

  test('the older text of the guide, with line breaks in the document', async () => {
    const document = `{ "Version": "2012-10-17", "Statement": [ {
		"Effect": "Allow", "Principal": { "Service": "mq.amazonaws.com" },
		"Action":[ "logs:CreateLogStream", "logs:PutLogEvents" ],
		"Resource" : "arn:aws:logs:*:*:log-group:/aws/amazonmq/*" } ] }`
    expect(
      await aws('logs', 'put-resource-policy', '--policy-name', 'AmazonMQ-logs', '--policy-document', document),
    ).toMatchObject({ resourcePolicy: { policyName: 'AmazonMQ-logs' } })
  })

  test('groups, streams and events', async () => {
    await aws('logs', 'create-log-group', '--log-group-name', group)
    await aws('logs', 'create-log-stream', '--log-group-name', group, '--log-stream-name', 's')
    const now = Date.now()
    await aws(
      'logs',
      'put-log-events',
      '--log-group-name',
      group,
      '--log-stream-name',
      's',
      '--log-events',
      `timestamp=${String(now)},message=hello`,
      `timestamp=${String(now)},message=ERROR`,
    )
    expect(await aws('logs', 'describe-log-groups', '--log-group-name-prefix', group)).toMatchObject({
      logGroups: [{ logGroupName: group }],
    })
    expect(await aws('logs', 'describe-log-streams', '--log-group-name', group)).toMatchObject({
      logStreams: [{ logStreamName: 's', lastEventTimestamp: now }],
    })
    expect(await aws('logs', 'get-log-events', '--log-group-name', group, '--log-stream-name', 's')).toMatchObject({
      events: [{ message: 'hello' }, { message: 'ERROR' }],
    })
    expect(
      await aws('logs', 'filter-log-events', '--log-group-name', group, '--filter-pattern', 'ERROR'),
    ).toMatchObject({ events: [{ message: 'ERROR', logStreamName: 's' }] })
  })

  test('who am I, and who did what', async () => {
    expect(await aws('sts', 'get-caller-identity')).toMatchObject({
      Account: '000000000000',
      Arn: 'arn:aws:iam::000000000000:root',
    })
    const { Events } = (await aws(
      'cloudtrail',
      'lookup-events',
      '--lookup-attributes',
      'AttributeKey=EventName,AttributeValue=CreateLogGroup',
    )) as { Events: { CloudTrailEvent: string }[] }
    const records = Events.map(
      ({ CloudTrailEvent }) =>
        JSON.parse(CloudTrailEvent) as { requestParameters: { logGroupName: string }; userAgent: string },
    )
    const record = records.find(({ requestParameters }) => requestParameters.logGroupName === group)
    expect(record?.userAgent).toContain('aws-cli/')
  })

  test('a user of IAM', async () => {
    const name = `cli-${version.slice(-1)}`
    await aws('iam', 'create-user', '--user-name', name)
    await aws(
      'iam',
      'put-user-policy',
      '--user-name',
      name,
      '--policy-name',
      'p',
      '--policy-document',
      '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"logs:*","Resource":"*"}}',
    )
    expect(await aws('iam', 'get-user-policy', '--user-name', name, '--policy-name', 'p')).toMatchObject({
      PolicyDocument: { Version: '2012-10-17' },
    })
    expect(await aws('iam', 'list-users')).toMatchObject({
      Users: expect.arrayContaining([expect.objectContaining({ UserName: name })]) as unknown,
    })
    await aws('iam', 'delete-user-policy', '--user-name', name, '--policy-name', 'p')
    await aws('iam', 'delete-user', '--user-name', name)
  })

  test('what AWS would refuse is refused in its words', async () => {
    expect(await refused('mq', 'describe-broker', '--broker-id', 'b-none')).toContain('(NotFoundException)')
    expect(await refused('es', 'list-domain-names')).toContain('(NotImplemented)')
    expect(await refused('logs', 'create-log-group', '--log-group-name', group)).toContain(
      'The specified log group already exists',
    )
    const wrong = await run(program, [...general(), 'sts', 'get-caller-identity'], {
      env: { ...env(), AWS_SECRET_ACCESS_KEY: 'wrong' },
    }).catch((error: { stderr: string }) => error)
    expect(wrong.stderr).toContain('(SignatureDoesNotMatch)')
  })

  test.concurrent.each([
    ['kafka', 'list-clusters-v2'],
    ['cloudwatch', 'list-dashboards'],
    ['kms', 'describe-custom-key-stores'],
    ['firehose', 'list-delivery-streams'],
    ['sns', 'list-topics'],
    ['events', 'list-rules'],
    ['opensearch', 'list-domain-names'],
    ['es', 'list-domain-names'],
    ['resourcegroupstaggingapi', 'get-resources'],
    ['secretsmanager', 'list-secrets'],
    ['ec2', 'describe-vpcs'],
  ])('%s %s is not built, and the CLI says so', async (...command) => {
    expect(await refused(...command)).toContain('(NotImplemented)')
  })

  test('a HEAD has its status', async () => {
    expect(await refused('s3api', 'head-object', '--bucket', 'bucket', '--key', 'k')).toContain('(404)')
  })

  test('a file for a bucket that there is not is refused in S3 words', async () => {
    expect(await refused('s3', 'cp', fileURLToPath(import.meta.url), 's3://bucket/key')).toContain('(NoSuchBucket)')
  })

  test('errors of every protocol keep their codes', async () => {
    expect(await refused('iam', 'get-user', '--user-name', 'nobody')).toContain('(NoSuchEntity)')
    expect(await refused('kafka', 'describe-cluster', '--cluster-arn', 'a', '--no-sign-request')).toContain(
      '(MissingAuthenticationTokenException)',
    )
  })

  // Version 1 has no tail.
  if (version === 'version 1') return
  test('tail prints what is there', async () => {
    const { stdout } = await run(program, [...general(), 'logs', 'tail', group, '--since', '1h'], { env: env() })
    expect(stdout).toMatch(/hello\n.*ERROR\n/)
  })
})
