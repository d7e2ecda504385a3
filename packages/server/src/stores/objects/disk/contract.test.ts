import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { objectStoreContract } from '../../../../../testkit/src/object-store-contract.ts'
import { storedBytes } from '../../../../../testkit/src/stored-bytes.ts'
import { blobKey } from '#stores/objects/blob-record.ts'
import { STORED_BLOCK_BYTES, BLOCK_BYTES } from '#stores/objects/disk/blocks.ts'
import { openDiskObjects } from '#stores/objects/disk/index.ts'
import type { BlobId, BlobRecord } from '#stores/objects/object-store.ts'
import { openSqliteRecords } from '#stores/records/sqlite/index.ts'

const heldIn = ({ sealed = '' }: BlobRecord): Buffer => Buffer.from(sealed, 'base64')

objectStoreContract('objects on disk', () => {
  const directory = mkdtempSync(join(tmpdir(), 'objects-'))
  const objects = join(directory, 'objects')
  const records = openSqliteRecords({ file: join(directory, 'records.db') })
  const fileOf = (id: string): string => join(objects, id.slice(0, 2), id)
  const changeHeld = async (id: BlobId, change: (stored: Buffer) => Buffer): Promise<void> => {
    const stored = await records.get<BlobRecord>(blobKey(id))
    const value = { sealed: change(heldIn(stored?.value ?? {})).toString('base64') }
    await records.commit([{ kind: 'put', key: blobKey(id), value }])
  }
  return {
    open: () => openDiskObjects({ directory: objects, records }),
    records,
    async usedBytes() {
      const stored = await storedBytes(objects, records)
      return stored.reduce((sum, { length }) => sum + length, 0)
    },
    async damage({ id, held }, at) {
      const flip = (stored: Buffer, place: number): Buffer => {
        stored[place] = (stored[place] ?? 0) ^ 1
        return stored
      }
      if (held === true) return changeHeld(id, (stored) => flip(stored, at))
      const place = Math.floor(at / BLOCK_BYTES) * STORED_BLOCK_BYTES + (at % BLOCK_BYTES)
      writeFileSync(fileOf(id), flip(readFileSync(fileOf(id)), place))
    },
    async cut({ id, held }) {
      if (held === true) return changeHeld(id, (stored) => stored.subarray(0, -1))
      truncateSync(fileOf(id), statSync(fileOf(id)).size - 1)
    },
    async remove() {
      await records.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
})
