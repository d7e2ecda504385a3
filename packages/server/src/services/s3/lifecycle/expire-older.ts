import type { Bucket } from '#services/s3/buckets/bucket.ts'
import type { Version } from '#services/s3/catalog/object-version.ts'
import { type LifecycleRule, type RuleFilter, daysAfter, filterOf, isMeant } from '#services/s3/lifecycle/rules.ts'
import type { SweepParts } from '#services/s3/lifecycle/sweep.ts'
import { Changed, unlessChanged } from '#services/s3/lifecycle/unless-changed.ts'
import { type ListedVersion, listVersions } from '#services/s3/listing/versions.ts'
import { checkRemovable } from '#services/s3/lock/lock.ts'
import { S3Error } from '#services/s3/errors.ts'

const AT_ONCE = 500

/** Versions that are not current any more go after their days, and delete markers when there is nothing left to hide. */
export async function expireOlder(parts: SweepParts, bucket: Bucket, rule: LifecycleRule, now: number): Promise<void> {
  const noncurrent = rule.NoncurrentVersionExpiration
  const markers = rule.Expiration?.ExpiredObjectDeleteMarker === true || rule.Expiration?.Days !== undefined
  if (bucket.versioning === undefined || (noncurrent === undefined && !markers)) return
  const filter = filterOf(rule)
  for await (const versions of keysOf(parts, bucket, filter.prefix)) {
    const [latest] = versions
    if (noncurrent?.NoncurrentDays !== undefined) {
      const kept = noncurrent.NewerNoncurrentVersions ?? 0
      for (const [index, version] of versions.slice(1).entries()) {
        // A version is older since the next one came.
        const since = versions[index]?.modified ?? now
        const isDue = index >= kept && daysAfter(since, noncurrent.NoncurrentDays) <= now
        if (isDue && fits(filter, version)) await remove(parts, bucket, version, now)
      }
    }
    if (markers && versions.length === 1 && latest?.kind === 'marker' && fits(filter, latest))
      await removeLonelyMarker(parts, bucket, latest, rule, now)
  }
}

const fits = (filter: RuleFilter, version: Version): boolean =>
  version.kind === 'object'
    ? isMeant(filter, version)
    : filter.tags.length === 0 && filter.least === undefined && filter.most === undefined

/** All versions of one key after another, the newest first. */
async function* keysOf({ records }: SweepParts, { id }: Bucket, prefix: string): AsyncGenerator<readonly Version[]> {
  let group: Version[] = []
  let after: { readonly key: string; readonly seq?: number } | undefined
  for (;;) {
    const page = await listVersions(records, {
      bucketId: id,
      prefix,
      delimiter: '',
      most: AT_ONCE,
      ...(after === undefined ? {} : { after }),
    })
    for (const { version } of page.entries) {
      if (group[0] !== undefined && group[0].key !== version.key) {
        yield group
        group = []
      }
      group.push(version)
    }
    const last: ListedVersion | undefined = page.entries.at(-1)
    if (!page.isTruncated || last === undefined) break
    after = { key: last.key, seq: last.version.seq }
  }
  if (group.length > 0) yield group
}

async function remove({ catalog }: SweepParts, bucket: Bucket, version: Version, now: number): Promise<void> {
  try {
    await catalog.remove(bucket, version.key, version.versionId, (found) => checkRemovable(found, now, false))
  } catch (error) {
    // What is locked stays until it is not.
    if (!(error instanceof S3Error)) throw error
  }
}

async function removeLonelyMarker(
  { catalog }: SweepParts,
  bucket: Bucket,
  marker: Version,
  { Expiration: expiration }: LifecycleRule,
  now: number,
): Promise<void> {
  if (expiration?.Days !== undefined && daysAfter(marker.modified, expiration.Days) > now) return
  await unlessChanged(async () => {
    if ((await catalog.latest(bucket, marker.key))?.seq !== marker.seq) throw new Changed()
    await catalog.remove(bucket, marker.key, marker.versionId)
  })
}
