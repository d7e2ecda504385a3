import { DescribeMetricFiltersCommand, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { CreateBrokerCommand } from '@aws-sdk/client-mq'
import { spawnSync } from 'node:child_process'
import { beforeAll, expect, test } from 'vitest'
import { awsCliPrograms } from '@sluice/testkit/aws-cli.ts'
import { filePlatform } from '@sluice/testkit/file-platform.ts'
import { newUser } from '../parity/people.ts'
import { runPosture, shellOf } from '../parity/posture.ts'
import { putLogPolicy, untilLine, untilRunning } from './brokers.ts'

const platform = filePlatform()
const aws = platform.clients()
let brokerId: string

beforeAll(async () => {
  await putLogPolicy(aws.logs, { StringEquals: { 'aws:SourceAccount': '000000000000' } })
  const { BrokerId = '' } = await aws.mq.send(
    new CreateBrokerCommand({
      BrokerName: 'audited',
      DeploymentMode: 'SINGLE_INSTANCE',
      EngineType: 'ACTIVEMQ',
      EngineVersion: '5.17.6',
      AutoMinorVersionUpgrade: false,
      HostInstanceType: 'mq.t3.micro',
      PubliclyAccessible: false,
      Users: [{ Username: 'admin', Password: 'correct-horse-9' }],
    }),
  )
  brokerId = BrokerId
  await untilRunning(aws.mq, brokerId)
})

const variables = (more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => shellOf(platform.url, more)
const posture = (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
  runPosture(platform.data, args, variables(more))
/** Runs the printed commands of the AWS CLI, as whoever pipes them into a shell does. */
function mend(): void {
  const { stdout } = posture(['--preset', 'soc2', '--fix'])
  const [, commands = ''] = /# AWS CLI\n([\s\S]*?)\n\n# Terraform/.exec(stdout) ?? []
  const [[, find] = []] = awsCliPrograms()
  const program = find?.() ?? ''
  const script = `set -e\naws() { "${program}" "$@"; }\n${commands}\n`
  const run = spawnSync('bash', ['-c', script], {
    encoding: 'utf8',
    env: variables({ NEW_USER: 'operator', NEW_PASSWORD: 'correct-horse-10' }),
  })
  expect([run.status, run.stderr]).toEqual([0, ''])
}

test('what a careless broker lacks is reported, and the printed commands mend it', async () => {
  const before = posture(['--preset', 'soc2'])
  expect(before.status).toBe(1)
  for (const title of [
    'The audit and general log is off',
    'Minor versions are not upgraded by themselves',
    'A user is called admin',
    'No alarm watches HeapUsage of audited-1',
  ])
    expect(before.stdout).toContain(title)
  mend()
  await untilRunning(aws.mq, brokerId)
  await untilLine(aws.logs, `/aws/amazonmq/broker/${brokerId}/general`, ') started')
  const between = posture(['--preset', 'soc2'])
  expect(between.stdout).toContain('has no retention: its events never expire')
  expect(between.stdout).not.toContain('No alarm watches HeapUsage')
  expect(between.stdout).toContain('No alarm watches the general log for restarts')
  mend()
  const after = posture(['--preset', 'soc2'])
  expect(after.stdout.split('\n').filter((line) => line.startsWith('  no  '))).toEqual([])
  const generalLog = `/aws/amazonmq/broker/${brokerId}/general`
  const { metricFilters = [] } = await aws.logs.send(new DescribeMetricFiltersCommand({ logGroupName: generalLog }))
  const restarts = metricFilters.find(({ filterName }) => filterName === 'audited-restarts')
  // The filter that was printed finds the line that the broker wrote when it was started.
  const { filterPattern } = restarts ?? expect.fail()
  const { events } = await aws.logs.send(new FilterLogEventsCommand({ logGroupName: generalLog, filterPattern }))
  expect(events?.length).toBeGreaterThan(0)
  expect(posture(['--preset', 'hipaa']).stdout).toContain('keeps its events for 365 days, which is too short')
})

test('it sees no more than its caller, and says what it could not see', async () => {
  const user = await newUser(platform, aws, 'auditor', {
    statements: [{ Effect: 'Allow', Action: ['mq:ListBrokers', 'mq:DescribeBroker'], Resource: '*' }],
  })
  const { accessKeyId, secretAccessKey } = await user.mq.config.credentials()
  const seen = posture([], { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey })
  expect(seen.stdout).toContain('Not checked:')
  expect(seen.stdout).toContain('the log groups of audited: User: ')
  const nobody = await newUser(platform, aws, 'nobody')
  const key = await nobody.mq.config.credentials()
  const refused = posture([], { AWS_ACCESS_KEY_ID: key.accessKeyId, AWS_SECRET_ACCESS_KEY: key.secretAccessKey })
  expect([refused.status, refused.stdout]).toEqual([1, ''])
  expect(refused.stderr).toContain('is not authorized to perform: mq:ListBrokers')
})
