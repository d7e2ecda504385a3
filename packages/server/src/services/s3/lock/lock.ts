import type { Bucket } from '#services/s3/buckets/bucket.ts'
import type { ObjectVersion, Retention, Version } from '#services/s3/catalog/object-version.ts'
import { s3Errors } from '#services/s3/errors.ts'

const DAY_MILLIS = 24 * 60 * 60 * 1_000

export interface LockInput {
  readonly ObjectLockMode?: string | undefined
  readonly ObjectLockRetainUntilDate?: number | undefined
  readonly ObjectLockLegalHoldStatus?: string | undefined
}

/** Retention and legal hold of a new version: as the request says, else the bucket's default. @throws S3Error */
export function lockOf(
  input: LockInput,
  bucket: Bucket,
  now: number,
): { readonly retention?: Retention; readonly legalHold?: boolean } {
  const { ObjectLockMode: mode, ObjectLockRetainUntilDate: until, ObjectLockLegalHoldStatus: hold } = input
  if ((mode ?? until ?? hold) === undefined) return defaultRetention(bucket, now)
  if (bucket.lock === undefined) throw s3Errors.invalidRequest('Bucket is missing Object Lock Configuration')
  const legalHold = hold === undefined ? {} : { legalHold: hold === 'ON' }
  if (mode === undefined && until === undefined) return { ...defaultRetention(bucket, now), ...legalHold }
  return { retention: retentionOf(mode, until, now), ...legalHold }
}

/** @throws S3Error for half a retention, and for one that is over */
export function retentionOf(mode: string | undefined, until: number | undefined, now: number): Retention {
  if ((mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE') || until === undefined) {
    throw s3Errors.invalidArgument(
      'x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied',
      'x-amz-object-lock-retain-until-date',
      String(until ?? 'null'),
    )
  }
  if (until <= now) {
    throw s3Errors.invalidArgument(
      'The retain until date must be in the future!',
      'x-amz-object-lock-retain-until-date',
      new Date(until).toISOString(),
    )
  }
  return { mode, until }
}

function defaultRetention({ lock }: Bucket, now: number): { readonly retention?: Retention } {
  const { Mode: mode, Days: days, Years: years } = lock?.Rule?.DefaultRetention ?? {}
  if (mode === undefined) return {}
  if (days !== undefined) return { retention: { mode, until: now + days * DAY_MILLIS } }
  const until = new Date(now)
  until.setUTCFullYear(until.getUTCFullYear() + (years ?? 0))
  return { retention: { mode, until: until.getTime() } }
}

/** @throws S3Error AccessDenied while a version is held, or retained; with `bypass` one in governance mode may go */
export function checkRemovable(version: Version, now: number, bypass: boolean): void {
  if (version.kind !== 'object') return
  if (version.legalHold === true) throw s3Errors.locked()
  const { retention } = version
  if (retention === undefined || retention.until <= now) return
  if (retention.mode === 'COMPLIANCE' || !bypass) throw s3Errors.locked()
}

/**
 * Whether a retention may take the place of what a version has: longer always, shorter in governance mode with
 * `bypass` only, and never less strict in compliance mode.
 * @throws S3Error AccessDenied
 */
export function checkRetentionChange(
  { retention: before }: ObjectVersion,
  next: Retention | undefined,
  now: number,
  bypass: boolean,
): void {
  if (before === undefined || before.until <= now) return
  const isExtended = next !== undefined && next.until >= before.until
  if (before.mode === 'COMPLIANCE') {
    if (!isExtended || next.mode !== 'COMPLIANCE') throw s3Errors.locked()
    return
  }
  if (!bypass && !isExtended) throw s3Errors.locked()
}
