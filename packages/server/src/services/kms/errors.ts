import { AwsError } from '#kernel/errors.ts'

const error =
  (code: string, status = 400) =>
  (message: string): AwsError =>
    new AwsError(code, status, message)

const notFound = error('NotFoundException')
const validation = error('ValidationException')
const invalidState = error('KMSInvalidStateException')
const keyUsage = error('InvalidKeyUsageException')
const limit = error('LimitExceededException')
const denied = error('AccessDeniedException')
const unsupported = error('UnsupportedOperationException')
const malformedPolicy = error('MalformedPolicyDocumentException')

/** What callers of another account are told, whether the key is there or not. */
export const hiddenKeyText = (who: string, action: string, arn: string): string =>
  `User: ${who} is not authorized to perform: ${action} on resource: ${arn} because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access`

/** The same for a ciphertext's key. */
export const HIDDEN_CIPHERTEXT_KEY =
  'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.'

/** Everything KMS says no with, in AWS's words where AWS has any. */
export const kmsErrors = {
  keyNotFound: (arn: string): AwsError => notFound(`Key '${arn}' does not exist`),
  aliasNotFound: (arn: string): AwsError => notFound(`Alias ${arn} is not found.`),
  invalidKeyId: (id: string): AwsError => notFound(`Invalid keyId '${id.slice(0, 200)}'`),
  otherRegion: (region: string): AwsError => notFound(`Invalid arn ${region}`),
  policyNotFound: (): AwsError => notFound('No such policy exists'),
  grantNotFound: (grantId: string): AwsError => notFound(`Grant ${grantId} does not exist`),
  invalidArn: (arn: string): AwsError =>
    new AwsError('InvalidArnException', 400, `Invalid arn: ${arn.slice(0, 200)} does not name a KMS key or alias`),
  invalidPrincipal: (principal: string): AwsError =>
    new AwsError('InvalidArnException', 400, `ARN '${principal.slice(0, 256)}' is not a valid principal`),
  hiddenKey: (who: string, action: string, arn: string): AwsError => denied(hiddenKeyText(who, action, arn)),
  hiddenCiphertextKey: (): AwsError => denied(HIDDEN_CIPHERTEXT_KEY),

  disabled: (arn: string): AwsError => new AwsError('DisabledException', 400, `${arn} is disabled.`),
  pendingDeletion: (arn: string): AwsError => invalidState(`${arn} is pending deletion.`),
  pendingImport: (arn: string): AwsError => invalidState(`${arn} is pending import.`),
  notPendingDeletion: (arn: string): AwsError => invalidState(`${arn} is not pending deletion.`),
  rotationPending: (arn: string): AwsError => invalidState(`${arn} has no new key material to rotate to.`),
  wrongUsage: (arn: string, usage: string, operation: string): AwsError =>
    keyUsage(`${arn} key usage is ${usage} which is not valid for ${operation}.`),
  wrongAlgorithm: (algorithm: string, spec: string): AwsError =>
    keyUsage(`Algorithm ${algorithm} and key spec ${spec} are incompatible.`),
  contextNotTaken: (spec: string): AwsError =>
    validation(`EncryptionContext is not supported for key spec ${spec}, which is asymmetric.`),

  incorrectKey: (): AwsError =>
    new AwsError(
      'IncorrectKeyException',
      400,
      'The key ID in the request does not identify a CMK that can perform this operation.',
    ),
  /** AWS gives no reason. */
  invalidCiphertext: (): AwsError =>
    new AwsError(
      'InvalidCiphertextException',
      400,
      'The ciphertext cannot be decrypted: it was changed or cut, or the encryption context is not the one it was made with.',
    ),
  invalidSignature: (): AwsError =>
    new AwsError(
      'KMSInvalidSignatureException',
      400,
      'The signature is not valid for this message, key and algorithm.',
    ),
  invalidMac: (): AwsError =>
    new AwsError('KMSInvalidMacException', 400, 'The HMAC is not valid for this message, key and algorithm.'),
  plaintextTooLong: (algorithm: string, spec: string, most: number): AwsError =>
    validation(`Algorithm ${algorithm} and key spec ${spec} cannot encrypt data larger than ${String(most)} bytes.`),
  digestLength: (algorithm: string): AwsError => validation(`Digest is invalid length for algorithm ${algorithm}.`),
  messageTooLong: (): AwsError =>
    validation(
      "1 validation error detected: Value at 'message' failed to satisfy constraint: Member must have length less than or equal to 4096",
    ),
  missing: (member: string): AwsError =>
    validation(
      `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
    ),
  constraint: (member: string, value: string, rule: string): AwsError =>
    validation(`1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${rule}`),
  validation,
  unsupported,
  publicKey: (): AwsError => validation('The public key is not a valid key of the same curve.'),

  aliasExists: (arn: string): AwsError =>
    new AwsError('AlreadyExistsException', 400, `An alias with the name ${arn} already exists`),
  aliasName: (): AwsError => validation('Alias must start with the prefix "alias/". Please see the documentation.'),
  aliasInvalid: (name: string): AwsError =>
    new AwsError('InvalidAliasNameException', 400, `Alias ${name.slice(0, 256)} is not a valid alias name`),

  limit,
  tag: (message: string): AwsError => new AwsError('TagException', 400, message),
  malformedPolicy,
  lockout: (): AwsError =>
    malformedPolicy('The new key policy will not allow you to update the key policy in the future.'),
  grantToken: (): AwsError => new AwsError('InvalidGrantTokenException', 400, 'The grant token is not valid.'),
  grantId: (): AwsError => new AwsError('InvalidGrantIdException', 400, 'The grant id is not valid.'),
  marker: (): AwsError =>
    new AwsError(
      'InvalidMarkerException',
      400,
      'The marker is not valid: it must be the NextMarker of the page before, unchanged and not older than a day.',
    ),
  dryRun: (): AwsError =>
    new AwsError('DryRunOperationException', 412, 'The request would have succeeded, but the DryRun option is set.'),

  importToken: (): AwsError =>
    new AwsError('InvalidImportTokenException', 400, 'The import token is not of this key, or was changed.'),
  importTokenExpired: (): AwsError =>
    new AwsError('ExpiredImportTokenException', 400, 'The import token has expired. Get a new one.'),
  importCiphertext: (): AwsError =>
    new AwsError(
      'InvalidCiphertextException',
      400,
      'The encrypted key material cannot be unwrapped with the key and algorithm of this import token.',
    ),
  wrongMaterial: (): AwsError =>
    new AwsError(
      'IncorrectKeyMaterialException',
      400,
      'The key material is not what this key needs: its form and length must fit the key spec, and material imported again must be the same.',
    ),
  /** The material is there, but this platform cannot open it. */
  keyUnavailable: (cause: unknown): AwsError =>
    new AwsError(
      'KeyUnavailableException',
      500,
      'The key material cannot be opened; it was sealed under another root key, or its record was changed.',
      {},
      cause,
    ),
  /** Many callers changed one thing at once, and this one lost every time. */
  conflict: (): AwsError =>
    new AwsError('ConflictException', 400, 'The key is being changed by other requests. Try again.'),
  /** What AWS has and this version has not; see docs/coverage.md. */
  notBuilt: (what: string): AwsError =>
    new AwsError('NotImplemented', 501, `${what} is not built in this version of Sluice.`),
} as const
