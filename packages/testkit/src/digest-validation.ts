import { createHash, createPublicKey, verify } from 'node:crypto'
import type { FakeBuckets } from './fake-buckets.ts'

/** A public key as ListPublicKeys answers it on the wire. */
export interface ListedKey {
  readonly Fingerprint: string
  /** DER of PKCS#1, in base64. */
  readonly Value: string
}

interface Digest {
  readonly digestEndTime: string
  readonly digestS3Bucket: string
  readonly digestS3Object: string
  readonly digestPublicKeyFingerprint: string
  readonly previousDigestS3Bucket: string | null
  readonly previousDigestS3Object: string | null
  readonly previousDigestHashValue: string | null
  readonly previousDigestSignature: string | null
  readonly logFiles: readonly { readonly s3Bucket: string; readonly s3Object: string; readonly hashValue: string }[]
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/**
 * Walks the digests of a bucket from the last one back, as the CloudTrail user guide describes it for those who validate
 * by themselves, and says what is wrong; nothing when all is sound.
 */
export function digestFaults(buckets: FakeBuckets, keys: readonly ListedKey[], last: string): readonly string[] {
  const faults: string[] = []
  for (let path: string | undefined = last; path !== undefined;) {
    const object = buckets.objects.get(path)
    if (object === undefined) return [...faults, `${path} is missing`]
    const text = buckets.text(path)
    const digest = JSON.parse(text) as Digest
    if (`${digest.digestS3Bucket}/${digest.digestS3Object}` !== path) faults.push(`${path} was moved`)
    if (!isSigned(text, digest, object.input.Metadata?.['signature'] ?? '', keys)) faults.push(`${path} is not signed`)
    for (const { s3Bucket, s3Object, hashValue } of digest.logFiles) {
      const file = `${s3Bucket}/${s3Object}`
      if (!buckets.objects.has(file)) faults.push(`${file} is missing`)
      else if (sha256(buckets.text(file)) !== hashValue) faults.push(`${file} was changed`)
    }
    path = previousOf(buckets, digest, faults)
  }
  return faults
}

function previousOf(buckets: FakeBuckets, digest: Digest, faults: string[]): string | undefined {
  if (digest.previousDigestS3Object === null) return undefined
  const path = `${String(digest.previousDigestS3Bucket)}/${digest.previousDigestS3Object}`
  if (buckets.objects.has(path) && sha256(buckets.text(path)) !== digest.previousDigestHashValue)
    faults.push(`${path} was changed`)
  return path
}

function isSigned(text: string, digest: Digest, signature: string, keys: readonly ListedKey[]): boolean {
  const key = keys.find(({ Fingerprint }) => Fingerprint === digest.digestPublicKeyFingerprint)
  if (key === undefined) return false
  const publicKey = createPublicKey({ key: Buffer.from(key.Value, 'base64'), format: 'der', type: 'pkcs1' })
  const place = `${digest.digestS3Bucket}/${digest.digestS3Object}`
  const signed = [digest.digestEndTime, place, sha256(text), digest.previousDigestSignature ?? 'null'].join('\n')
  return verify('RSA-SHA256', Buffer.from(signed), publicKey, Buffer.from(signature, 'hex'))
}
