import type { BlobId } from '#stores/objects/object-store.ts'

/** Blobs that somebody reads: these are removed when the last reader is done. */
export interface Pins {
  pin(ids: readonly BlobId[]): () => void
  /** Those that can go now; the others go when they are released. */
  removable(ids: readonly BlobId[]): readonly BlobId[]
}

/** @param remove is told of blobs whose removal waited for a reader */
export function openPins(remove: (id: BlobId) => void): Pins {
  const readers = new Map<BlobId, number>()
  const doomed = new Set<BlobId>()
  const release = (id: BlobId): void => {
    const left = (readers.get(id) ?? 1) - 1
    if (left > 0) return void readers.set(id, left)
    readers.delete(id)
    if (doomed.delete(id)) remove(id)
  }
  return {
    pin(ids) {
      for (const id of ids) readers.set(id, (readers.get(id) ?? 0) + 1)
      let isHeld = true
      return () => {
        if (!isHeld) return
        isHeld = false
        ids.forEach(release)
      }
    },
    removable: (ids) =>
      ids.filter((id) => {
        if (!readers.has(id)) return true
        doomed.add(id)
        return false
      }),
  }
}
