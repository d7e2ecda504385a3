import type { ObjectVersion } from '#services/s3/catalog/object-version.ts'
import { s3Errors } from '#services/s3/errors.ts'

/** The conditions of a request, by the names of GetObject's members. */
export interface Conditions {
  readonly IfMatch?: string | undefined
  readonly IfNoneMatch?: string | undefined
  readonly IfModifiedSince?: number | undefined
  readonly IfUnmodifiedSince?: number | undefined
}

type Judged = Pick<ObjectVersion, 'etag' | 'modified'>

/** Which condition does not hold. */
type Failed = 'If-Match' | 'If-None-Match' | 'If-Modified-Since' | 'If-Unmodified-Since'

/**
 * ETags come before times: with If-Match that holds, If-Unmodified-Since is not looked at, and with If-None-Match,
 * If-Modified-Since is not. Times are of whole seconds.
 * @source Amazon S3 API reference, GetObject: "If-Match and If-Unmodified-Since …"; RFC 9110, 13.2.2
 */
function failedCondition(conditions: Conditions, object: Judged): Failed | undefined {
  const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = conditions
  const modified = Math.floor(object.modified / 1_000) * 1_000
  if (IfMatch !== undefined) {
    if (!matches(IfMatch, object.etag)) return 'If-Match'
  } else if (IfUnmodifiedSince !== undefined && modified > IfUnmodifiedSince) return 'If-Unmodified-Since'
  if (IfNoneMatch !== undefined) {
    if (matches(IfNoneMatch, object.etag)) return 'If-None-Match'
  } else if (IfModifiedSince !== undefined && modified <= IfModifiedSince) return 'If-Modified-Since'
  return undefined
}

/** For reads: 304 where the client has it already, else 412. @throws S3Error */
export function checkRead(conditions: Conditions, object: Judged, headers: Readonly<Record<string, string>>): void {
  const failed = failedCondition(conditions, object)
  if (failed === 'If-None-Match' || failed === 'If-Modified-Since') throw s3Errors.notModified(headers)
  if (failed !== undefined) throw s3Errors.preconditionFailed(failed)
}

/** For the source of a copy: always 412. @throws S3Error */
export function checkCopySource(conditions: Conditions, object: Judged): void {
  const failed = failedCondition(conditions, object)
  if (failed !== undefined) throw s3Errors.preconditionFailed(`x-amz-copy-source-${failed}`)
}

/** Judges what a key stands for, or that it stands for nothing. */
type WriteCondition = (current: Judged | undefined) => void

/**
 * For writes: If-Match wants the object as the client knows it, If-None-Match `*` wants none.
 * @returns `undefined`: there is no condition
 * @throws S3Error PreconditionFailed, NoSuchKey, NotImplemented
 */
export function checkWrite(
  key: string,
  { IfMatch, IfNoneMatch }: Pick<Conditions, 'IfMatch' | 'IfNoneMatch'>,
): WriteCondition | undefined {
  if (IfMatch === undefined && IfNoneMatch === undefined) return undefined
  if (IfNoneMatch !== undefined && IfNoneMatch !== '*')
    throw s3Errors.notBuilt('A header If-None-Match with anything but *')
  return (current) => {
    if (IfMatch !== undefined) {
      if (current === undefined) throw s3Errors.noSuchKey(key)
      if (!matches(IfMatch, current.etag)) throw s3Errors.preconditionFailed('If-Match')
    }
    if (IfNoneMatch !== undefined && current !== undefined) throw s3Errors.preconditionFailed('If-None-Match')
  }
}

/** A list of ETags, each with or without quotation marks, or `*`. */
function matches(header: string, etag: string): boolean {
  return header.split(',').some((item) => {
    const text = item.trim().replace(/^W\//, '')
    return text === '*' || text.replace(/^"(.*)"$/, '$1') === etag
  })
}
