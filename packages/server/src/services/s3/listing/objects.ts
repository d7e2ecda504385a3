import { CURRENT } from '#services/s3/catalog/keys.ts'
import type { ObjectVersion } from '#services/s3/catalog/object-version.ts'
import { type EntryCursor, type Page, commonPrefixOf, readPage } from '#services/s3/listing/page.ts'
import { RowCursor } from '#services/s3/listing/row-cursor.ts'
import type { RecordStore } from '#stores/records/record-store.ts'

export interface ObjectsRequest {
  readonly bucketId: string
  readonly prefix: string
  readonly delimiter: string
  readonly most: number
  /** Only keys after it; when it is, or lies in, a common prefix, only what comes behind that. */
  readonly after?: string
}

/** Current objects by key. */
export function listCurrent(records: RecordStore, request: ObjectsRequest): Promise<Page<ObjectVersion>> {
  const { bucketId, prefix, delimiter, after } = request
  const told = toldBy(after, prefix, delimiter)
  const rows = new RowCursor<ObjectVersion>(records, {
    collection: CURRENT,
    bucketId,
    prefix,
    ...(after === undefined || after === '' ? {} : { after }),
  })
  const cursor: EntryCursor<ObjectVersion> = {
    peek: async () => (await rows.peek())?.value,
    advance: () => rows.advance(),
    passOver: (beginning) => rows.passOver(beginning),
  }
  return readPage(cursor, { ...request, ...(told === undefined ? {} : { told }) })
}

/** The common prefix that a page ended with, when its end is the place to go on. */
export function toldBy(after: string | undefined, prefix: string, delimiter: string): string | undefined {
  if (after === undefined || !after.startsWith(prefix)) return undefined
  const told = commonPrefixOf(after, prefix, delimiter)
  return told === after ? told : undefined
}
