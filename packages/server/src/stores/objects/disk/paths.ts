import { mkdirSync, opendirSync } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import type { BlobId } from '#stores/objects/object-store.ts'

const ID = /^[0-9a-f]{32}$/
const OWNER_ONLY = 0o700

/** Where blobs lie: `incoming/<id>` until settled, `<first two digits>/<id>` for good. */
export interface Paths {
  incoming(id: BlobId): string
  kept(id: BlobId): string
  /** The folder of {@link kept}, which is made when it is missing. */
  folder(id: BlobId): Promise<string>
  /** Names in `incoming`. */
  leftovers(): readonly string[]
}

/**
 * Makes the directory when it is missing (0700).
 * @throws Error for an id that is none, so that no name ever leaves the directory
 */
export async function openPaths(directory: string): Promise<Paths> {
  const incoming = join(directory, 'incoming')
  mkdirSync(incoming, { recursive: true, mode: OWNER_ONLY })
  await syncFolder(directory)
  const made = new Map<string, Promise<string>>()
  const make = async (folder: string): Promise<string> => {
    await mkdir(folder, { recursive: true, mode: OWNER_ONLY })
    await syncFolder(directory)
    return folder
  }
  const checked = (id: BlobId): BlobId => {
    if (!ID.test(id)) throw new Error(`${JSON.stringify(id)} is not the name of a blob`)
    return id
  }
  return {
    incoming: (id) => join(incoming, checked(id)),
    kept: (id) => join(directory, checked(id).slice(0, 2), id),
    folder(id) {
      const folder = join(directory, checked(id).slice(0, 2))
      const known = made.get(folder) ?? make(folder)
      made.set(folder, known)
      // A folder that could not be made is tried again.
      known.catch(() => made.delete(folder))
      return known
    },
    leftovers() {
      const names: string[] = []
      const folder = opendirSync(incoming)
      for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) names.push(entry.name)
      folder.closeSync()
      return names.filter((name) => ID.test(name))
    },
  }
}

/** Has the disk keep the names in a folder. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
