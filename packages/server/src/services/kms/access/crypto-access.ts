import type { OperationAccess, Service } from '#kernel/service.ts'
import { type Context, given, pairsContext } from '#services/kms/access/context.ts'
import { checkGrantTokens, keyCheck, keyResources, onKey, onNothing } from '#services/kms/access/key-checks.ts'
import { checkContext } from '#services/kms/crypto/encryption-context.ts'
import type { KmsParts } from '#services/kms/deps.ts'
import { sourceKey } from '#services/kms/source-key.ts'
import type { EncryptionContext, KmsInput } from '#services/kms/types.ts'

type CryptoOperation =
  | 'Encrypt'
  | 'Decrypt'
  | 'ReEncrypt'
  | 'GenerateDataKey'
  | 'GenerateDataKeyWithoutPlaintext'
  | 'GenerateDataKeyPair'
  | 'GenerateDataKeyPairWithoutPlaintext'
  | 'GenerateMac'
  | 'VerifyMac'
  | 'Sign'
  | 'Verify'
  | 'GetPublicKey'
  | 'DeriveSharedSecret'
  | 'GenerateRandom'

/** Cryptographic operations; in CloudTrail they are reads, so their answers are not recorded. */
export function cryptoAccess(parts: KmsParts): Pick<Service<'kms'>['access'], CryptoOperation> {
  const use = <Input extends { readonly KeyId: string; readonly GrantTokens?: readonly string[] | undefined }>(
    operation: CryptoOperation,
    context: (input: Input) => Context = () => ({}),
  ): OperationAccess<Input> => onKey(parts)(operation, { readOnly: true, foreign: true, context })
  const mac = ({ MacAlgorithm }: Pick<KmsInput<'GenerateMac'>, 'MacAlgorithm'>) => ({
    'kms:MacAlgorithm': MacAlgorithm,
  })
  const signing = ({ SigningAlgorithm, MessageType }: Pick<KmsInput<'Sign'>, 'SigningAlgorithm' | 'MessageType'>) => ({
    'kms:SigningAlgorithm': SigningAlgorithm,
    'kms:MessageType': MessageType ?? 'RAW',
  })
  return {
    Encrypt: use('Encrypt', (input: KmsInput<'Encrypt'>) =>
      sealing(input.EncryptionContext, input.EncryptionAlgorithm),
    ),
    Decrypt: decryptAccess(parts),
    ReEncrypt: reEncryptAccess(parts),
    GenerateDataKey: use('GenerateDataKey', (input: KmsInput<'GenerateDataKey'>) => sealing(input.EncryptionContext)),
    GenerateDataKeyWithoutPlaintext: use(
      'GenerateDataKeyWithoutPlaintext',
      (input: KmsInput<'GenerateDataKeyWithoutPlaintext'>) => sealing(input.EncryptionContext),
    ),
    GenerateDataKeyPair: use('GenerateDataKeyPair', (input: KmsInput<'GenerateDataKeyPair'>) => pairSealing(input)),
    GenerateDataKeyPairWithoutPlaintext: use(
      'GenerateDataKeyPairWithoutPlaintext',
      (input: KmsInput<'GenerateDataKeyPairWithoutPlaintext'>) => pairSealing(input),
    ),
    GenerateMac: use('GenerateMac', (input: KmsInput<'GenerateMac'>) => mac(input)),
    VerifyMac: use('VerifyMac', (input: KmsInput<'VerifyMac'>) => mac(input)),
    Sign: use('Sign', (input: KmsInput<'Sign'>) => signing(input)),
    Verify: use('Verify', (input: KmsInput<'Verify'>) => signing(input)),
    GetPublicKey: use('GetPublicKey'),
    DeriveSharedSecret: use('DeriveSharedSecret', (input: KmsInput<'DeriveSharedSecret'>) =>
      given('kms:KeyAgreementAlgorithm', input.KeyAgreementAlgorithm),
    ),
    GenerateRandom: onNothing('GenerateRandom', true),
  }
}

function sealing(context: EncryptionContext = {}, algorithm = 'SYMMETRIC_DEFAULT'): Context {
  checkContext(context)
  return { ...pairsContext(context), 'kms:EncryptionAlgorithm': algorithm }
}

const pairSealing = (input: Pick<KmsInput<'GenerateDataKeyPair'>, 'EncryptionContext' | 'KeyPairSpec'>): Context => ({
  ...sealing(input.EncryptionContext),
  'kms:DataKeyPairSpec': input.KeyPairSpec,
})

/** Without a KeyId the ciphertext says which key is asked for. */
const decryptAccess = (parts: KmsParts): OperationAccess<KmsInput<'Decrypt'>> => ({
  category: 'management',
  readOnly: true,
  checks: async (input, scope) => {
    checkGrantTokens(parts, input)
    const { CiphertextBlob: ciphertext, KeyId: keyId } = input
    const target = await sourceKey(parts.targets, input, { ciphertext, keyId, operation: 'Decrypt' }, scope)
    return [
      await keyCheck(parts, 'Decrypt', target, scope, sealing(input.EncryptionContext, input.EncryptionAlgorithm)),
    ]
  },
  resources: keyResources(parts),
})

/** Both keys must allow it, each its own half. */
const reEncryptAccess = (parts: KmsParts): OperationAccess<KmsInput<'ReEncrypt'>> => ({
  category: 'management',
  readOnly: true,
  checks: async (input, scope) => {
    checkGrantTokens(parts, input)
    const { CiphertextBlob: ciphertext, SourceKeyId: keyId } = input
    const from = await sourceKey(parts.targets, input, { ciphertext, keyId, operation: 'ReEncrypt' }, scope)
    const to = await parts.targets.meant(input, input.DestinationKeyId, scope, 'ReEncrypt')
    const same = { 'kms:ReEncryptOnSameKey': String(from.key.arn === to.key.arn) }
    const opened = sealing(input.SourceEncryptionContext, input.SourceEncryptionAlgorithm)
    const sealed = sealing(input.DestinationEncryptionContext, input.DestinationEncryptionAlgorithm)
    return [
      await keyCheck(parts, 'ReEncryptFrom', from, scope, { ...opened, ...same }),
      await keyCheck(parts, 'ReEncryptTo', to, scope, { ...sealed, ...same }),
    ]
  },
  resources: keyResources(parts),
})
