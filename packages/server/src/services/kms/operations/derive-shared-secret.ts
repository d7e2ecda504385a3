import { type KeyObject, createPublicKey, diffieHellman } from 'node:crypto'
import type { KmsParts } from '#services/kms/deps.ts'
import { endDryRun, refuseRecipient } from '#services/kms/dry-run.ts'
import { kmsErrors } from '#services/kms/errors.ts'
import { currentOf } from '#services/kms/keys/due.ts'
import { specFacts } from '#services/kms/keys/specs.ts'
import { requireUsable } from '#services/kms/keys/state.ts'
import { privateKeyOf } from '#services/kms/material/key-objects.ts'
import type { KmsHandler } from '#services/kms/types.ts'

/** ECDH with a public key of the same curve. */
export const deriveSharedSecret =
  ({ targets, vault }: KmsParts): KmsHandler<'DeriveSharedSecret'> =>
  async (input, ctx) => {
    refuseRecipient(input)
    const { key } = await targets.of(input, input.KeyId, ctx, 'DeriveSharedSecret')
    requireUsable(key, 'KEY_AGREEMENT', 'DeriveSharedSecret')
    const facts = specFacts(key.spec)
    const publicKey = readPublicKey(input.PublicKey, facts.kind === 'ec' ? facts.curve : '')
    endDryRun(input)
    const SharedSecret = await vault.withMaterial({ ...key, version: currentOf(key)?.version ?? 0 }, (material) =>
      diffieHellman({ privateKey: privateKeyOf(material), publicKey }),
    )
    return {
      KeyId: key.arn,
      SharedSecret,
      KeyAgreementAlgorithm: input.KeyAgreementAlgorithm,
      KeyOrigin: key.origin,
    }
  }

/** @throws AwsError ValidationException for anything but DER of a point on that curve */
function readPublicKey(der: Uint8Array, curve: string): KeyObject {
  let key: KeyObject
  try {
    key = createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' })
  } catch {
    throw kmsErrors.publicKey()
  }
  if (key.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== curve) throw kmsErrors.publicKey()
  return key
}
