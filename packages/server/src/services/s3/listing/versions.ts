import { CURRENT, OLDER, escaped, grouped, olderId } from '#services/s3/catalog/keys.ts'
import type { ObjectVersion, Version } from '#services/s3/catalog/object-version.ts'
import { type EntryCursor, type Page, readPage } from '#services/s3/listing/page.ts'
import { toldBy } from '#services/s3/listing/objects.ts'
import { RowCursor } from '#services/s3/listing/row-cursor.ts'
import { compareUtf8 } from '#stores/records/utf8-order.ts'
import type { RecordStore } from '#stores/records/record-store.ts'

export interface ListedVersion {
  readonly key: string
  readonly version: Version
  readonly isLatest: boolean
}

export interface VersionsRequest {
  readonly bucketId: string
  readonly prefix: string
  readonly delimiter: string
  readonly most: number
  /** Only what comes after this key, or, with `seq`, after this version of it. */
  readonly after?: { readonly key: string; readonly seq?: number }
}

/** All versions and delete markers, by key, the newest of each first: current objects and older versions are merged. */
export function listVersions(records: RecordStore, request: VersionsRequest): Promise<Page<ListedVersion>> {
  const { bucketId, prefix, delimiter, after } = request
  const told = after?.seq === undefined ? toldBy(after?.key, prefix, delimiter) : undefined
  const current = new RowCursor<ObjectVersion>(records, {
    collection: CURRENT,
    bucketId,
    prefix,
    ...(after === undefined ? {} : { after: after.key }),
  })
  const older = new RowCursor<Version>(records, {
    collection: OLDER,
    bucketId,
    prefix: escaped(prefix),
    ...(after === undefined ? {} : { after: olderAfter(after) }),
  })
  return readPage(merged(current, older, after?.seq === undefined ? undefined : after.key), {
    ...request,
    ...(told === undefined ? {} : { told }),
  })
}

const olderAfter = ({ key, seq }: { readonly key: string; readonly seq?: number }): string =>
  seq === undefined ? `${grouped(key)}\u{10FFFF}` : olderId(key, seq)

/** @param begun a key of which an earlier page has told the newest version */
function merged(
  current: RowCursor<ObjectVersion>,
  older: RowCursor<Version>,
  begun: string | undefined,
): EntryCursor<ListedVersion> {
  let before = begun
  let source: RowCursor<ObjectVersion> | RowCursor<Version> = current
  let next: ListedVersion | undefined
  return {
    async peek() {
      const one = (await current.peek())?.value
      const other = (await older.peek())?.value
      // Of one key the current version is the newest.
      const isCurrent = one !== undefined && (other === undefined || compareUtf8(one.key, other.key) <= 0)
      source = isCurrent ? current : older
      const version = isCurrent ? one : other
      next = version && { key: version.key, version, isLatest: version.key !== before }
      return next
    },
    advance() {
      before = next?.key
      source.advance()
    },
    async passOver(beginning) {
      await current.passOver(beginning)
      await older.passOver(escaped(beginning))
    },
  }
}
