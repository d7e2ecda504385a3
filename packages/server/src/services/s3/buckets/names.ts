import { isIPv4 } from 'node:net'
import { s3Errors } from '#services/s3/errors.ts'
import { MAX_KEY_BYTES } from '#services/s3/limits.ts'

const NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/
const PREFIXES = ['xn--', 'sthree-', 'amzn-s3-demo-']
const SUFFIXES = ['-s3alias', '--ol-s3', '.mrap', '--x-s3', '--table-s3', '-an']

/** @source Amazon S3 user guide, "General purpose bucket naming rules" */
export const isBucketName = (name: string): boolean =>
  NAME.test(name) &&
  !name.includes('..') &&
  !name.includes('.-') &&
  !name.includes('-.') &&
  !isIPv4(name) &&
  !PREFIXES.some((prefix) => name.startsWith(prefix)) &&
  !SUFFIXES.some((suffix) => name.endsWith(suffix))

/**
 * Keys name records, never files, so everything is a key but what has no text.
 * @throws S3Error KeyTooLongError, or InvalidURI for NUL and broken text
 */
export function checkKey(key: string): void {
  const bytes = Buffer.byteLength(key)
  if (bytes > MAX_KEY_BYTES) throw s3Errors.keyTooLong(bytes, MAX_KEY_BYTES)
  if (key === '' || key.includes('\0') || !key.isWellFormed()) throw s3Errors.unusableKey()
}
