import { AwsError } from '#kernel/errors.ts'

const invalid = (message: string): AwsError => new AwsError('ValidationError', 400, message)
const invalidValue = (message: string): AwsError => new AwsError('InvalidParameterValue', 400, message)
const invalidToken = (message: string): AwsError => new AwsError('InvalidIdentityToken', 400, message)
const accessDenied = (message: string): AwsError => new AwsError('AccessDenied', 403, message)

/** What STS says, in AWS's words. */
export const stsErrors = {
  badArn: (arn: string): AwsError => invalid(`${arn} is invalid`),
  durationOverRole: (): AwsError =>
    invalid('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.'),
  durationOverChain: (): AwsError =>
    invalid('The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.'),
  durationTooLong: (most: number): AwsError =>
    invalid(
      `1 validation error detected: Value at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to ${String(most)}`,
    ),
  tooManyPolicies: (): AwsError =>
    invalid(
      "1 validation error detected: Value at 'policyArns' failed to satisfy constraint: Member must have length less than or equal to 10",
    ),
  noSuchPolicy: (arn: string): AwsError => invalid(`The policy ${arn} does not exist or is not attachable.`),
  badPolicyArn: (): AwsError => invalid('Each of PolicyArns must have the ARN of a managed policy as its arn.'),
  malformedPolicy: (message: string): AwsError => new AwsError('MalformedPolicyDocument', 400, message),
  packedTooLarge: (percent: number): AwsError =>
    new AwsError(
      'PackedPolicyTooLarge',
      400,
      `Packed policy consumes ${String(percent)}% of allotted space, please use smaller policy.`,
    ),

  duplicateTags: (): AwsError =>
    invalidValue('Duplicate tag keys found. Please note that Tag keys are case insensitive.'),
  reservedTag: (): AwsError => invalidValue('aws: prefixed tag key names are not allowed for external use.'),
  transitiveConflict: (): AwsError =>
    invalidValue(
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    ),
  transitiveMissing: (): AwsError =>
    invalidValue('The specified transitive tag key must be included in the requested tags.'),

  rootAssumes: (): AwsError => accessDenied('Roles may not be assumed by root accounts.'),
  sessionCalls: (operation: string): AwsError => accessDenied(`Cannot call ${operation} with session credentials`),
  sourceIdentityChanged: (): AwsError =>
    accessDenied('The source identity of a session cannot be changed once it has been set.'),
  mfaFailed: (): AwsError => accessDenied('MultiFactorAuthentication failed with invalid MFA one time pass code. '),

  notAToken: (): AwsError =>
    invalidToken('The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)'),
  noProvider: (issuer: string): AwsError =>
    invalidToken(`No OpenIDConnect provider found in your account for ${issuer}`),
  wrongAudience: (): AwsError => invalidToken('Incorrect token audience'),
  tokenTooEarly: (): AwsError => invalidToken('The web identity token is not valid yet'),
  tokenExpired: (now: number, end: number): AwsError =>
    new AwsError(
      'ExpiredTokenException',
      400,
      `Token expired: current date/time ${String(now)} must be before the expiration date/time ${String(end)}`,
    ),
  noVerificationKey: (): AwsError =>
    invalidToken(
      "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation for requirements",
    ),
  providerUnreachable: (why: string): AwsError =>
    new AwsError('IDPCommunicationError', 400, `The identity provider could not be asked for its keys: ${why}`),

  noSamlProvider: (): AwsError => invalidToken("Specified provider doesn't exist"),
  samlProviderEnded: (): AwsError => invalidToken('The metadata of the specified provider is not valid any more'),
  notSaml: (): AwsError => invalidToken('Invalid SAML response'),
  idpRejected: (): AwsError =>
    new AwsError('IDPRejectedClaim', 403, 'The identity provider reported that authentication failed'),
  samlSignature: (): AwsError => invalidToken('Response signature invalid'),
  samlIssuer: (): AwsError => invalidToken('Issuer not present in specified provider'),
  samlNotOffered: (): AwsError => accessDenied('Not authorized to perform sts:AssumeRoleWithSAML'),
  samlAudience: (): AwsError => invalidToken('Response does not contain the required audience.'),
  samlRecipient: (): AwsError => invalidToken('Response does not contain the required recipient.'),
  samlTooEarly: (): AwsError => invalidToken('The SAML response is not valid yet'),
  samlExpired: (): AwsError =>
    new AwsError('ExpiredTokenException', 400, 'Token must be redeemed within 5 minutes of issuance'),
  samlNoSessionName: (): AwsError => invalidToken('RoleSessionName is required in AuthnResponse'),
  samlBadSessionName: (): AwsError =>
    invalidToken('RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}'),
  samlBadSourceIdentity: (): AwsError =>
    invalidToken('Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"'),
  samlBadTags: (): AwsError => invalidToken('The session tags in the SAML response are invalid'),
  samlBadDuration: (): AwsError =>
    invalidToken('SessionDuration in AuthnResponse must be a number of seconds from 900 to 43200'),

  badMessage: (): AwsError =>
    new AwsError('InvalidAuthorizationMessageException', 400, 'The message that was passed could not be decoded.'),

  badAccessKeyId: (): AwsError => invalid('The specified value for accessKeyId is invalid.'),
} as const
