import { randomBytes } from 'node:crypto'
import type { ByteStream } from '@sluice/wire'

/** 32 random hex digits: what names bytes in the store. No part of it comes from a user. */
export type BlobId = string

/** A new name; equal ones do not occur. */
export const newBlobId = (): BlobId => randomBytes(16).toString('hex')

/** What was written. */
export interface Blob {
  readonly id: BlobId
  /** Bytes of content. */
  readonly length: number
}

/** Which bytes of a blob, and the key they are read with. */
export interface BlobRead extends Blob {
  /** The 32 bytes it was written with. */
  readonly key: Uint8Array
  /** First byte; left out: 0. */
  readonly from?: number
  /** Behind the last byte; left out: the end. */
  readonly to?: number
}

/** What is on the disk is not what was written, or the key is another. */
export class BlobCorrupt extends Error {
  readonly id: BlobId

  constructor(id: BlobId, reason: string) {
    super(`the stored bytes ${id} are damaged: ${reason}`)
    this.name = 'BlobCorrupt'
    this.id = id
  }
}

/**
 * Bytes of any size, encrypted, under names of our own. It keeps no list: whoever writes a blob commits a record that
 * refers to it, and says so. Memory does not grow with the size of a blob.
 */
export interface ObjectStore {
  /**
   * Must resolve only when the bytes are on the disk, and leave nothing behind when `source` fails. Until it is settled
   * a blob belongs to nobody, and the next {@link recover} takes it away unless a record refers to it.
   * @param key 32 bytes, never used for another blob
   * @throws what `source` throws, or an Error of the disk
   */
  write(id: BlobId, key: Uint8Array, source: ByteStream): Promise<Blob>
  /** The record that refers to these blobs is committed. */
  settle(ids: readonly BlobId[]): Promise<void>
  /**
   * Must yield exactly the bytes that were written, each only after it was verified. The pieces are the reader's own.
   * Whoever stops lets go of it.
   * @throws BlobCorrupt, while it is read, at the first byte that cannot be vouched for
   */
  read(blob: BlobRead): AsyncIterable<Uint8Array>
  /** Keeps blobs readable until released, also when they are removed meanwhile; returns how to release them. */
  pin(ids: readonly BlobId[]): () => void
  /** Gives the space back; blobs that are not there are no error. */
  remove(ids: readonly BlobId[]): Promise<void>
  /** Takes away what an earlier process began and did not settle; to be called before the first write. */
  recover(isReferenced: (id: BlobId) => Promise<boolean>): Promise<void>
}
