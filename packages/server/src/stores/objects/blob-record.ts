import { GLOBAL_REGION } from '#kernel/ids.ts'
import type { BlobId, Written } from '#stores/objects/object-store.ts'
import type { RecordChange, RecordKey } from '#stores/records/record-store.ts'

/** Blobs that belong to something; those of all buckets are in one place. */
export const BLOBS = 's3.blob'
const ALL = 'all'

/** Says that a blob belongs to another record. */
export const blobKey = (id: BlobId): RecordKey => ({ collection: BLOBS, account: ALL, region: GLOBAL_REGION, id })

/** Part of the commit that refers to a blob for the first time. */
export const blobKept = ({ blob, record }: Written): RecordChange => ({
  kind: 'put',
  key: blobKey(blob.id),
  value: record,
  expect: 0,
})
