import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { objectStoreContract } from '../../../../../testkit/src/object-store-contract.ts'
import { STORED_BLOCK_BYTES, BLOCK_BYTES } from '#stores/objects/disk/blocks.ts'
import { openDiskObjects } from '#stores/objects/disk/index.ts'

objectStoreContract('objects on disk', () => {
  const directory = mkdtempSync(join(tmpdir(), 'objects-'))
  const fileOf = (id: string): string => join(directory, id.slice(0, 2), id)
  return {
    open: () => openDiskObjects({ directory }),
    usedBytes: () =>
      readdirSync(directory, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0),
    damage(id, at) {
      const stored = readFileSync(fileOf(id))
      const place = Math.floor(at / BLOCK_BYTES) * STORED_BLOCK_BYTES + (at % BLOCK_BYTES)
      stored[place] = (stored[place] ?? 0) ^ 1
      writeFileSync(fileOf(id), stored)
    },
    cut: (id) => truncateSync(fileOf(id), statSync(fileOf(id)).size - 1),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  }
})
