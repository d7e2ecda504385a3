import { createHash } from 'node:crypto'
import type { EpochMillis } from '#kernel/ids.ts'
import type { WaitingFile, WrittenDigest } from '#services/cloudtrail/delivery/delivery-state.ts'
import type { SigningKey } from '#services/cloudtrail/digests/signing-keys.ts'

export interface DigestContent {
  readonly account: string
  readonly start: EpochMillis
  readonly end: EpochMillis
  readonly bucket: string
  readonly key: string
  readonly files: readonly WaitingFile[]
  /** `undefined`: it begins a chain. */
  readonly previous: WrittenDigest | undefined
}

const ALGORITHM = 'SHA256withRSA'

/** User metadata of a digest, which carries its signature. */
export const signatureMetadata = ({ signature }: WrittenDigest): Readonly<Record<string, string>> => ({
  signature,
  'signature-algorithm': ALGORITHM,
})

/**
 * A digest's text and its signature, which binds it to its place and to the digest before.
 * @source CloudTrail user guide, "CloudTrail digest file structure" and "Custom implementations of validation"
 */
export function signedDigest(
  content: DigestContent,
  key: SigningKey,
): { readonly text: string; readonly written: WrittenDigest } {
  const text = JSON.stringify(document(content, key.fingerprint))
  const hash = sha256(text)
  const signed = [
    isoSeconds(content.end),
    `${content.bucket}/${content.key}`,
    hash,
    content.previous?.signature ?? 'null',
  ].join('\n')
  return { text, written: { bucket: content.bucket, key: content.key, hash, signature: key.sign(signed) } }
}

function document({ previous, files, ...content }: DigestContent, fingerprint: string): object {
  return {
    awsAccountId: content.account,
    digestStartTime: isoSeconds(content.start),
    digestEndTime: isoSeconds(content.end),
    digestS3Bucket: content.bucket,
    digestS3Object: content.key,
    digestPublicKeyFingerprint: fingerprint,
    digestSignatureAlgorithm: ALGORITHM,
    newestEventTime: extreme(
      files.map(({ newest }) => newest),
      Math.max,
    ),
    oldestEventTime: extreme(
      files.map(({ oldest }) => oldest),
      Math.min,
    ),
    previousDigestS3Bucket: previous?.bucket ?? null,
    previousDigestS3Object: previous?.key ?? null,
    previousDigestHashValue: previous?.hash ?? null,
    previousDigestHashAlgorithm: previous === undefined ? null : 'SHA-256',
    previousDigestSignature: previous?.signature ?? null,
    logFiles: files.map((file) => ({
      s3Bucket: file.bucket,
      s3Object: file.key,
      hashValue: file.hash,
      hashAlgorithm: 'SHA-256',
      newestEventTime: isoSeconds(file.newest),
      oldestEventTime: isoSeconds(file.oldest),
    })),
  }
}

/** Null for a digest without files. */
const extreme = (times: readonly EpochMillis[], which: (a: number, b: number) => number): string | null =>
  times.length === 0 ? null : isoSeconds(times.reduce((a, b) => which(a, b)))

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

const isoSeconds = (millis: EpochMillis): string => `${new Date(millis).toISOString().slice(0, 19)}Z`
