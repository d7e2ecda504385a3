import type { ByteStream } from '@sluice/wire'
import { giveBack } from '#kernel/memory.ts'
import type { ByteRange } from '#services/s3/bodies/range.ts'
import type { ObjectPart } from '#services/s3/catalog/object-version.ts'
import { blobEncryptionKey } from '#services/s3/encryption/data-keys.ts'
import type { ObjectStore, Reading } from '#stores/objects/object-store.ts'

/**
 * Looks up what is to be read and makes an answer of it. What it finds stays readable, whatever becomes of the object
 * meanwhile, until {@link send} has sent it; when it fails there is nothing to be read any more.
 */
export async function reading<T>(objects: ObjectStore, work: (begun: Reading) => Promise<T>): Promise<T> {
  const begun = objects.begin()
  try {
    return await work(begun)
  } catch (error) {
    begun.end()
    throw error
  }
}

/** The bytes of an object, or a range of them, each verified before it is given. They stay readable while they are read. */
export function send(
  objects: ObjectStore,
  begun: Reading,
  dataKey: Uint8Array,
  parts: readonly ObjectPart[],
  range: ByteRange,
): ByteStream {
  const wanted = partsOf(parts, range)
  begun.of(wanted.map(({ part }) => part.blob.id))
  // Whoever never begins to read must not keep the bytes for ever.
  const abandoned = setTimeout(() => begun.end(), PATIENCE_MILLIS)
  abandoned.unref()
  async function* read(): AsyncGenerator<Uint8Array, void> {
    clearTimeout(abandoned)
    try {
      for (const { part, from, to } of wanted)
        yield* objects.read({ ...part.blob, key: blobEncryptionKey(dataKey, part.blob.id), from, to })
    } finally {
      begun.end()
    }
  }
  const bytes = read()
  return { [Symbol.asyncIterator]: () => bytes, spent: giveBack }
}

const PATIENCE_MILLIS = 60_000

interface Piece extends ByteRange {
  readonly part: ObjectPart
}

function partsOf(parts: readonly ObjectPart[], { from, to }: ByteRange): readonly Piece[] {
  const pieces: Piece[] = []
  let start = 0
  for (const part of parts) {
    const end = start + part.blob.length
    if (end > from && start < to)
      pieces.push({ part, from: Math.max(0, from - start), to: Math.min(part.blob.length, to - start) })
    start = end
  }
  return pieces
}
