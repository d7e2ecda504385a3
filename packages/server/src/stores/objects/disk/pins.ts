import type { BlobId } from '#stores/objects/object-store.ts'

/** Blobs that somebody reads. */
export interface Pins {
  pin(ids: readonly BlobId[]): () => void
  /** Resolves when nobody reads it, at once when nobody does. */
  unread(id: BlobId): Promise<void>
}

interface Readers {
  count: number
  readonly waiting: (() => void)[]
}

export function openPins(): Pins {
  const readers = new Map<BlobId, Readers>()
  const hold = (id: BlobId): void => {
    const those = readers.get(id) ?? { count: 0, waiting: [] }
    those.count += 1
    readers.set(id, those)
  }
  const release = (id: BlobId): void => {
    const those = readers.get(id)
    if (those === undefined || --those.count > 0) return
    readers.delete(id)
    for (const tell of those.waiting) tell()
  }
  return {
    pin(ids) {
      ids.forEach(hold)
      let isHeld = true
      return () => {
        if (!isHeld) return
        isHeld = false
        ids.forEach(release)
      }
    },
    unread: (id) =>
      new Promise((resolve) => {
        const those = readers.get(id)
        if (those === undefined) resolve()
        else those.waiting.push(resolve)
      }),
  }
}
