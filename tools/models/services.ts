/** The release of botocore whose models are used. A new one is a new pin here and a run of `node tools/models/main.ts`. */
export const BOTOCORE_VERSION = '1.43.67'

export interface ModelSource {
  /** Our name of the service: the key in `Apis` and the name of the generated files. */
  readonly id: string
  /** botocore's folder of the service. */
  readonly folder: string
  /** The API version, which is also botocore's folder below it. */
  readonly version: string
  /** Which operations are taken; left out: all of them. */
  readonly only?: readonly string[]
  /** Operations that are left out. */
  readonly without?: readonly string[]
}

/** What Terraform, scanners and consoles ask around brokers; the rest of EC2 is not this platform's business. */
const EC2_OPERATIONS = [
  'DescribeAccountAttributes',
  'DescribeAvailabilityZones',
  'DescribeInstanceTypeOfferings',
  'DescribeInstanceTypes',
  'DescribeInternetGateways',
  'DescribeManagedPrefixLists',
  'DescribeNatGateways',
  'DescribeNetworkAcls',
  'DescribeNetworkInterfaces',
  'DescribePrefixLists',
  'DescribeRegions',
  'DescribeRouteTables',
  'DescribeSecurityGroupRules',
  'DescribeSecurityGroups',
  'DescribeSubnets',
  'DescribeTags',
  'DescribeVpcAttribute',
  'DescribeVpcEndpoints',
  'DescribeVpcs',
]

/** Creating, describing and deleting a domain, with its tags: what a delivery to a search domain needs. */
const OPENSEARCH_OPERATIONS = [
  'AddTags',
  'CreateDomain',
  'DeleteDomain',
  'DescribeDomain',
  'DescribeDomainAutoTunes',
  'DescribeDomainChangeProgress',
  'DescribeDomainConfig',
  'DescribeDomainHealth',
  'DescribeDomainNodes',
  'DescribeDomains',
  'DescribeInstanceTypeLimits',
  'GetCompatibleVersions',
  'ListDomainNames',
  'ListTags',
  'ListVersions',
  'RemoveTags',
  'UpdateDomainConfig',
]
const ELASTICSEARCH_OPERATIONS = [
  'AddTags',
  'CreateElasticsearchDomain',
  'DeleteElasticsearchDomain',
  'DescribeDomainAutoTunes',
  'DescribeDomainChangeProgress',
  'DescribeElasticsearchDomain',
  'DescribeElasticsearchDomainConfig',
  'DescribeElasticsearchDomains',
  'DescribeElasticsearchInstanceTypeLimits',
  'GetCompatibleElasticsearchVersions',
  'ListDomainNames',
  'ListElasticsearchVersions',
  'ListTags',
  'RemoveTags',
  'UpdateElasticsearchDomainConfig',
]
/**
 * Four are older forms of an operation with the same method and path, which clients no longer send; directory buckets
 * (`s3express`) and object lambdas (`s3-object-lambda`) are other services behind the same model.
 */
const NOT_IN_S3 = [
  'GetBucketLifecycle',
  'GetBucketNotification',
  'PutBucketLifecycle',
  'PutBucketNotification',
  'ListDirectoryBuckets',
  'WriteGetObjectResponse',
]

/** The services whose models are generated; adding one is one line here. */
export const MODEL_SOURCES: readonly ModelSource[] = [
  { id: 'logs', folder: 'logs', version: '2014-03-28' },
  { id: 'mq', folder: 'mq', version: '2017-11-27' },
  { id: 'kafka', folder: 'kafka', version: '2018-11-14' },
  { id: 'cloudtrail', folder: 'cloudtrail', version: '2013-11-01' },
  { id: 'cloudwatch', folder: 'cloudwatch', version: '2010-08-01' },
  { id: 'iam', folder: 'iam', version: '2010-05-08' },
  { id: 'sts', folder: 'sts', version: '2011-06-15' },
  { id: 'kms', folder: 'kms', version: '2014-11-01' },
  { id: 's3', folder: 's3', version: '2006-03-01', without: NOT_IN_S3 },
  { id: 'firehose', folder: 'firehose', version: '2015-08-04' },
  { id: 'sns', folder: 'sns', version: '2010-03-31' },
  { id: 'events', folder: 'events', version: '2015-10-07' },
  { id: 'opensearch', folder: 'opensearch', version: '2021-01-01', only: OPENSEARCH_OPERATIONS },
  { id: 'es', folder: 'es', version: '2015-01-01', only: ELASTICSEARCH_OPERATIONS },
  { id: 'resourcegroupstaggingapi', folder: 'resourcegroupstaggingapi', version: '2017-01-26' },
  { id: 'secretsmanager', folder: 'secretsmanager', version: '2017-10-17' },
  { id: 'ec2', folder: 'ec2', version: '2016-11-15', only: EC2_OPERATIONS },
]
