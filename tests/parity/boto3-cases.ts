import { expect } from 'vitest'
import type { BotoCall } from '@sluice/testkit/boto3.ts'

const GROUP = { logGroupName: '/boto3/group' }
const STREAM = { ...GROUP, logStreamName: 's' }
const NOW = Date.now()
const VIRTUAL = { s3: { addressing_style: 'virtual' } }
const PATH = { s3: { addressing_style: 'path' } }
const Bucket = 'bucket'
const STRANGE = "x//y/./z/../w?q=&#%25;:@$,'()*!~"
const STREAMED = 'streamed '.repeat(1_000)

/** Operations that are built, and what they answer. */
export const BUILT: readonly (BotoCall & { readonly answers: object })[] = [
  {
    name: 'STS: who am I',
    service: 'sts',
    method: 'get_caller_identity',
    answers: { Account: '000000000000', Arn: 'arn:aws:iam::000000000000:root' },
  },
  {
    name: 'STS: a session',
    service: 'sts',
    method: 'get_session_token',
    answers: { Credentials: { AccessKeyId: expect.any(String) as unknown } },
  },
  {
    name: 'IAM: a new user',
    service: 'iam',
    method: 'create_user',
    args: { UserName: 'boto', Path: '/team/', Tags: [{ Key: 'a', Value: 'ä @+=' }] },
    answers: { User: { UserName: 'boto', Path: '/team/' } },
  },
  {
    name: 'IAM: the tags of a user',
    service: 'iam',
    method: 'list_user_tags',
    args: { UserName: 'boto' },
    answers: { Tags: [{ Key: 'a', Value: 'ä @+=' }] },
  },
  {
    name: 'IAM: all users',
    service: 'iam',
    method: 'list_users',
    answers: { IsTruncated: false, Users: [{ UserName: 'boto' }] },
  },
  {
    name: 'Logs: a new group',
    service: 'logs',
    method: 'create_log_group',
    args: { ...GROUP, tags: { team: 'a' } },
    answers: {},
  },
  { name: 'Logs: a new stream', service: 'logs', method: 'create_log_stream', args: STREAM, answers: {} },
  {
    name: 'Logs: events',
    service: 'logs',
    method: 'put_log_events',
    args: {
      ...STREAM,
      logEvents: [
        { timestamp: NOW, message: 'one' },
        { timestamp: NOW + 1, message: 'zwei ✓' },
      ],
    },
    answers: {},
  },
  {
    name: 'Logs: the events again',
    service: 'logs',
    method: 'get_log_events',
    args: { ...STREAM, startFromHead: true },
    answers: {
      events: [
        { timestamp: NOW, message: 'one' },
        { timestamp: NOW + 1, message: 'zwei ✓' },
      ],
    },
  },
  { name: 'Logs: the groups', service: 'logs', method: 'describe_log_groups', answers: { logGroups: [GROUP] } },
  { name: 'S3: a new bucket', service: 's3', method: 'create_bucket', args: { Bucket }, answers: {} },
  {
    name: 'S3: all buckets',
    service: 's3',
    method: 'list_buckets',
    answers: { Buckets: [{ Name: Bucket }] },
  },
  {
    name: 'S3: a body',
    service: 's3',
    method: 'put_object',
    args: { Bucket, Key: 'a key/ä+%', Body: 'content', Metadata: { a: 'b' } },
    config: PATH,
    answers: { ETag: '"9a0364b9e99bb480dd25e1f0284c8555"' },
  },
  {
    name: 'S3: a bucket in the host',
    service: 's3',
    method: 'get_object',
    args: { Bucket, Key: 'a key/ä+%' },
    config: VIRTUAL,
    endpoint: 'localhost',
    answers: { Body: 'content', Metadata: { a: 'b' } },
  },
  {
    name: 'S3: a stream, to a key with everything',
    service: 's3',
    method: 'put_object',
    args: { Bucket, Key: STRANGE },
    stream: STREAMED,
    config: PATH,
    answers: {},
  },
  {
    name: 'S3: a bucket in the path',
    service: 's3',
    method: 'get_object',
    args: { Bucket, Key: STRANGE },
    config: PATH,
    answers: { Body: STREAMED },
  },
  {
    name: 'S3: the objects',
    service: 's3',
    method: 'list_objects_v2',
    args: { Bucket },
    config: PATH,
    answers: { KeyCount: 2, Contents: [{ Key: 'a key/ä+%' }, { Key: STRANGE }] },
  },
  {
    name: 'S3: XML',
    service: 's3',
    method: 'delete_objects',
    args: { Bucket, Delete: { Objects: [{ Key: 'ä&<>' }, { Key: STRANGE }] } },
    config: PATH,
    answers: { Deleted: [{ Key: 'ä&<>' }, { Key: STRANGE }] },
  },
  { name: 'KMS: no keys', service: 'kms', method: 'list_keys', answers: { Keys: [], Truncated: false } },
  { name: 'MQ: no brokers', service: 'mq', method: 'list_brokers', answers: { BrokerSummaries: [] } },
  {
    name: 'MQ: the engines',
    service: 'mq',
    method: 'describe_broker_engine_types',
    args: { EngineType: 'ACTIVEMQ' },
    answers: { BrokerEngineTypes: [{ EngineType: 'ACTIVEMQ' }] },
  },
  {
    name: 'CloudTrail: who made the group',
    service: 'cloudtrail',
    method: 'lookup_events',
    args: { LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'CreateLogGroup' }] },
    answers: {
      Events: [
        {
          EventName: 'CreateLogGroup',
          EventSource: 'logs.amazonaws.com',
          EventTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as unknown,
        },
      ],
    },
  },
  {
    name: 'CloudWatch: many metrics, compressed',
    service: 'cloudwatch',
    method: 'put_metric_data',
    args: {
      Namespace: 'boto',
      MetricData: Array.from({ length: 300 }, (_, index) => ({
        MetricName: `m${String(index)}`,
        Value: index,
        Unit: 'Count',
      })),
    },
    answers: {},
  },
  {
    name: 'CloudWatch: what was put is listed',
    service: 'cloudwatch',
    method: 'list_metrics',
    args: { Namespace: 'boto', MetricName: 'm299' },
    answers: { Metrics: [{ Namespace: 'boto', MetricName: 'm299', Dimensions: [] }] },
  },
  {
    name: 'CloudWatch: an alarm',
    service: 'cloudwatch',
    method: 'put_metric_alarm',
    args: {
      AlarmName: 'boto',
      Namespace: 'boto',
      MetricName: 'm299',
      ExtendedStatistic: 'p99.9',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 0.5,
      ComparisonOperator: 'LessThanOrEqualToThreshold',
    },
    answers: {},
  },
  {
    name: 'CloudWatch: alarms are described',
    service: 'cloudwatch',
    method: 'describe_alarms',
    args: { AlarmNames: ['boto'] },
    answers: { MetricAlarms: [{ AlarmName: 'boto', Threshold: 0.5, ExtendedStatistic: 'p99.9' }] },
  },
]

const JSON_10 = 'application/x-amz-json-1.0'
const JSON_11 = 'application/x-amz-json-1.1'
const FORM = 'application/x-www-form-urlencoded; charset=utf-8'

/** Operations that are not built: each must be understood, in the protocol that boto3 chooses for the service. */
export const UNBUILT: readonly (BotoCall & { readonly type?: string; readonly sent?: object })[] = [
  { name: 'Kafka', service: 'kafka', method: 'list_clusters_v2', args: { MaxResults: 3 } },
  {
    name: 'Kafka, an ARN in the path',
    service: 'kafka',
    method: 'describe_cluster_v2',
    args: { ClusterArn: 'arn:aws:kafka:us-east-1:000000000000:cluster/a/b-1' },
  },
  {
    name: 'CloudWatch',
    service: 'cloudwatch',
    method: 'list_dashboards',
    type: JSON_10,
    sent: { 'x-amzn-query-mode': 'true' },
  },
  { name: 'KMS', service: 'kms', method: 'describe_custom_key_stores', type: JSON_11 },
  { name: 'Firehose', service: 'firehose', method: 'list_delivery_streams', type: JSON_11 },
  {
    name: 'SNS',
    service: 'sns',
    method: 'create_topic',
    args: { Name: 't', Attributes: { FifoTopic: 'true' }, Tags: [{ Key: 'a', Value: 'b' }] },
    type: FORM,
  },
  {
    name: 'EventBridge',
    service: 'events',
    method: 'put_events',
    args: { Entries: [{ Source: 's', DetailType: 'd', Detail: '{}' }] },
    type: JSON_11,
  },
  { name: 'OpenSearch', service: 'opensearch', method: 'list_domain_names' },
  { name: 'Elasticsearch', service: 'es', method: 'describe_elasticsearch_domain', args: { DomainName: 'domain' } },
  { name: 'Tagging', service: 'resourcegroupstaggingapi', method: 'get_resources', type: JSON_11 },
  {
    name: 'Secrets Manager',
    service: 'secretsmanager',
    method: 'get_secret_value',
    args: { SecretId: 's' },
    type: JSON_11,
  },
  {
    name: 'EC2',
    service: 'ec2',
    method: 'describe_vpcs',
    args: { Filters: [{ Name: 'vpc-id', Values: ['vpc-1'] }] },
    type: FORM,
  },
  {
    name: 'Logs',
    service: 'logs',
    method: 'start_query',
    args: { ...GROUP, startTime: 0, endTime: 1, queryString: 'fields @message' },
    type: JSON_11,
  },
]

interface Refused extends BotoCall {
  readonly code: string
  readonly status: number
  readonly says: string
  /** The exception's class, where the error is modelled. */
  readonly as?: string
  readonly members?: object
}

const unvalidated = { validated: false } as const
/** Errors of every protocol, with their codes and texts. */
export const REFUSED: readonly Refused[] = [
  {
    name: 'Logs, a modelled error',
    service: 'logs',
    method: 'create_log_group',
    args: GROUP,
    code: 'ResourceAlreadyExistsException',
    as: 'ResourceAlreadyExistsException',
    status: 400,
    says: 'The specified log group already exists',
  },
  {
    name: 'Logs, a bad name',
    service: 'logs',
    method: 'create_log_group',
    args: { logGroupName: 'a b' },
    code: 'InvalidParameterException',
    as: 'InvalidParameterException',
    status: 400,
    says: "'logGroupName' failed to satisfy constraint",
  },
  {
    name: 'Logs, a wrong secret',
    service: 'logs',
    method: 'describe_log_groups',
    secret: 'wrong',
    code: 'InvalidSignatureException',
    status: 400,
    says: 'does not match',
  },
  {
    name: 'MQ, a modelled error',
    service: 'mq',
    method: 'describe_broker',
    args: { BrokerId: 'b-none' },
    code: 'NotFoundException',
    as: 'NotFoundException',
    status: 404,
    says: "Can't find requested broker [b-none]",
    members: { ErrorAttribute: 'broker-id' },
  },
  {
    name: 'MQ, what is shared with a broker that is not there',
    service: 'mq',
    method: 'describe_shared_resources',
    args: { BrokerId: 'b-none' },
    code: 'NotFoundException',
    as: 'NotFoundException',
    status: 404,
    says: "Can't find requested broker [b-none]",
    members: { ErrorAttribute: 'broker-id' },
  },
  {
    name: 'MQ, a wrong secret',
    service: 'mq',
    method: 'list_brokers',
    secret: 'wrong',
    code: 'InvalidSignatureException',
    status: 403,
    says: 'does not match',
  },
  {
    name: 'IAM, a modelled error',
    service: 'iam',
    method: 'get_user',
    args: { UserName: 'nobody' },
    code: 'NoSuchEntity',
    as: 'NoSuchEntityException',
    status: 404,
    says: 'nobody',
  },
  {
    name: 'IAM, a bad name',
    service: 'iam',
    method: 'get_user',
    args: { UserName: '!' },
    code: 'ValidationError',
    status: 400,
    says: "Value '!' at 'userName'",
  },
  {
    name: 'IAM, a wrong secret',
    service: 'iam',
    method: 'list_users',
    secret: 'wrong',
    code: 'SignatureDoesNotMatch',
    status: 403,
    says: 'does not match',
  },
  {
    name: 'STS, nothing required',
    service: 'sts',
    method: 'assume_role',
    ...unvalidated,
    code: 'ValidationError',
    status: 400,
    says: "'roleArn' failed",
  },
  {
    name: 'CloudWatch, an error of its Query time',
    service: 'cloudwatch',
    method: 'get_metric_statistics',
    ...unvalidated,
    args: { Namespace: ':', MetricName: 'm' },
    code: 'ValidationError',
    status: 400,
    says: "'namespace'",
  },
  {
    name: 'KMS, bytes that are none of its own',
    service: 'kms',
    method: 'decrypt',
    args: { CiphertextBlob: 'secret' },
    code: 'InvalidCiphertextException',
    as: 'InvalidCiphertextException',
    status: 400,
    says: 'cannot be decrypted',
  },
  {
    name: 'KMS, a bad name',
    service: 'kms',
    method: 'describe_key',
    ...unvalidated,
    args: { KeyId: '' },
    code: 'ValidationException',
    status: 400,
    says: "'keyId'",
  },
  {
    name: 'EC2, a bad number',
    service: 'ec2',
    method: 'describe_vpcs',
    ...unvalidated,
    args: { MaxResults: 'many' },
    code: 'InvalidParameterValue',
    status: 400,
    says: 'Integer',
  },
  {
    name: 'EC2, a wrong secret',
    service: 'ec2',
    method: 'describe_vpcs',
    secret: 'wrong',
    code: 'AuthFailure',
    status: 401,
    says: 'not able to validate',
  },
  {
    name: 'S3, a bad value',
    service: 's3',
    method: 'put_bucket_versioning',
    ...unvalidated,
    args: { Bucket, VersioningConfiguration: { Status: 'Perhaps' } },
    config: PATH,
    code: 'InvalidArgument',
    status: 400,
    says: 'Perhaps',
  },
  {
    name: 'S3, a wrong secret',
    service: 's3',
    method: 'list_buckets',
    secret: 'wrong',
    code: 'SignatureDoesNotMatch',
    status: 403,
    says: 'does not match',
  },
  {
    name: 'Kafka, a bad number',
    service: 'kafka',
    method: 'list_clusters_v2',
    ...unvalidated,
    args: { MaxResults: 1_000 },
    code: 'BadRequestException',
    as: 'BadRequestException',
    status: 400,
    says: "'maxResults'",
  },
]

export const PRESIGNED: readonly BotoCall[] = [
  {
    name: 'presigned, version 4',
    service: 's3',
    method: 'get_object',
    args: { Bucket, Key: 'a key/ä+%' },
    presigned: true,
    config: { ...PATH, signature_version: 's3v4' },
  },
  {
    name: 'presigned, as by default',
    service: 's3',
    method: 'get_object',
    args: { Bucket, Key: 'a key/ä+%' },
    presigned: true,
    config: PATH,
  },
]

/** Answers to HEAD have no body: the status is all that arrives. */
export const HEADS: readonly BotoCall[] = [
  {
    name: 'head of no object',
    service: 's3',
    method: 'head_object',
    args: { Bucket, Key: 'k' },
    config: PATH,
  },
  {
    name: 'head of a bucket, wrong secret',
    service: 's3',
    method: 'head_bucket',
    args: { Bucket },
    config: PATH,
    secret: 'wrong',
  },
]
