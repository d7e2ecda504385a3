import { AwsError } from '#kernel/errors.ts'

const error =
  (code: string) =>
  (message: string): AwsError =>
    new AwsError(code, 400, message)

const combination = error('InvalidParameterCombinationException')
const logGroup = error('InvalidCloudWatchLogsLogGroupArnException')
const logRole = error('InvalidCloudWatchLogsRoleArnException')

export const cloudtrailErrors = {
  invalidTimeRange: (): AwsError =>
    new AwsError('InvalidTimeRangeException', 400, 'The start time is after the end time.'),
  invalidLookupAttributes: error('InvalidLookupAttributesException'),
  invalidNextToken: (): AwsError =>
    error('InvalidNextTokenException')(
      'The token is invalid, or it was given with other parameters than those of the first call.',
    ),
  /** What ListTrails, ListTags and ListPublicKeys say of the same. */
  invalidToken: (): AwsError =>
    error('InvalidTokenException')(
      'The token is invalid, or it was given with other parameters than those of the first call.',
    ),

  invalidTrailName: error('InvalidTrailNameException'),
  invalidArn: (arn: string): AwsError => error('CloudTrailARNInvalidException')(`Invalid trail ARN: ${arn}`),
  trailNotFound: (name: string, account: string): AwsError =>
    error('TrailNotFoundException')(`Unknown trail: ${name} for the user: ${account}`),
  resourceNotFound: (arn: string): AwsError =>
    error('ResourceNotFoundException')(`The resource ${arn} does not exist.`),
  resourceType: (arn: string): AwsError =>
    error('ResourceTypeNotSupportedException')(`${arn} is not the ARN of a trail; only trails can be tagged here.`),
  policyType: (arn: string): AwsError =>
    error('ResourceTypeNotSupportedException')(
      `${arn} cannot have a resource policy; event data stores, dashboards and channels can.`,
    ),
  resourceArn: (arn: string): AwsError =>
    error('ResourceARNNotValidException')(`${arn} is not the ARN of an event data store, a dashboard or a channel.`),
  resourcePolicy: error('ResourcePolicyNotValidException'),
  storeArn: (arn: string): AwsError =>
    error('EventDataStoreARNInvalidException')(`${arn} is not the ARN of an event data store, or the id in one.`),
  storeNotFound: (arn: string): AwsError =>
    error('EventDataStoreNotFoundException')(`The event data store ${arn} does not exist.`),
  trailExists: (name: string, account: string): AwsError =>
    error('TrailAlreadyExistsException')(`Trail ${name} already exists for customer: ${account}`),
  tooManyTrails: (account: string, count: number, region: string): AwsError =>
    error('MaximumNumberOfTrailsExceededException')(
      `User: ${account} already has ${String(count)} trails in ${region}.`,
    ),
  homeRegion: (arn: string, home: string): AwsError =>
    error('InvalidHomeRegionException')(`The trail ${arn} can be changed from its home region only, which is ${home}.`),
  conflict: (): AwsError => error('ConflictException')('The trail is being changed by other requests. Try again.'),
  throttling: error('ThrottlingException'),

  globalEvents: (): AwsError => combination('Multi-Region trail must include global service events.'),
  combination,
  parameter: error('InvalidParameterException'),
  noOrganization: (): AwsError =>
    error('OrganizationsNotInUseException')('Your account is not a member of an organization.'),

  bucketName: error('InvalidS3BucketNameException'),
  prefix: error('InvalidS3PrefixException'),
  noBucket: (bucket: string): AwsError => error('S3BucketDoesNotExistException')(`S3 bucket ${bucket} does not exist!`),
  bucketPolicy: (bucket: string): AwsError =>
    error('InsufficientS3BucketPolicyException')(`Incorrect S3 bucket policy is detected for bucket: ${bucket}`),

  topicName: (name: string): AwsError =>
    error('InvalidSnsTopicNameException')(`SNS topic name is invalid: ${name.slice(0, 300)}`),
  topicPolicy: (): AwsError =>
    error('InsufficientSnsTopicPolicyException')('SNS Topic does not exist or the topic policy is incorrect!'),

  roleMissing: (): AwsError => logRole('You must specify a role ARN as well as a log group.'),
  groupMissing: (): AwsError => logGroup('You must specify a log group ARN as well as a role.'),
  groupArn: (): AwsError => logGroup('CloudTrail cannot validate the specified log group ARN.'),
  roleArn: (): AwsError => logRole('CloudTrail cannot validate the specified role ARN.'),
  roleTrust: (): AwsError => logRole('Access denied. Check the trust relationships for your role.'),
  rolePermissions: (): AwsError => logGroup('Access denied. Check the permissions for your role.'),
  logsUnavailable: (): AwsError =>
    error('CloudWatchLogsDeliveryUnavailableException')(
      'Events cannot be delivered to CloudWatch Logs now. Try again later.',
    ),

  keyNotFound: (key: string): AwsError => error('KmsKeyNotFoundException')(`The KMS key ${key} does not exist.`),
  keyId: (key: string): AwsError => error('InvalidKmsKeyIdException')(`${key} is not the id of a KMS key.`),
  keyState: (key: string): AwsError =>
    error('KmsKeyDisabledException')(`The KMS key ${key} is disabled, or is not a symmetric encryption key.`),
  keyFailed: error('KmsException'),
  keyPolicy: (bucket: string, key: string): AwsError =>
    error('InsufficientEncryptionPolicyException')(
      `Insufficient permissions to access S3 bucket ${bucket} or KMS key ${key}.`,
    ),

  selectors: error('InvalidEventSelectorsException'),
  insights: error('InvalidInsightSelectorsException'),
  noInsights: (arn: string): AwsError =>
    new AwsError('InsightNotEnabledException', 400, `Insights are not enabled on the trail ${arn}.`),
  tag: error('InvalidTagParameterException'),
  tooManyTags: (count: number): AwsError =>
    error('TagsLimitExceededException')(`A trail can have at most ${String(count)} tags.`),
  /** What AWS has and this version has not; see docs/coverage.md. */
  notBuilt: (what: string): AwsError =>
    new AwsError('NotImplemented', 501, `${what} is not built in this version of Sluice.`),
} as const
