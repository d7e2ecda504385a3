import { AwsError } from '#kernel/errors.ts'
import { MAX_ACCESS_KEYS, MAX_POLICY_VERSIONS } from '#services/iam/limits.ts'

const noSuchEntity = (message: string): AwsError => new AwsError('NoSuchEntity', 404, message)
const exists = (message: string): AwsError => new AwsError('EntityAlreadyExists', 409, message)
const limitExceeded = (message: string): AwsError => new AwsError('LimitExceeded', 409, message)
const deleteConflict = (message: string): AwsError => new AwsError('DeleteConflict', 409, message)
const invalid = (message: string): AwsError => new AwsError('ValidationError', 400, message)
const invalidInput = (message: string): AwsError => new AwsError('InvalidInput', 400, message)

/** Users, groups and roles, as messages name them. */
export type Noun = 'user' | 'group' | 'role'

/** What IAM says, in AWS's words. */
export const iamErrors = {
  notFound: (noun: Noun, name: string): AwsError => noSuchEntity(`The ${noun} with name ${name} cannot be found.`),
  inlinePolicyNotFound: (noun: Noun, policyName: string): AwsError =>
    noSuchEntity(`The ${noun} policy with name ${policyName} cannot be found.`),
  instanceProfileNotFound: (name: string): AwsError => noSuchEntity(`Instance Profile ${name} cannot be found.`),
  accessKeyNotFound: (id: string): AwsError => noSuchEntity(`The Access Key with id ${id} cannot be found.`),
  policyNotFound: (arn: string): AwsError => noSuchEntity(`Policy ${arn} was not found.`),
  policyNotAttachable: (arn: string): AwsError => noSuchEntity(`Policy ${arn} does not exist or is not attachable.`),
  policyVersionNotFound: (arn: string, version: string): AwsError =>
    noSuchEntity(`Policy ${arn} version ${version} does not exist or is not attachable.`),
  boundaryNotFound: (arn: string): AwsError => noSuchEntity(`Scope ARN: ${arn} does not exist or is not attachable.`),
  aliasNotFound: (alias: string): AwsError => noSuchEntity(`The account alias ${alias} cannot be found.`),
  passwordPolicyNotFound: (account: string): AwsError =>
    noSuchEntity(`The Password Policy with domain name ${account} cannot be found.`),
  userNotInGroup: (userName: string, groupName: string): AwsError =>
    noSuchEntity(`User ${userName} is not in group ${groupName}.`),
  roleNotInProfile: (roleName: string, profileName: string): AwsError =>
    noSuchEntity(`Role ${roleName} in Instance Profile ${profileName} cannot be found.`),
  noBoundary: (noun: Noun, name: string): AwsError =>
    noSuchEntity(`${noun === 'role' ? 'Role' : 'User'} ${name} does not have a permissions boundary.`),

  entityExists: (noun: Noun, name: string): AwsError =>
    exists(`${noun.charAt(0).toUpperCase()}${noun.slice(1)} with name ${name} already exists.`),
  instanceProfileExists: (name: string): AwsError => exists(`Instance Profile ${name} already exists.`),
  policyExists: (name: string): AwsError =>
    exists(`A policy called ${name} already exists. Duplicate names are not allowed.`),
  aliasExists: (alias: string): AwsError => exists(`The account alias ${alias} already exists.`),

  mustFirst: (what: string): AwsError => deleteConflict(`Cannot delete entity, must ${what} first.`),
  policyAttached: (): AwsError => deleteConflict('Cannot delete a policy attached to entities.'),
  policyHasVersions: (): AwsError =>
    deleteConflict(
      "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
    ),
  defaultVersion: (): AwsError => deleteConflict('Cannot delete the default version of a policy.'),

  quotaExceeded: (quota: string, most: number): AwsError =>
    limitExceeded(`Cannot exceed quota for ${quota}: ${String(most)}`),
  tooManyAccessKeys: (): AwsError => iamErrors.quotaExceeded('AccessKeysPerUser', MAX_ACCESS_KEYS),
  policiesTooLong: (noun: Noun, name: string, most: number): AwsError =>
    limitExceeded(`Maximum policy size of ${String(most)} bytes exceeded for ${noun} ${name}`),
  tooManyVersions: (): AwsError =>
    limitExceeded(
      `A managed policy can have up to ${String(MAX_POLICY_VERSIONS)} versions. Before you create a new version, you must delete an existing version.`,
    ),
  tooManyTags: (): AwsError => limitExceeded('The number of tags has reached the maximum limit.'),

  malformedPolicy: (message: string): AwsError => new AwsError('MalformedPolicyDocument', 400, message),
  unknownPrincipal: (name: string): AwsError =>
    iamErrors.malformedPolicy(`Invalid principal in policy: "AWS":"${name}"`),
  policyCharacters: (): AwsError =>
    invalid('The specified value for policyDocument is invalid. It must contain only printable ASCII characters.'),
  badName: (member: string): AwsError =>
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
  badKeyStatus: (status: string): AwsError =>
    invalid(`The status ${status} cannot be set. Specify Active or Inactive.`),
  badAlias: (): AwsError =>
    invalid(
      'The specified value for accountAlias is invalid. It must contain only digits, lowercase letters, and hyphens. It cannot start or end with a hyphen, have two hyphens in a row, or have fewer than 3 or more than 63 characters.',
    ),
  badArn: (arn: string): AwsError => invalidInput(`ARN ${arn} is not valid.`),
  reservedPath: (prefix: string): AwsError =>
    invalid(`The specified value for path is invalid. Paths that begin with ${prefix} are reserved for AWS.`),

  duplicateTags: (): AwsError =>
    invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.'),
  reservedTag: (): AwsError => invalidInput('aws: prefixed tag key names are not allowed for external use.'),
  serviceRolePolicy: (): AwsError =>
    new AwsError('PolicyNotAttachable', 400, 'Cannot attach a Service Role Policy to a Customer Role.'),
  unmodifiable: (roleName: string): AwsError =>
    new AwsError(
      'UnmodifiableEntity',
      400,
      `Cannot perform the operation on the protected role '${roleName}' - this role is only modifiable by AWS`,
    ),
  serviceRoleTaken: (roleName: string): AwsError =>
    invalidInput(`Service role name ${roleName} has been taken in this account, please try a different suffix.`),
  unknownService: (service: string): AwsError =>
    invalidInput(`${service} has no service-linked role in this version of Sluice.`),
  noSuffix: (service: string): AwsError => invalidInput(`Custom suffix is not allowed for ${service}`),
  notServiceLinked: (roleName: string): AwsError =>
    noSuchEntity(`The role with name ${roleName} is not a service-linked role.`),
  taskNotFound: (taskId: string): AwsError => noSuchEntity(`Deletion task ${taskId} was not found.`),

  badEntityArn: (arn: string): AwsError =>
    invalidInput(`Invalid Entity Arn: ${arn} does not clearly define entity type and name.`),
  badAction: (action: string): AwsError =>
    invalidInput(`Invalid action ${action}: an action is a service and the name of an operation, without wildcards.`),
  badContextEntry: (key: string, why: string): AwsError => invalidInput(`Invalid context entry ${key}: ${why}.`),
  badExclusion: (what: string): AwsError => invalidInput(`Invalid policy identifier: ${what}.`),
  badPolicyInput: (message: string): AwsError => invalidInput(message),
  callerNeeded: (): AwsError =>
    invalidInput('A CallerArn that is the ARN of a user or role is needed with a ResourcePolicy.'),

  reportMissing: (): AwsError =>
    new AwsError('ReportNotPresent', 410, 'No report was found. Use GenerateCredentialReport to create one.'),
  reportExpired: (): AwsError =>
    new AwsError('ReportExpired', 410, 'The report has expired. Use GenerateCredentialReport to create a new one.'),
  jobNotFound: (jobId: string): AwsError => noSuchEntity(`Job ${jobId} was not found.`),

  loginNotFound: (userName: string): AwsError => noSuchEntity(`Login Profile for User ${userName} cannot be found.`),
  loginExists: (userName: string): AwsError => exists(`Login Profile for user ${userName} already exists.`),
  passwordViolation: (what: string): AwsError =>
    new AwsError('PasswordPolicyViolation', 400, `Password does not conform to the account password policy: ${what}`),
  passwordNeeded: (): AwsError => invalid('Specify a Password.'),
  wrongPassword: (): AwsError => new AwsError('AccessDenied', 403, 'The old password was incorrect.'),
  onlyUsers: (): AwsError => new AwsError('InvalidUserType', 400, 'Only IAM Users can change their own password'),

  deviceNotFound: (serial: string): AwsError =>
    noSuchEntity(`VirtualMFADevice with serial number ${serial} doesn't exist.`),
  deviceExists: (serial: string): AwsError =>
    exists(`MFADevice entity at the same path and name already exists: ${serial}`),
  deviceInUse: (): AwsError => deleteConflict('MFA VirtualDevice in use. Must deactivate first.'),
  deviceTaken: (): AwsError => exists('MFA Device is already in use.'),
  badCodes: (): AwsError =>
    new AwsError('InvalidAuthenticationCode', 403, 'Authentication code for device is not valid'),

  oidcNotFound: (arn: string): AwsError => noSuchEntity(`OpenIDConnect Provider not found for arn ${arn}`),
  samlNotFound: (arn: string): AwsError => noSuchEntity(`Manifest not found for arn ${arn}`),
  samlExists: (name: string): AwsError => exists(`SAML provider with name ${name} already exists.`),
  badSamlMetadata: (why: string): AwsError => invalidInput(`Could not parse metadata: ${why}.`),
  oidcExists: (url: string): AwsError => exists(`Provider with url ${url} already exists.`),
  badUrl: (): AwsError => invalid('Invalid Open ID Connect Provider URL'),
  badThumbprint: (): AwsError => invalid('A thumbprint has 40 hexadecimal digits.'),

  certificateNotFound: (id: string): AwsError => noSuchEntity(`The Certificate with id ${id} cannot be found.`),
  serverCertificateNotFound: (name: string): AwsError =>
    noSuchEntity(`The Server Certificate with name ${name} cannot be found.`),
  serverCertificateExists: (name: string): AwsError =>
    exists(`The Server Certificate with name ${name} already exists.`),
  malformedCertificate: (): AwsError =>
    new AwsError(
      'MalformedCertificate',
      400,
      'Unable to parse certificate. Please ensure the certificate is in PEM format.',
    ),
  expiredCertificate: (): AwsError => new AwsError('MalformedCertificate', 400, 'The certificate has expired.'),
  malformedPrivateKey: (): AwsError =>
    new AwsError(
      'MalformedCertificate',
      400,
      'Unable to parse private key. Please ensure the private key is in PEM format and has no password.',
    ),
  brokenChain: (index: number): AwsError =>
    new AwsError(
      'MalformedCertificate',
      400,
      `Unable to validate certificate chain. The certificate chain must start with the immediate signing certificate, followed by any intermediaries in order. The index within the chain of the invalid certificate is: ${String(index)}`,
    ),
  keyPairMismatch: (): AwsError =>
    new AwsError('KeyPairMismatch', 400, 'The public key certificate and the private key do not match.'),
  duplicateCertificate: (): AwsError =>
    new AwsError('DuplicateCertificate', 409, 'The same certificate is associated with an IAM user in the account.'),
  sshKeyNotFound: (id: string): AwsError => noSuchEntity(`The SSH public key with id ${id} cannot be found.`),
  invalidSshKey: (): AwsError =>
    new AwsError('InvalidPublicKey', 400, 'The public key is not a valid RSA key of 2048 bits or more.'),
  sshKeyEncoding: (): AwsError =>
    new AwsError(
      'UnrecognizedPublicKeyEncoding',
      400,
      'The public key is neither in ssh-rsa format nor in PEM format.',
    ),
  duplicateSshKey: (): AwsError =>
    new AwsError('DuplicateSSHPublicKey', 400, 'The SSH public key is already associated with the user.'),

  foreignPolicy: (): AwsError => new AwsError('AccessDenied', 403, 'Policy is outside your own account.'),

  /** Many callers changed one thing at once, and this one lost every time. */
  concurrentModification: (): AwsError =>
    new AwsError(
      'ConcurrentModification',
      409,
      'The request was rejected because multiple requests to change this object were submitted simultaneously. Wait a few minutes and submit your request again.',
    ),
} as const
