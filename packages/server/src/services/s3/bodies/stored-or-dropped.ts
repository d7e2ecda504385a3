import type { Blob, ObjectStore } from '#stores/objects/object-store.ts'

/** Commits what refers to a blob; when that fails, the blob goes. */
export async function storedOrDropped<T>(objects: ObjectStore, blob: Blob, commit: () => Promise<T>): Promise<T> {
  let stored: T
  try {
    stored = await commit()
  } catch (error) {
    await objects.remove([blob.id])
    throw error
  }
  await objects.settle([blob])
  return stored
}
