import type { KmsOutput } from '#services/kms/types.ts'

type Metadata = NonNullable<KmsOutput<'DescribeKey'>['KeyMetadata']>
export type KeySpec = NonNullable<Metadata['KeySpec']>
export type KeyUsage = NonNullable<Metadata['KeyUsage']>
export type EncryptionAlgorithm = NonNullable<Metadata['EncryptionAlgorithms']>[number]
export type SigningAlgorithm = NonNullable<Metadata['SigningAlgorithms']>[number]
export type MacAlgorithm = NonNullable<Metadata['MacAlgorithms']>[number]

/** The specs that are built. */
export type BuiltSpec = Exclude<KeySpec, 'SM2' | 'ML_DSA_44' | 'ML_DSA_65' | 'ML_DSA_87' | 'ECC_NIST_EDWARDS25519'>

/** What a spec can do, and what its material is. */
export type SpecFacts = Readonly<{ usages: readonly KeyUsage[]; signing: readonly SigningAlgorithm[] }> &
  (
    | { readonly kind: 'symmetric'; readonly bytes: number }
    | { readonly kind: 'hmac'; readonly bytes: number; readonly mac: MacAlgorithm; readonly hash: string }
    | { readonly kind: 'rsa'; readonly bits: number }
    | { readonly kind: 'ec'; readonly curve: string }
  )

const RSA_SIGNING: readonly SigningAlgorithm[] = [
  'RSASSA_PKCS1_V1_5_SHA_256',
  'RSASSA_PKCS1_V1_5_SHA_384',
  'RSASSA_PKCS1_V1_5_SHA_512',
  'RSASSA_PSS_SHA_256',
  'RSASSA_PSS_SHA_384',
  'RSASSA_PSS_SHA_512',
]

const rsa = (bits: number): SpecFacts => ({
  kind: 'rsa',
  bits,
  usages: ['ENCRYPT_DECRYPT', 'SIGN_VERIFY'],
  signing: RSA_SIGNING,
})
const ec = (curve: string, algorithm: SigningAlgorithm, ...usages: readonly KeyUsage[]): SpecFacts => ({
  kind: 'ec',
  curve,
  usages: ['SIGN_VERIFY', ...usages],
  signing: [algorithm],
})
const hmac = (bytes: number, mac: MacAlgorithm, hash: string): SpecFacts => ({
  kind: 'hmac',
  bytes,
  mac,
  hash,
  usages: ['GENERATE_VERIFY_MAC'],
  signing: [],
})

/** @source AWS KMS developer guide, key spec reference */
const SPECS: Readonly<Record<BuiltSpec, SpecFacts>> = {
  SYMMETRIC_DEFAULT: { kind: 'symmetric', bytes: 32, usages: ['ENCRYPT_DECRYPT'], signing: [] },
  RSA_2048: rsa(2048),
  RSA_3072: rsa(3072),
  RSA_4096: rsa(4096),
  ECC_NIST_P256: ec('prime256v1', 'ECDSA_SHA_256', 'KEY_AGREEMENT'),
  ECC_NIST_P384: ec('secp384r1', 'ECDSA_SHA_384', 'KEY_AGREEMENT'),
  ECC_NIST_P521: ec('secp521r1', 'ECDSA_SHA_512', 'KEY_AGREEMENT'),
  ECC_SECG_P256K1: ec('secp256k1', 'ECDSA_SHA_256'),
  HMAC_224: hmac(28, 'HMAC_SHA_224', 'sha224'),
  HMAC_256: hmac(32, 'HMAC_SHA_256', 'sha256'),
  HMAC_384: hmac(48, 'HMAC_SHA_384', 'sha384'),
  HMAC_512: hmac(64, 'HMAC_SHA_512', 'sha512'),
}

export const specFacts = (spec: BuiltSpec): SpecFacts => SPECS[spec]
export const isBuiltSpec = (spec: KeySpec): spec is BuiltSpec => Object.hasOwn(SPECS, spec)

/** The algorithms that a key of this spec can encrypt with, when that is its usage. */
export const encryptionAlgorithms = (spec: BuiltSpec): readonly EncryptionAlgorithm[] => {
  const { kind } = SPECS[spec]
  if (kind === 'symmetric') return ['SYMMETRIC_DEFAULT']
  return kind === 'rsa' ? ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'] : []
}
