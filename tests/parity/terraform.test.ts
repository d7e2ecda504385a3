import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch'
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs'
import {
  DescribeBrokerCommand,
  DescribeConfigurationRevisionCommand,
  DescribeUserCommand,
  ListBrokersCommand,
} from '@aws-sdk/client-mq'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Clients, clients } from '@sluice/testkit/clients.ts'
import { type TestPlatform, startTestPlatform, temporaryDirectory } from '@sluice/testkit/platform.ts'
import { type Terraform, findTerraform, terraform } from '@sluice/testkit/terraform.ts'
import { runPosture, shellOf } from './posture.ts'

const found = findTerraform()
const title = typeof found === 'string' ? `Terraform (${found})` : 'Terraform'

interface Wanted {
  readonly comment: string
  readonly group: string
  readonly password: string
  /** Of the audit log group, which CreateBroker made and Terraform takes over. */
  readonly retention?: { readonly brokerId: string; readonly days: number }
  /** Blocks that `sluice posture --fix` printed. */
  readonly printed?: string
}

const configurationOf = ({ comment, group, password, retention, printed = '' }: Wanted): string => `
terraform {
  required_providers { aws = { source = "hashicorp/aws" } }
}
provider "aws" {}

resource "aws_mq_configuration" "main" {
  name           = "orders"
  description    = "What the orders broker runs with"
  engine_type    = "ActiveMQ"
  engine_version = "5.18"
  data           = <<DATA
<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<broker xmlns="http://activemq.apache.org/schema/core">
  <!-- ${comment} -->
  <plugins>
    <statisticsBrokerPlugin/>
  </plugins>
</broker>
DATA
  tags = { team = "payments" }
}

resource "aws_cloudwatch_log_resource_policy" "mq" {
  policy_name = "AmazonMQ-logs"
  policy_document = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "mq.amazonaws.com" }
      Action    = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource  = "arn:aws:logs:*:*:log-group:/aws/amazonmq/*"
    }]
  })
}

# Amazon MQ ActiveMQブローカー
resource "aws_mq_broker" "main" {
  broker_name                = "orders"
  engine_type                = "ActiveMQ"
  engine_version             = "5.18"
  host_instance_type         = "mq.t3.micro"
  auto_minor_version_upgrade = true
  apply_immediately          = true
  configuration {
    id       = aws_mq_configuration.main.id
    revision = aws_mq_configuration.main.latest_revision
  }
  user {
    username       = "admin"
    password       = "correct-horse-9"
    groups         = ["admins"]
    console_access = true
  }
  user {
    username = "app"
    password = "${password}"
    groups   = ["${group}"]
  }
  # ログ設定(重要)
  logs {
    audit   = true  # 監査ログを有効化
    general = true  # 一般ログも有効化(推奨)
  }
  tags       = { team = "payments" }
  depends_on = [aws_cloudwatch_log_resource_policy.mq]
}
${
  retention === undefined
    ? ''
    : `
import {
  to = aws_cloudwatch_log_group.audit
  id = "/aws/amazonmq/broker/${retention.brokerId}/audit"
}
resource "aws_cloudwatch_log_group" "audit" {
  name              = "/aws/amazonmq/broker/${retention.brokerId}/audit"
  retention_in_days = ${String(retention.days)}
}
`
}
${printed}`

/** The blocks of alarms, and of the metric filters that they are on, in what `sluice posture --fix` printed. */
const alarmBlocks = (text: string): string =>
  (text.match(/^resource "aws_cloudwatch_(?:metric_alarm|log_metric_filter)" [\s\S]*?^}$/gm) ?? []).join('\n')

describe.skipIf(typeof found === 'string')(title, () => {
  const directory = temporaryDirectory()
  const first: Wanted = { comment: 'as it was', group: 'users', password: 'correct-horse-10' }
  let platform: TestPlatform
  let aws: Clients
  let tf: Terraform
  let brokerId: string

  beforeAll(async () => {
    platform = await startTestPlatform({ data: join(directory.path, 'data') })
    aws = clients(platform.url)
    if (typeof found !== 'string') tf = terraform(found, join(directory.path, 'terraform'), platform.url)
  })
  afterAll(async () => {
    await platform.stop()
    directory.remove()
  })

  const apply = (): Promise<string> => tf.run('apply', '-auto-approve', '-no-color', '-input=false')
  const posture = (...args: readonly string[]): string =>
    runPosture(join(directory.path, 'data'), args, shellOf(platform.url)).stdout
  const alarms = async () => (await aws.cloudwatch.send(new DescribeAlarmsCommand({}))).MetricAlarms
  const broker = () => aws.mq.send(new DescribeBrokerCommand({ BrokerId: brokerId }))

  test('broker, configuration, users, logs and the log policy are made, and the next plan is empty', async () => {
    tf.configure(configurationOf(first))
    await tf.run('init', '-no-color', '-input=false')
    await apply()
    const { BrokerSummaries } = await aws.mq.send(new ListBrokersCommand({}))
    brokerId = BrokerSummaries?.[0]?.BrokerId ?? ''
    expect(await broker()).toMatchObject({
      BrokerState: 'RUNNING',
      Logs: { Audit: true, General: true },
      Tags: { team: 'payments' },
      Configurations: { Current: { Revision: 2 } },
    })
    expect((await broker()).Users?.map(({ Username }) => Username).toSorted()).toEqual(['admin', 'app'])
    expect(await tf.hasChanges()).toBe(false)
  })

  test('a new revision, a changed user, a retention and the alarms that were missing are applied at once, and the next plan is empty', async () => {
    expect(posture()).toContain('No alarm watches')
    tf.configure(
      configurationOf({
        comment: 'as it is now',
        printed: alarmBlocks(posture('--fix')),
        group: 'operators',
        password: 'correct-horse-11',
        retention: { brokerId, days: 365 },
      }),
    )
    expect(await tf.hasChanges()).toBe(true)
    await apply()
    const { Configurations } = await broker()
    expect(Configurations).toMatchObject({ Current: { Revision: 3 }, History: [{ Revision: 2 }] })
    expect(Configurations?.Pending).toBeUndefined()
    const app = await aws.mq.send(new DescribeUserCommand({ BrokerId: brokerId, Username: 'app' }))
    expect(app.Groups).toEqual(['operators'])
    expect(app.Pending).toBeUndefined()
    const { Data = '' } = await aws.mq.send(
      new DescribeConfigurationRevisionCommand({
        ConfigurationId: Configurations?.Current?.Id,
        ConfigurationRevision: '3',
      }),
    )
    expect(Buffer.from(Data, 'base64').toString()).toContain('<!-- as it is now -->')
    const { logGroups } = await aws.logs.send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: `/aws/amazonmq/broker/${brokerId}/audit` }),
    )
    expect(logGroups?.[0]?.retentionInDays).toBe(365)
    expect(posture()).not.toContain('No alarm watches')
    expect((await alarms())?.length).toBeGreaterThan(3)
    expect(await tf.hasChanges()).toBe(false)
  })

  test('destroy takes everything away that AWS would', async () => {
    await tf.run('destroy', '-auto-approve', '-no-color', '-input=false')
    expect((await aws.mq.send(new ListBrokersCommand({}))).BrokerSummaries).toEqual([])
    expect(await alarms()).toEqual([])
    const { logGroups } = await aws.logs.send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: `/aws/amazonmq/broker/${brokerId}/` }),
    )
    expect(logGroups?.map(({ logGroupName }) => logGroupName)).toEqual([`/aws/amazonmq/broker/${brokerId}/general`])
  })
})
