import { randomBytes } from 'node:crypto'
import { encryptWith } from '#services/kms/crypto/ciphertexts.ts'
import { kmsErrors } from '#services/kms/errors.ts'
import { currentOf } from '#services/kms/keys/due.ts'
import type { Key } from '#services/kms/keys/key-record.ts'
import { ecPair, rsaPair } from '#services/kms/material/generate.ts'
import type { Vault } from '#services/kms/material/vault.ts'
import { isBuiltSpec, specFacts } from '#services/kms/keys/specs.ts'
import type { EncryptionContext, KmsInput } from '#services/kms/types.ts'

const SIZES = { AES_128: 16, AES_256: 32 } as const

/** How long a data key is to be, in bytes. @throws AwsError ValidationException unless exactly one of the two says so */
export function dataKeyBytes({
  KeySpec: spec,
  NumberOfBytes: bytes,
}: Pick<KmsInput<'GenerateDataKey'>, 'KeySpec' | 'NumberOfBytes'>): number {
  if ((spec === undefined) === (bytes === undefined))
    throw kmsErrors.validation('Please specify either number of bytes or key spec.')
  return bytes ?? SIZES[spec ?? 'AES_256']
}

/** A new data key, and the same encrypted. The caller owns, and wipes or hands out, the plaintext. */
export async function newDataKey(
  vault: Vault,
  key: Key,
  bytes: number,
  context: EncryptionContext,
): Promise<{ readonly plaintext: Buffer; readonly ciphertext: Buffer }> {
  const plaintext = randomBytes(bytes)
  return {
    plaintext,
    ciphertext: await encryptWith(vault, key, plaintext, { algorithm: 'SYMMETRIC_DEFAULT', context }),
  }
}

/** A new pair of keys, and the private one encrypted as well. */
export async function newDataKeyPair(
  vault: Vault,
  key: Key,
  spec: KmsInput<'GenerateDataKeyPair'>['KeyPairSpec'],
  context: EncryptionContext,
): Promise<{ readonly privateKey: Buffer; readonly publicKey: Buffer; readonly ciphertext: Buffer }> {
  const pair = await pairOf(spec)
  const sealing = { algorithm: 'SYMMETRIC_DEFAULT', context } as const
  return { ...pair, ciphertext: await encryptWith(vault, key, pair.privateKey, sealing) }
}

/** @throws AwsError NotImplemented for pairs that are not built */
export function checkPairSpec(spec: KmsInput<'GenerateDataKeyPair'>['KeyPairSpec']): void {
  if (!isBuiltSpec(spec)) throw kmsErrors.notBuilt(`KeyPairSpec ${spec}`)
}

function pairOf(spec: KmsInput<'GenerateDataKeyPair'>['KeyPairSpec']): ReturnType<typeof rsaPair> {
  const facts = isBuiltSpec(spec) ? specFacts(spec) : undefined
  if (facts?.kind === 'rsa') return rsaPair(facts.bits)
  if (facts?.kind === 'ec') return ecPair(facts.curve)
  throw kmsErrors.notBuilt(`KeyPairSpec ${spec}`)
}

/** What answers about data keys say of the key that encrypted them. */
export const answeredKey = (key: Key): { readonly KeyId: string; readonly KeyMaterialId: string | undefined } => ({
  KeyId: key.arn,
  KeyMaterialId: currentOf(key)?.materialId,
})
