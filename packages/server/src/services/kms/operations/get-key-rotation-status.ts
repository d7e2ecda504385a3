import type { KmsParts } from '#services/kms/deps.ts'
import type { KmsHandler } from '#services/kms/types.ts'

/** Keys that cannot rotate, and those that wait for their end, do not rotate: that is no error. */
export const getKeyRotationStatus =
  ({ targets }: KmsParts): KmsHandler<'GetKeyRotationStatus'> =>
  async (input, ctx) => {
    const { key } = await targets.of(input, input.KeyId, ctx, 'GetKeyRotationStatus')
    const rotation = key.state === 'PendingDeletion' ? undefined : key.rotation
    return {
      KeyId: key.keyId,
      KeyRotationEnabled: rotation !== undefined,
      ...(rotation === undefined ? {} : { RotationPeriodInDays: rotation.days, NextRotationDate: rotation.next }),
    }
  }
