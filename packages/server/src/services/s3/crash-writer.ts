import { createHash, randomBytes } from 'node:crypto'
import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { bucketGate } from '#services/s3/buckets/bucket-gate.ts'
import { Buckets } from '#services/s3/buckets/buckets.ts'
import { receive } from '#services/s3/bodies/receive.ts'
import { storedOrDropped } from '#services/s3/bodies/stored-or-dropped.ts'
import { Catalog } from '#services/s3/catalog/catalog.ts'
import { openGarbage } from '#services/s3/catalog/garbage.ts'
import { silentTelemetry } from '#kernel/telemetry.ts'
import { openDiskObjects } from '#stores/objects/disk/index.ts'
import { openSqliteRecords } from '#stores/records/sqlite/index.ts'

/**
 * Child of the crash test: stores and replaces objects for ever, each lane under keys of its own. Writes `key sha256`
 * to stdout before an object is begun as `begin`, and once it is acknowledged as `done`.
 */
const [directory = '', run = ''] = process.argv.slice(2)
const LANES = 4
const MOST_BYTES = 400_000
/** Some of these lie in records, and some in files. */
const FEW_BYTES = 30_000
const KEYS = 5
const ACKNOWLEDGED = 1

const records = openSqliteRecords({ file: join(directory, 'records.db') })
const objects = await openDiskObjects({ directory: join(directory, 'objects'), records })
const buckets = new Buckets(records)
const garbage = openGarbage({ records, objects, telemetry: silentTelemetry })
const catalog = new Catalog({ records, buckets, gate: bucketGate(), garbage })
await garbage.recover()
const bucket = await buckets.require('crash')
const dataKey = Buffer.alloc(32, 9)

async function* inPieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += 30_000)
    yield await Promise.resolve(bytes.subarray(from, from + 30_000))
}

async function storeForEver(lane: number): Promise<never> {
  for (let n = 0; ; n += 1) {
    const key = `lane-${String(lane)}/${String(n % KEYS)}`
    const bytes = randomBytes(Math.ceil(Math.random() * (n % 2 === 0 ? MOST_BYTES : FEW_BYTES)))
    const hash = createHash('sha256').update(bytes).digest('hex')
    writeSync(ACKNOWLEDGED, `begin ${key} ${hash} ${run}\n`)
    const { written, md5 } = await receive(objects, dataKey, inPieces(bytes))
    await storedOrDropped(objects, written.blob, () =>
      catalog.put(
        bucket,
        {
          key,
          modified: Date.now(),
          size: written.blob.length,
          etag: md5,
          body: { kind: 'blob', blob: written.blob },
          encryption: { kind: 'AES256', sealed: '' },
          headers: {},
          metadata: {},
        },
        { blobs: [written] },
      ),
    )
    writeSync(ACKNOWLEDGED, `done ${key} ${hash} ${run}\n`)
  }
}

await Promise.all(Array.from({ length: LANES }, (_, lane) => storeForEver(lane)))
