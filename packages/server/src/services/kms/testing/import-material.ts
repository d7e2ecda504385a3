import { constants, createCipheriv, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto'
import type { OperationInput, OperationOutput } from '#kernel/call.ts'

type Wrapping = OperationInput<'kms', 'GetParametersForImport'>['WrappingAlgorithm']

/** As much of a bench of KMS as importing needs. */
interface Importing {
  call<O extends 'GetParametersForImport' | 'ImportKeyMaterial'>(
    operation: O,
    input: OperationInput<'kms', O>,
  ): Promise<OperationOutput<'kms', O>>
}

/** For tests: wraps material as owners of keys do it, and imports it. */
export async function importMaterial(
  bench: Importing,
  KeyId: string,
  material: Uint8Array,
  more: Partial<OperationInput<'kms', 'ImportKeyMaterial'>> = {},
  algorithm: Wrapping = 'RSAES_OAEP_SHA_256',
): Promise<OperationOutput<'kms', 'ImportKeyMaterial'>> {
  const { ImportToken = Buffer.of(), PublicKey } = await bench.call('GetParametersForImport', {
    KeyId,
    WrappingAlgorithm: algorithm,
    WrappingKeySpec: 'RSA_2048',
  })
  return bench.call('ImportKeyMaterial', {
    KeyId,
    ImportToken,
    EncryptedKeyMaterial: wrapped(Buffer.from(PublicKey ?? []), algorithm, material),
    ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
    ...more,
  })
}

/** For tests: material as ImportKeyMaterial takes it. */
export function wrapped(publicKey: Buffer, algorithm: Wrapping, material: Uint8Array): Buffer {
  const key = createPublicKey({ key: publicKey, format: 'der', type: 'spki' })
  const oaepHash = algorithm.endsWith('SHA_1') ? 'sha1' : 'sha256'
  const rsa = (bytes: Uint8Array): Buffer =>
    publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, bytes)
  if (!algorithm.startsWith('RSA_AES')) return rsa(material)
  const inner = randomBytes(32)
  const cipher = createCipheriv('id-aes256-wrap-pad', inner, Buffer.from('a65959a6', 'hex'))
  return Buffer.concat([rsa(inner), cipher.update(material), cipher.final()])
}
