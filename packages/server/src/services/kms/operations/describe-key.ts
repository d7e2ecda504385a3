import type { KmsParts } from '#services/kms/deps.ts'
import { keyMetadata } from '#services/kms/keys/metadata.ts'
import type { KmsHandler } from '#services/kms/types.ts'

/** Everything about a key but its material. Describing `alias/aws/<service>` makes that key when it is not there. */
export const describeKey =
  ({ targets }: KmsParts): KmsHandler<'DescribeKey'> =>
  async (input, ctx) => ({ KeyMetadata: keyMetadata((await targets.of(input, input.KeyId, ctx, 'DescribeKey')).key) })
