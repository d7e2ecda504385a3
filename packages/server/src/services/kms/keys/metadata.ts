import { currentOf } from '#services/kms/keys/due.ts'
import type { Key } from '#services/kms/keys/key-record.ts'
import { encryptionAlgorithms, specFacts } from '#services/kms/keys/specs.ts'
import type { KmsOutput } from '#services/kms/types.ts'

type Metadata = NonNullable<KmsOutput<'DescribeKey'>['KeyMetadata']>
type Algorithms = Pick<
  Metadata,
  'EncryptionAlgorithms' | 'SigningAlgorithms' | 'MacAlgorithms' | 'KeyAgreementAlgorithms'
>

/** A key as CreateKey and DescribeKey answer it. */
export const keyMetadata = (key: Key): Metadata => ({
  AWSAccountId: key.place.account,
  KeyId: key.keyId,
  Arn: key.arn,
  CreationDate: key.createdAt,
  Enabled: key.state === 'Enabled',
  Description: key.description,
  KeyUsage: key.usage,
  KeyState: key.state,
  ...(key.deletionDate === undefined ? {} : { DeletionDate: key.deletionDate }),
  Origin: key.origin,
  KeyManager: key.manager,
  CustomerMasterKeySpec: key.spec,
  KeySpec: key.spec,
  ...algorithmsOf(key),
  MultiRegion: key.multiRegion,
  ...multiRegionOf(key),
  ...materialOf(key),
})

/** What a key can do, by its spec and usage. */
export function algorithmsOf({ spec, usage }: Pick<Key, 'spec' | 'usage'>): Algorithms {
  const facts = specFacts(spec)
  switch (usage) {
    case 'ENCRYPT_DECRYPT':
      return { EncryptionAlgorithms: encryptionAlgorithms(spec) }
    case 'SIGN_VERIFY':
      return { SigningAlgorithms: facts.signing }
    case 'GENERATE_VERIFY_MAC':
      return facts.kind === 'hmac' ? { MacAlgorithms: [facts.mac] } : {}
    case 'KEY_AGREEMENT':
      return { KeyAgreementAlgorithms: ['ECDH'] }
    default:
      return usage satisfies never
  }
}

function multiRegionOf({ multiRegion, arn, place }: Key): Pick<Metadata, 'MultiRegionConfiguration'> {
  if (!multiRegion) return {}
  return {
    MultiRegionConfiguration: {
      MultiRegionKeyType: 'PRIMARY',
      PrimaryKey: { Arn: arn, Region: place.region },
      ReplicaKeys: [],
    },
  }
}

/** What is known of the current material: only of imported material when it ends, only of symmetric keys which it is. */
function materialOf(key: Key): Partial<Metadata> {
  const current = currentOf(key)
  const there = current !== undefined && current.imported?.gone !== true
  const id = there && key.spec === 'SYMMETRIC_DEFAULT' ? { CurrentKeyMaterialId: current.materialId } : {}
  if (!there || current.imported === undefined) return id
  const { validTo } = current.imported
  return {
    ...id,
    ...(validTo === undefined
      ? { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' }
      : { ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: validTo }),
  }
}
