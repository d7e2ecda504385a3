import type { Bucket } from '#services/s3/buckets/bucket.ts'
import { CURRENT } from '#services/s3/catalog/keys.ts'
import type { ObjectVersion } from '#services/s3/catalog/object-version.ts'
import { type LifecycleRule, daysAfter, filterOf, isMeant } from '#services/s3/lifecycle/rules.ts'
import { Changed, unlessChanged } from '#services/s3/lifecycle/unless-changed.ts'
import type { SweepParts } from '#services/s3/lifecycle/sweep.ts'
import { RowCursor } from '#services/s3/listing/row-cursor.ts'

/** Current objects that are old enough go, or a delete marker hides them. */
export async function expireCurrent(
  { records, catalog }: SweepParts,
  bucket: Bucket,
  rule: LifecycleRule,
  now: number,
): Promise<void> {
  const { Days: days, Date: date } = rule.Expiration ?? {}
  if (days === undefined && date === undefined) return
  const filter = filterOf(rule)
  const rows = new RowCursor<ObjectVersion>(records, {
    collection: CURRENT,
    bucketId: bucket.id,
    prefix: filter.prefix,
  })
  for (let row = await rows.peek(); row !== undefined; row = await rows.peek()) {
    const object = row.value
    rows.advance()
    const due = days === undefined ? date : daysAfter(object.modified, days)
    if (due === undefined || due > now || !isMeant(filter, object)) continue
    await unlessChanged(() =>
      catalog.hide(bucket, object.key, now, (current) => {
        if (current?.seq !== object.seq) throw new Changed()
      }),
    )
  }
}
