import { randomBytes } from 'node:crypto'
import { GLOBAL_REGION } from '#kernel/ids.ts'
import type { RecordKey } from '#stores/records/record-store.ts'

/** Records of a bucket's content; their account is the bucket's id. */
export const CURRENT = 's3.object'
export const OLDER = 's3.version'
export const UPLOADS = 's3.upload'
export const PARTS = 's3.part'
const NULL_VERSIONS = 's3.null-version'
const MANIFESTS = 's3.manifest'
export const GARBAGE = 's3.garbage'
const ALL_BUCKETS = 'all'

const key = (collection: string, bucketId: string, id: string): RecordKey => ({
  collection,
  account: bucketId,
  region: GLOBAL_REGION,
  id,
})

/** The object that a key stands for; keys that a delete marker hides have none. */
export const currentKey = (bucketId: string, objectKey: string): RecordKey => key(CURRENT, bucketId, objectKey)
/** Versions that are not current, and delete markers. */
export const olderKey = (bucketId: string, objectKey: string, seq: number): RecordKey =>
  key(OLDER, bucketId, olderId(objectKey, seq))
/** Where among the older ones the version `null` is. */
export const nullKey = (bucketId: string, objectKey: string): RecordKey => key(NULL_VERSIONS, bucketId, objectKey)
export const manifestKey = (bucketId: string, id: string): RecordKey => key(MANIFESTS, bucketId, id)
export const uploadKey = (bucketId: string, objectKey: string, uploadId: string): RecordKey =>
  key(UPLOADS, bucketId, `${grouped(objectKey)}${uploadId}`)
export const partKey = (bucketId: string, uploadId: string, part: number): RecordKey =>
  key(PARTS, bucketId, `${partPrefix(uploadId)}${String(part).padStart(5, '0')}`)
export const partPrefix = (uploadId: string): string => `${uploadId}/`
/** A blob that belongs to nobody any more and may still be on the disk. */
export const garbageKey = (id: string): RecordKey => key(GARBAGE, ALL_BUCKETS, id)

const ESCAPE = '\u0001'
const END = `${ESCAPE}${ESCAPE}`

/** A key, escaped and ended so that what follows it never sorts among other keys. */
export const grouped = (objectKey: string): string => `${escaped(objectKey)}${END}`
/** The beginning of a key, as ids of grouped records begin. */
export const escaped = (prefix: string): string => prefix.replaceAll(ESCAPE, `${ESCAPE}\u0002`)

const LAST = 9_000_000_000_000_000
/** Newest first. */
export const olderId = (objectKey: string, seq: number): string =>
  `${grouped(objectKey)}${String(LAST - seq).padStart(16, '0')}`

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const SEQ_DIGITS = 9
const VERSION_ID = /^[0-9A-Za-z]{32}$/

/** 32 characters that say where the version is; the rest is random, so that nobody guesses one. */
export function newVersionId(seq: number): string {
  let text = ''
  for (let rest = seq, n = 0; n < SEQ_DIGITS; n += 1) {
    text = (DIGITS[rest % 62] as string) + text
    rest = Math.floor(rest / 62)
  }
  for (const byte of randomBytes(32 - SEQ_DIGITS)) text += DIGITS[byte % 62] as string
  return text
}

/** Where a version id says that its version is; `undefined`: it is none of ours. */
export function seqOf(versionId: string): number | undefined {
  if (!VERSION_ID.test(versionId)) return undefined
  let seq = 0
  for (const digit of versionId.slice(0, SEQ_DIGITS)) seq = seq * 62 + DIGITS.indexOf(digit)
  return seq <= LAST ? seq : undefined
}

/** Microseconds, so that versions of one millisecond have an order. */
export const seqAt = (now: number, before: number): number => Math.max(now * 1_000, before + 1)
