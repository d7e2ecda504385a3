import type { ByteStream } from '@sluice/wire'
import { giveBack } from '#kernel/memory.ts'
import type { ByteRange } from '#services/s3/bodies/range.ts'
import type { ObjectPart } from '#services/s3/catalog/object-version.ts'
import { blobEncryptionKey } from '#services/s3/encryption/data-keys.ts'
import type { BlobRead, ObjectStore, Reading } from '#stores/objects/object-store.ts'

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

/**
 * The bytes of an object, or a range of them, each verified before it is given. They stay readable while they are read;
 * few are there at once.
 * @throws BlobCorrupt when these few are damaged
 */
export async function send(
  objects: ObjectStore,
  begun: Reading,
  dataKey: Uint8Array,
  parts: readonly ObjectPart[],
  range: ByteRange,
): Promise<ByteStream> {
  const wanted = partsOf(parts, range)
  const [first] = wanted
  if (first !== undefined && first.part.blob.held === true && wanted.length === 1) {
    const whole = await objects.readHeld(blobRead(dataKey, first))
    begun.end()
    return Object.assign(once(whole), { whole })
  }
  begun.of(wanted.map(({ part }) => part.blob.id))
  // Whoever never begins to read must not keep the bytes for ever.
  const abandoned = setTimeout(() => begun.end(), PATIENCE_MILLIS)
  abandoned.unref()
  async function* read(): AsyncGenerator<Uint8Array, void> {
    clearTimeout(abandoned)
    try {
      for (const piece of wanted) yield* objects.read(blobRead(dataKey, piece))
    } finally {
      begun.end()
    }
  }
  const bytes = read()
  return { [Symbol.asyncIterator]: () => bytes, spent: giveBack }
}

const blobRead = (dataKey: Uint8Array, { part: { blob }, from, to }: Piece): BlobRead => ({
  ...blob,
  key: blobEncryptionKey(dataKey, blob.id),
  from,
  to,
})

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield await Promise.resolve(bytes)
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
