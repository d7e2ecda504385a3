import { kmsErrors } from '#services/kms/errors.ts'
import type { Key } from '#services/kms/keys/key-record.ts'

/** Only symmetric keys whose material is KMS's own rotate by themselves. */
export const isRotatable = ({ spec, origin }: Pick<Key, 'spec' | 'origin'>): boolean =>
  spec === 'SYMMETRIC_DEFAULT' && origin === 'AWS_KMS'

/** @throws AwsError UnsupportedOperationException */
export function requireRotatable(key: Pick<Key, 'spec' | 'origin' | 'arn'>): void {
  if (!isRotatable(key))
    throw kmsErrors.unsupported(
      `${key.arn} cannot rotate automatically: that is for symmetric encryption keys with key material of KMS.`,
    )
}
