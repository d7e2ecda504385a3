import { AwsError } from '#kernel/errors.ts'

const notFound = (message: string): AwsError => new AwsError('ResourceNotFoundException', 400, message)
const invalidParameter = (message: string): AwsError => new AwsError('InvalidParameterException', 400, message)
const validation = (message: string): AwsError => new AwsError('ValidationException', 400, message)

/** Everything CloudWatch Logs says no with. Texts without a comment are AWS's own, recorded on the real service. */
export const logsErrors = {
  groupNotFound: (): AwsError => notFound('The specified log group does not exist.'),
  streamNotFound: (): AwsError => notFound('The specified log stream does not exist.'),
  /** An emulator's words: AWS's are not known. */
  metricFilterNotFound: (): AwsError => notFound('The specified metric filter does not exist.'),
  subscriptionFilterNotFound: (): AwsError => notFound('The specified subscription filter does not exist.'),
  /** In the style of the others: AWS's words are not known. */
  destinationNotFound: (): AwsError => notFound('The specified destination does not exist.'),
  /** AWS's words for deliveries; of destinations they are not known. */
  tagsOfExisting: (): AwsError =>
    invalidParameter('Tags can only be provided when a resource is being created, not updated.'),
  foreignLambda: (): AwsError =>
    new AwsError(
      'AccessDeniedException',
      400,
      'Cross-account lambda invocation passing is not allowed. You must use DestinationPolicies to create cross account lambda triggers.',
    ),
  keyNotAllowed: (group: string): AwsError =>
    new AwsError(
      'AccessDeniedException',
      400,
      `The specified KMS key does not exist or is not allowed to be used with Arn '${group}'`,
    ),
  /** In the style of the others: AWS's words are not known. */
  keyUnusable: (group: string, reason: string): AwsError =>
    new AwsError('AccessDeniedException', 400, `The KMS key of the events of '${group}' cannot be used: ${reason}`),
  /** In the style of the others: AWS's words are not known. */
  queryDefinitionNotFound: (): AwsError => notFound('The specified query definition does not exist.'),
  noBucket: (): AwsError => invalidParameter('The given bucket does not exist. Please make sure the bucket is valid.'),
  /** In the style of the others: AWS's words are not known. */
  bucketNotWritable: (): AwsError =>
    invalidParameter(
      'The given bucket cannot be written. Please make sure that its policy lets CloudWatch Logs read its ACL and put objects.',
    ),
  exportTaskNotFound: (): AwsError => notFound('The specified export task does not exist.'),
  exportTaskFinished: (): AwsError =>
    new AwsError('InvalidOperationException', 400, 'The specified export task has already finished'),
  noDimensions: (): AwsError => invalidParameter('The specified filter pattern does not support dimensions'),
  policyNotFound: (name: string): AwsError => notFound(`Policy with name [${name}] does not exist.`),
  groupExists: (): AwsError =>
    new AwsError('ResourceAlreadyExistsException', 400, 'The specified log group already exists'),
  streamExists: (): AwsError =>
    new AwsError('ResourceAlreadyExistsException', 400, 'The specified log stream already exists'),
  /** Clients retry on the words "try again". */
  conflict: (): AwsError =>
    new AwsError(
      'OperationAbortedException',
      400,
      'A conflicting operation is currently in progress against this resource. Please try again.',
    ),
  limitExceeded: (): AwsError => new AwsError('LimitExceededException', 400, 'Resource limit exceeded.'),
  throttled: (): AwsError => new AwsError('ThrottlingException', 400, 'Rate exceeded'),
  invalidToken: (): AwsError => invalidParameter('The specified nextToken is invalid.'),
  invalidParameter,
  /** AWS's form for a member that breaks a rule of the model. */
  constraint: (member: string, rule: string): AwsError =>
    invalidParameter(`1 validation error detected: Value at '${member}' failed to satisfy constraint: ${rule}`),
  missing: (member: string): AwsError =>
    invalidParameter(
      `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
    ),
  reservedGroupName: (): AwsError => invalidParameter('Log groups starting with AWS/ are reserved for AWS.'),
  nameTooLong: (): AwsError =>
    invalidParameter('Invalid LogGroup or LogStream, both must have length less than or equal to 512.'),
  prefixAndPattern: (): AwsError =>
    invalidParameter('LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.'),
  /** DescribeLogStreams answers this one as a ValidationException; the others follow it. */
  nameAndIdentifier: (): AwsError => validation('LogGroup name and LogGroup ARN are mutually exclusive parameters.'),
  deletionProtected: (): AwsError =>
    validation('Cannot delete log group with deletion protection enabled. Disable deletion protection first.'),
  /** The protection "blocks all deletion operations"; AWS's words for a stream are not known. */
  streamProtected: (): AwsError =>
    validation(
      'Cannot delete log stream of log group with deletion protection enabled. Disable deletion protection first.',
    ),
  notChronological: (): AwsError =>
    invalidParameter('Log events in a single PutLogEvents request must be in chronological order.'),
  spanTooLong: (): AwsError =>
    invalidParameter('The batch of log events in a single PutLogEvents request cannot span more than 24 hours.'),
  /** The wording is of the time when the limit was 262144. */
  eventTooLarge: (bytes: number, most: number): AwsError =>
    invalidParameter(`Log event too large: ${String(bytes)} bytes exceeds limit of ${String(most)}`),
  /** Sluice's words: AWS's are not known. */
  batchTooLarge: (bytes: number, most: number): AwsError =>
    invalidParameter(`Upload too large: ${String(bytes)} bytes exceeds limit of ${String(most)}`),
  policyTooLong: (most: number): AwsError =>
    invalidParameter(`Policy document length breaking Cloudwatch Logs Constraints, either < 1 or > ${String(most)}`),
  /** AWS says the first sentence only. */
  invalidPolicy: (reason: string): AwsError =>
    invalidParameter(`Could not convert to persistable policy. Reason: ${reason}`),
  /** The member is modelled; the wording is Sluice's. */
  tooManyTags: (resource: string, most: number): AwsError =>
    new AwsError('TooManyTagsException', 400, `A resource can have at most ${String(most)} tags.`, {
      resourceName: resource,
    }),
} as const
