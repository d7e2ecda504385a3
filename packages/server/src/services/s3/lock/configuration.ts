import type { LockConfiguration } from '#services/s3/buckets/bucket.ts'
import { s3Errors } from '#services/s3/errors.ts'
import { MAX_RETENTION_DAYS } from '#services/s3/limits.ts'

const DAYS_A_YEAR = 365

/** @throws S3Error MalformedXML, InvalidArgument */
export function checkLockConfiguration(asked: LockConfiguration | undefined): LockConfiguration {
  if (asked?.ObjectLockEnabled !== 'Enabled') throw s3Errors.malformedXml()
  const retention = asked.Rule?.DefaultRetention
  if (asked.Rule !== undefined && retention === undefined) throw s3Errors.malformedXml()
  if (retention === undefined) return asked
  const { Mode: mode, Days: days, Years: years } = retention
  if (mode === undefined || (days === undefined) === (years === undefined)) throw s3Errors.malformedXml()
  const span = days ?? (years ?? 0) * DAYS_A_YEAR
  if (span <= 0)
    throw s3Errors.invalidArgument('Default retention period must be a positive integer value.', 'Days', String(span))
  if (span > MAX_RETENTION_DAYS)
    throw s3Errors.invalidArgument('Default retention period too large', 'Days', String(span))
  return asked
}
