import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { BLOBS } from '../../server/src/stores/objects/blob-record.ts'
import type { BlobRecord } from '../../server/src/stores/objects/object-store.ts'
import type { RecordStore } from '../../server/src/stores/records/record-store.ts'

/** Paths of all files below a directory, whatever their names. */
export const filesBelow = (directory: string): readonly string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

/** All that is kept of the content of objects, one after the other: what files have, and what records hold. */
export async function storedBytes(directory: string, records: RecordStore): Promise<readonly Buffer[]> {
  const kept = await records.listAll<BlobRecord>(BLOBS)
  const held = kept.flatMap(({ value }) => (value.sealed === undefined ? [] : [Buffer.from(value.sealed, 'base64')]))
  return [...filesBelow(directory).map((file) => readFileSync(file)), ...held]
}
