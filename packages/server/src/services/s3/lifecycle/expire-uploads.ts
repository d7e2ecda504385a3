import type { Bucket } from '#services/s3/buckets/bucket.ts'
import { UPLOADS, escaped } from '#services/s3/catalog/keys.ts'
import type { Upload } from '#services/s3/catalog/uploads.ts'
import { S3Error } from '#services/s3/errors.ts'
import { type LifecycleRule, daysAfter, filterOf } from '#services/s3/lifecycle/rules.ts'
import type { SweepParts } from '#services/s3/lifecycle/sweep.ts'
import { RowCursor } from '#services/s3/listing/row-cursor.ts'

/** Uploads in parts that nobody ended are dropped. */
export async function expireUploads(
  { records, uploads }: SweepParts,
  bucket: Bucket,
  rule: LifecycleRule,
  now: number,
): Promise<void> {
  const days = rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation
  if (days === undefined) return
  const rows = new RowCursor<Upload>(records, {
    collection: UPLOADS,
    bucketId: bucket.id,
    prefix: escaped(filterOf(rule).prefix),
  })
  for (let row = await rows.peek(); row !== undefined; row = await rows.peek()) {
    const upload = row.value
    rows.advance()
    if (daysAfter(upload.initiated, days) > now) continue
    try {
      await uploads.abort(bucket, upload)
    } catch (error) {
      // It was ended meanwhile.
      if (!(error instanceof S3Error)) throw error
    }
  }
}
