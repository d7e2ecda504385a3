import type { Call } from '#kernel/call.ts'
import { AwsError } from '#kernel/errors.ts'
import { asTrail } from '#services/cloudtrail/destinations/acting-as.ts'
import type { Destination } from '#services/cloudtrail/destinations/check-bucket.ts'
import { cloudtrailErrors } from '#services/cloudtrail/errors.ts'

/**
 * The ARN of the key that the caller named, once CloudTrail may describe it and have data keys made under it for this trail.
 * @throws AwsError KmsKeyNotFoundException, KmsKeyDisabledException, InvalidKmsKeyIdException, InsufficientEncryptionPolicyException
 */
export async function checkKey(call: Call, trail: Destination, keyId: string): Promise<string> {
  const as = asTrail(trail)
  try {
    const { KeyMetadata } = await call(as, 'kms', 'DescribeKey', { KeyId: keyId })
    const { Arn: arn, Enabled: enabled, KeySpec: spec } = KeyMetadata ?? {}
    if (arn === undefined) throw cloudtrailErrors.keyFailed(`KMS does not describe the key ${keyId}.`)
    if (enabled !== true || spec !== 'SYMMETRIC_DEFAULT') throw cloudtrailErrors.keyState(arn)
    await call(as, 'kms', 'GenerateDataKey', {
      KeyId: arn,
      KeySpec: 'AES_256',
      EncryptionContext: { 'aws:cloudtrail:arn': trail.arn },
    })
    return arn
  } catch (error) {
    throw asKeyFault(error, trail, keyId)
  }
}

function asKeyFault(error: unknown, { bucket }: Destination, keyId: string): unknown {
  if (!(error instanceof AwsError)) return error
  switch (error.code) {
    case 'NotFoundException':
      return cloudtrailErrors.keyNotFound(keyId)
    case 'InvalidArnException':
    case 'ValidationException':
      return cloudtrailErrors.keyId(keyId)
    case 'AccessDeniedException':
      return cloudtrailErrors.keyPolicy(bucket, keyId)
    case 'DisabledException':
    case 'KMSInvalidStateException':
      return cloudtrailErrors.keyState(keyId)
    default:
      return error
  }
}
