import type { Clock } from '#kernel/clock.ts'
import type { PageTokens } from '#kernel/page-token.ts'
import type { Sealer } from '#kernel/secrets.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import { bucketGate } from '#services/s3/buckets/bucket-gate.ts'
import { Buckets } from '#services/s3/buckets/buckets.ts'
import { Catalog } from '#services/s3/catalog/catalog.ts'
import { type Garbage, openGarbage } from '#services/s3/catalog/garbage.ts'
import { Uploads } from '#services/s3/catalog/uploads.ts'
import { type DataKeys, dataKeys } from '#services/s3/encryption/data-keys.ts'
import type { BucketGate } from '#services/s3/buckets/bucket-gate.ts'
import type { ObjectStore } from '#stores/objects/object-store.ts'
import type { RecordStore } from '#stores/records/record-store.ts'

/** What S3 stands on. */
export interface S3Deps {
  readonly records: RecordStore
  readonly objects: ObjectStore
  readonly sealer: Sealer
  readonly clock: Clock
  readonly tokens: PageTokens
  readonly telemetry: Telemetry
}

/** What its operations share. */
export interface S3Parts extends S3Deps {
  readonly buckets: Buckets
  readonly gate: BucketGate
  readonly catalog: Catalog
  readonly uploads: Uploads
  readonly garbage: Garbage
  readonly keys: DataKeys
}

export function s3Parts(deps: S3Deps): S3Parts {
  const buckets = new Buckets(deps.records)
  const gate = bucketGate()
  const garbage = openGarbage(deps)
  const shared = { ...deps, buckets, gate, garbage }
  return { ...shared, catalog: new Catalog(shared), uploads: new Uploads(shared), keys: dataKeys(deps.sealer) }
}
