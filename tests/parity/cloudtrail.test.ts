import {
  AddTagsCommand,
  CreateTrailCommand,
  DeleteResourcePolicyCommand,
  DeleteTrailCommand,
  DeregisterOrganizationDelegatedAdminCommand,
  DescribeTrailsCommand,
  GetEventConfigurationCommand,
  GetEventSelectorsCommand,
  GetInsightSelectorsCommand,
  GetResourcePolicyCommand,
  GetTrailCommand,
  GetTrailStatusCommand,
  ListInsightsDataCommand,
  ListInsightsMetricDataCommand,
  ListPublicKeysCommand,
  ListTagsCommand,
  ListTrailsCommand,
  LookupEventsCommand,
  PutEventConfigurationCommand,
  PutEventSelectorsCommand,
  PutInsightSelectorsCommand,
  PutResourcePolicyCommand,
  RegisterOrganizationDelegatedAdminCommand,
  RemoveTagsCommand,
  StartLoggingCommand,
  StopLoggingCommand,
  UpdateTrailCommand,
} from '@aws-sdk/client-cloudtrail'
import { CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs'
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { CreateBucketCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Clients } from '@sluice/testkit/clients.ts'
import { trailBucketPolicy } from '@sluice/testkit/fake-buckets.ts'
import { filePlatform } from '@sluice/testkit/file-platform.ts'
import { refusalOf } from './people.ts'

/** Every built operation of CloudTrail through the official client; what files and digests hold is in validate-logs. */
const ACCOUNT = '111122223333'
const ROOT = { accessKeyId: ACCOUNT, secret: 'test' }
const Name = 'audit'
const ARN = `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/${Name}`
const Bucket = 'trail-of-clients'
const platform = filePlatform()
const aws = platform.clients(ROOT)
let send: Clients['cloudtrail']['send']

beforeAll(async () => {
  send = aws.cloudtrail.send.bind(aws.cloudtrail)
  await aws.s3.send(new CreateBucketCommand({ Bucket }))
  await aws.s3.send(new PutBucketPolicyCommand({ Bucket, Policy: trailBucketPolicy(Bucket, ACCOUNT, ARN) }))
})

/** What the aws_cloudtrail resource of the Terraform provider asks after it made or refreshed a trail, in its order. */
async function readAsTerraform() {
  const { trailList = [] } = await send(new DescribeTrailsCommand({ trailNameList: [ARN] }))
  const [trail] = trailList
  const { ResourceTagList = [] } = await send(new ListTagsCommand({ ResourceIdList: [ARN] }))
  const { IsLogging } = await send(new GetTrailStatusCommand({ Name: ARN }))
  const selectors =
    trail?.HasCustomEventSelectors === true ? await send(new GetEventSelectorsCommand({ TrailName: ARN })) : undefined
  const insights =
    trail?.HasInsightSelectors === true ? await send(new GetInsightSelectorsCommand({ TrailName: ARN })) : undefined
  return {
    trail,
    tags: ResourceTagList[0]?.TagsList,
    isLogging: IsLogging,
    events: selectors?.EventSelectors,
    insights: insights?.InsightSelectors,
  }
}

describe('a trail, as Terraform makes, reads, changes and destroys it', () => {
  test('a new one is read back as it was written, and again the same', async () => {
    const made = await send(
      new CreateTrailCommand({
        Name,
        S3BucketName: Bucket,
        IncludeGlobalServiceEvents: true,
        EnableLogFileValidation: true,
        TagsList: [{ Key: 'team', Value: 'red' }],
      }),
    )
    expect(made).toMatchObject({ Name, TrailARN: ARN, LogFileValidationEnabled: true, IsMultiRegionTrail: false })
    await send(new StartLoggingCommand({ Name: ARN }))
    const read = await readAsTerraform()
    expect(read).toEqual({
      trail: {
        Name,
        S3BucketName: Bucket,
        IncludeGlobalServiceEvents: true,
        IsMultiRegionTrail: false,
        HomeRegion: 'us-east-1',
        TrailARN: ARN,
        LogFileValidationEnabled: true,
        HasCustomEventSelectors: false,
        HasInsightSelectors: false,
        IsOrganizationTrail: false,
      },
      tags: [{ Key: 'team', Value: 'red' }],
      isLogging: true,
      events: undefined,
      insights: undefined,
    })
    expect(await readAsTerraform()).toEqual(read)
  })

  test('selectors, insights, tags and destinations are changed and read back', async () => {
    const group = 'trail-of-clients'
    await aws.logs.send(new CreateLogGroupCommand({ logGroupName: group }))
    const trust = { Effect: 'Allow', Principal: { Service: 'cloudtrail.amazonaws.com' }, Action: 'sts:AssumeRole' }
    const write = { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '*' }
    const policyOf = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
    const { Role } = await aws.iam.send(
      new CreateRoleCommand({ RoleName: 'to-logs', AssumeRolePolicyDocument: policyOf(trust) }),
    )
    await aws.iam.send(
      new PutRolePolicyCommand({ RoleName: 'to-logs', PolicyName: 'write', PolicyDocument: policyOf(write) }),
    )
    const logs = {
      CloudWatchLogsLogGroupArn: `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:${group}:*`,
      CloudWatchLogsRoleArn: Role?.Arn,
    }
    await send(new UpdateTrailCommand({ Name: ARN, IsMultiRegionTrail: true, ...logs }))
    const data = { Type: 'AWS::S3::Object', Values: ['arn:aws:s3:::orders/'] }
    const events = [{ ReadWriteType: 'WriteOnly' as const, IncludeManagementEvents: true, DataResources: [data] }]
    await send(new PutEventSelectorsCommand({ TrailName: ARN, EventSelectors: events }))
    const insights = [{ InsightType: 'ApiErrorRateInsight' as const }]
    await send(new PutInsightSelectorsCommand({ TrailName: ARN, InsightSelectors: insights }))
    await send(new AddTagsCommand({ ResourceId: ARN, TagsList: [{ Key: 'cost', Value: '7' }] }))
    await send(new RemoveTagsCommand({ ResourceId: ARN, TagsList: [{ Key: 'team' }] }))
    expect(await readAsTerraform()).toMatchObject({
      trail: { IsMultiRegionTrail: true, HasCustomEventSelectors: true, HasInsightSelectors: true, ...logs },
      tags: [{ Key: 'cost', Value: '7' }],
      events,
      insights,
    })
  })

  test('it is found by name and in lists, and stopped', async () => {
    const { Trail } = await send(new GetTrailCommand({ Name }))
    expect(Trail?.TrailARN).toBe(ARN)
    const { Trails } = await send(new ListTrailsCommand({}))
    expect(Trails).toEqual([{ Name, TrailARN: ARN, HomeRegion: 'us-east-1' }])
    await send(new StopLoggingCommand({ Name: ARN }))
    const status = await send(new GetTrailStatusCommand({ Name: ARN }))
    expect(status.IsLogging).toBe(false)
    expect(status.StopLoggingTime).toBeInstanceOf(Date)
    expect((await send(new ListPublicKeysCommand({}))).PublicKeyList).toBeInstanceOf(Array)
  })

  test('event configuration and insights say what is so', async () => {
    const nothing = { TrailARN: ARN, AggregationConfigurations: [] }
    expect(await send(new GetEventConfigurationCommand({ TrailName: ARN }))).toMatchObject(nothing)
    const put = new PutEventConfigurationCommand({ TrailName: ARN, AggregationConfigurations: [] })
    expect(await send(put)).toMatchObject(nothing)
    const rate = {
      EventSource: 'iam.amazonaws.com',
      EventName: 'CreateUser',
      InsightType: 'ApiCallRateInsight' as const,
    }
    expect(await send(new ListInsightsMetricDataCommand(rate))).toMatchObject({ ...rate, Timestamps: [], Values: [] })
    const events = new ListInsightsDataCommand({ InsightSource: ARN, DataType: 'InsightsEvents' })
    expect(await refusalOf(send(events))).toMatch(/^NotImplemented:/)
    await send(new PutInsightSelectorsCommand({ TrailName: ARN, InsightSelectors: [] }))
    expect((await send(events)).Events).toEqual([])
  })

  test('a destroyed one is gone, and who did it is found', async () => {
    await send(new DeleteTrailCommand({ Name: ARN }))
    expect((await send(new DescribeTrailsCommand({ trailNameList: [ARN] }))).trailList).toEqual([])
    expect(await refusalOf(send(new GetTrailStatusCommand({ Name: ARN })))).toMatch(/^TrailNotFoundException:/)
    const { Events = [] } = await send(
      new LookupEventsCommand({ LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'DeleteTrail' }] }),
    )
    expect(Events[0]).toMatchObject({ Username: 'root', Resources: [{ ResourceType: 'AWS::CloudTrail::Trail' }] })
  })
})

test('what is of organizations and of resources with policies is refused in the words of the model', async () => {
  const store = `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:eventdatastore/0b6a9cbd-0000-4000-8000-000000000000`
  const refusals = [
    await refusalOf(send(new RegisterOrganizationDelegatedAdminCommand({ MemberAccountId: '444455556666' }))),
    await refusalOf(send(new DeregisterOrganizationDelegatedAdminCommand({ DelegatedAdminAccountId: '444455556666' }))),
    await refusalOf(send(new PutResourcePolicyCommand({ ResourceArn: store, ResourcePolicy: '{}' }))),
    await refusalOf(send(new GetResourcePolicyCommand({ ResourceArn: ARN }))),
    await refusalOf(send(new DeleteResourcePolicyCommand({ ResourceArn: 'arn:aws:s3:::bucket' }))),
    await refusalOf(send(new CreateTrailCommand({ Name, S3BucketName: Bucket, SnsTopicName: 'files' }))),
  ]
  expect(refusals.map((refusal) => refusal.split(':')[0])).toEqual([
    'OrganizationsNotInUseException',
    'OrganizationsNotInUseException',
    'ResourceNotFoundException',
    'ResourceTypeNotSupportedException',
    'ResourceARNNotValidException',
    'InsufficientSnsTopicPolicyException',
  ])
})
