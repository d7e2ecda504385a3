import { AwsError } from '#kernel/errors.ts'
import { MAX_ACCESS_KEYS, MAX_USERS, MAX_USER_POLICY_CHARS } from '#services/iam/limits.ts'

const noSuchEntity = (message: string): AwsError => new AwsError('NoSuchEntity', 404, message)
const limitExceeded = (message: string): AwsError => new AwsError('LimitExceeded', 409, message)
const deleteConflict = (message: string): AwsError => new AwsError('DeleteConflict', 409, message)
const invalid = (message: string): AwsError => new AwsError('ValidationError', 400, message)
const invalidInput = (message: string): AwsError => new AwsError('InvalidInput', 400, message)

/** What IAM says, in AWS's words. */
export const iamErrors = {
  userNotFound: (userName: string): AwsError => noSuchEntity(`The user with name ${userName} cannot be found.`),
  userPolicyNotFound: (policyName: string): AwsError =>
    noSuchEntity(`The user policy with name ${policyName} cannot be found.`),
  accessKeyNotFound: (id: string): AwsError => noSuchEntity(`The Access Key with id ${id} cannot be found.`),
  /** There are no managed policies, so no boundary can be attached. */
  boundaryNotFound: (arn: string): AwsError => noSuchEntity(`Scope ARN: ${arn} does not exist or is not attachable.`),

  userExists: (userName: string): AwsError =>
    new AwsError('EntityAlreadyExists', 409, `User with name ${userName} already exists.`),
  userHasPolicies: (): AwsError => deleteConflict('Cannot delete entity, must delete policies first.'),
  userHasAccessKeys: (): AwsError => deleteConflict('Cannot delete entity, must delete access keys first.'),

  tooManyUsers: (): AwsError => limitExceeded(`Cannot exceed quota for UsersPerAccount: ${String(MAX_USERS)}`),
  tooManyAccessKeys: (): AwsError =>
    limitExceeded(`Cannot exceed quota for AccessKeysPerUser: ${String(MAX_ACCESS_KEYS)}`),
  policiesTooLong: (userName: string): AwsError =>
    limitExceeded(`Maximum policy size of ${String(MAX_USER_POLICY_CHARS)} bytes exceeded for user ${userName}`),

  malformedPolicy: (message: string): AwsError => new AwsError('MalformedPolicyDocument', 400, message),
  policyCharacters: (): AwsError =>
    invalid('The specified value for policyDocument is invalid. It must contain only printable ASCII characters.'),
  badName: (member: 'userName' | 'policyName'): AwsError =>
    invalid(
      `The specified value for ${member} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
    ),
  badPath: (): AwsError =>
    invalid(
      'The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.',
    ),
  badPathPrefix: (): AwsError =>
    invalid(
      'The specified value for pathPrefix is invalid. It must begin with / and contain only alphanumeric characters and/or / characters.',
    ),
  badMarker: (): AwsError =>
    invalid(
      'The specified value for marker is invalid. It must be the Marker of the page before, unchanged and not older than a day.',
    ),
  userNameNeeded: (): AwsError => invalid('Must specify userName when calling with non-User credentials'),

  duplicateTags: (): AwsError =>
    invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.'),
  reservedTag: (): AwsError => invalidInput('aws: prefixed tag key names are not allowed for external use.'),

  /** Many callers changed one user at once, and this one lost every time. */
  concurrentModification: (): AwsError =>
    new AwsError(
      'ConcurrentModification',
      409,
      'The request was rejected because multiple requests to change this object were submitted simultaneously. Wait a few minutes and submit your request again.',
    ),
} as const
