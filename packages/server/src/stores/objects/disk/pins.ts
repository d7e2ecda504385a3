import type { BlobId, Reading } from '#stores/objects/object-store.ts'

/** Blobs that somebody reads, or is about to read. */
export interface Pins {
  begin(): Reading
  /** Resolves when nobody reads it, at once when nobody does. */
  unread(id: BlobId): Promise<void>
}

interface Readers {
  count: number
  readonly waiting: (() => void)[]
}

export function openPins(): Pins {
  /** Readings that may be of any blob: each with what waits for it to say of which. */
  const undecided = new Set<(() => void)[]>()
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
  const lastReaderOf = (id: BlobId): Promise<void> =>
    new Promise((resolve) => {
      const those = readers.get(id)
      if (those === undefined) resolve()
      else those.waiting.push(resolve)
    })
  return {
    begin() {
      const waiting: (() => void)[] = []
      let held: readonly BlobId[] = []
      undecided.add(waiting)
      const decide = (): void => {
        if (undecided.delete(waiting)) for (const tell of waiting) tell()
      }
      return {
        of(ids) {
          held = ids
          held.forEach(hold)
          decide()
        },
        end() {
          decide()
          held.forEach(release)
          held = []
        },
      }
    },
    async unread(id) {
      await Promise.all([...undecided].map((waiting) => new Promise<void>((resolve) => waiting.push(resolve))))
      await lastReaderOf(id)
    },
  }
}
