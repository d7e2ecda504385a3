import type { KmsParts } from '#services/kms/deps.ts'
import { kmsErrors } from '#services/kms/errors.ts'
import { currentOf } from '#services/kms/keys/due.ts'
import { algorithmsOf } from '#services/kms/keys/metadata.ts'
import { specFacts } from '#services/kms/keys/specs.ts'
import { requireEnabled } from '#services/kms/keys/state.ts'
import { privateKeyOf, publicKeyDer } from '#services/kms/material/key-objects.ts'
import type { KmsHandler } from '#services/kms/types.ts'

/** The public half of an asymmetric key, as DER. */
export const getPublicKey =
  ({ targets, vault }: KmsParts): KmsHandler<'GetPublicKey'> =>
  async (input, ctx) => {
    const { key } = await targets.of(input, input.KeyId, ctx, 'GetPublicKey')
    requireEnabled(key)
    const { kind } = specFacts(key.spec)
    if (kind === 'symmetric' || kind === 'hmac')
      throw kmsErrors.unsupported(`${key.arn} is not asymmetric, so it has no public key.`)
    const PublicKey = await vault.withMaterial({ ...key, version: currentOf(key)?.version ?? 0 }, (material) =>
      publicKeyDer(privateKeyOf(material)),
    )
    return {
      KeyId: key.arn,
      PublicKey,
      CustomerMasterKeySpec: key.spec,
      KeySpec: key.spec,
      KeyUsage: key.usage,
      ...publicAlgorithms(key),
    }
  }

function publicAlgorithms(
  key: Parameters<typeof algorithmsOf>[0],
): Omit<ReturnType<typeof algorithmsOf>, 'MacAlgorithms'> {
  const { MacAlgorithms: _none, ...algorithms } = algorithmsOf(key)
  return algorithms
}
