import type { Service } from '#kernel/service.ts'

const SEALED = [
  'Plaintext',
  'CiphertextBlob',
  'PrivateKeyPlaintext',
  'PrivateKeyCiphertextBlob',
  'CiphertextForRecipient',
]

/**
 * Members that no record shows. AWS records neither what is encrypted, signed or authenticated nor what comes of it;
 * encryption contexts are on record in plain.
 * @source AWS KMS developer guide, "Logging AWS KMS API calls"
 */
export const SECRETS: Service<'kms'>['secrets'] = {
  Encrypt: SEALED,
  Decrypt: SEALED,
  ReEncrypt: SEALED,
  GenerateDataKey: SEALED,
  GenerateDataKeyWithoutPlaintext: SEALED,
  GenerateDataKeyPair: SEALED,
  GenerateDataKeyPairWithoutPlaintext: SEALED,
  GenerateRandom: SEALED,
  GenerateMac: ['Message', 'Mac'],
  VerifyMac: ['Message', 'Mac'],
  Sign: ['Message', 'Signature'],
  Verify: ['Message', 'Signature'],
  DeriveSharedSecret: ['SharedSecret', 'PublicKey'],
  CreateGrant: ['GrantToken', 'GrantTokens'],
  RetireGrant: ['GrantToken'],
  GetParametersForImport: ['ImportToken'],
  ImportKeyMaterial: ['EncryptedKeyMaterial', 'ImportToken'],
}
